// The contracts of the tests: those that the chapters call.
import { readFile } from "node:fs/promises";

/** Returns the wasm of a partner of the chapters: `counter`, `guestbook`, `hello`. */
export function partnerWasm(name) {
  return readFile(new URL(`../../../chapters/setup/tests/partners/${name}.wasm`, import.meta.url));
}
