// The sandbox that the clients start: the one of this tree, unless the environment names another one.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// near-kit and near-workspaces read this variable.
process.env.NEAR_SANDBOX_BIN_PATH ??= fileURLToPath(new URL("../../../sandbox/launch", import.meta.url));

/** Gives near-workspaces the folder in which it looks for `near-sandbox`. The folder is removed at the end. */
export function nameFolder() {
  const folder = mkdtempSync(join(tmpdir(), "near-sandbox-"));
  const program = `#!/bin/sh\nexec '${process.env.NEAR_SANDBOX_BIN_PATH}' "$@"\n`;
  writeFileSync(join(folder, "near-sandbox"), program, { mode: 0o755 });
  process.env.NEAR_SANDBOX_BINARY_PATH = folder;
  process.on("exit", () => rmSync(folder, { recursive: true }));
}
