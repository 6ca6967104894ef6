// The first steps of near-kit's users.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  AccessKeyDoesNotExistError,
  AccountDoesNotExistError,
  ContractNotDeployedError,
  FunctionCallError,
  Near,
  decodeSignedDelegateAction,
  generateKey,
} from "near-kit";
import { Sandbox } from "near-kit/sandbox";

import { partnerWasm } from "../src/contracts.js";
import "../src/launcher.js";

const NOBODY = "nobody.test.near";
const UNKNOWN_HASH = "11111111111111111111111111111112";
const ROOT = "test.near";

let sandbox;
let near;

before(async () => {
  sandbox = await Sandbox.start();
  near = new Near({ network: sandbox, defaultSignerId: ROOT });
});

after(() => sandbox?.stop());

/** Creates an account below the root's, with a key of its own, and returns its name and a client that signs for it. */
async function createAccount(name, balance = "100 NEAR") {
  const id = `${name}.${ROOT}`;
  const key = generateKey();
  await near
    .transaction(ROOT)
    .createAccount(id)
    .transfer(id, balance)
    .addKey(key.publicKey.toString(), { type: "fullAccess" })
    .send();
  const client = new Near({ network: sandbox, privateKey: key.secretKey, defaultSignerId: id });
  return { id, near: client };
}

/** Creates an account with the contract of a partner. */
async function deploy(name, partner) {
  const account = await createAccount(name);
  await account.near.transaction(account.id).deployContract(account.id, await partnerWasm(partner)).send();
  return account;
}

/** Recognises an error of a type that near-kit does not export. */
function hasCode(code) {
  return (error) => error.code === code;
}

test("a new account has its balance and its key", async () => {
  const { id } = await createAccount("new", "7 NEAR");

  assert.equal((await near.getAccount(id)).balance, "7.00");
  assert.equal((await near.getAccessKeys(id)).keys.length, 1);
});

test("a deleted account leaves its balance to the beneficiary", async () => {
  const [heir, account] = [await createAccount("heir", "1 NEAR"), await createAccount("old", "2 NEAR")];

  await account.near.transaction(account.id).deleteAccount({ beneficiary: heir.id }).send();

  assert.equal(await near.accountExists(account.id), false);
  assert.match((await near.getAccount(heir.id)).balance, /^(2\.9|3)/);
});

test("a call changes what a view sees", async () => {
  const { id } = await deploy("call", "counter");

  await near.call(id, "increment");

  assert.equal(await near.view(id, "get_num"), 1);
});

test("code and state are those of the deployed contract", async () => {
  const { id } = await deploy("state", "counter");
  await near.call(id, "increment");

  const [code, state] = await Promise.all([near.getContractCode(id), near.viewState(id)]);

  assert.deepEqual(Buffer.from(code.code), await partnerWasm("counter"));
  assert.equal(state.values.length, 1);
});

test("a batch of actions is one transaction", async () => {
  const id = `batch.${ROOT}`;

  const sent = await near
    .transaction(ROOT)
    .createAccount(id)
    .transfer(id, "10 NEAR")
    .deployContract(id, await partnerWasm("counter"))
    .functionCall(id, "increment")
    .send({ waitUntil: "FINAL" });

  assert.equal(sent.transaction.actions.length, 4);
  assert.equal(await near.view(id, "get_num"), 1);
});

test("a global contract is used by its hash", async () => {
  const { id, near: publisher } = await createAccount("publisher");
  const code = await partnerWasm("counter");
  await publisher.transaction(id).publishContract(code, { identifiedBy: "account" }).send();
  const user = await createAccount("user-of-global");

  await user.near.transaction(user.id).deployFromPublished({ accountId: id }).send();

  await near.call(user.id, "increment");
  assert.equal(await near.view(user.id, "get_num"), 1);
  assert.ok(await near.globalContractExists({ accountId: id }));
});

test("a function call key calls its method and no other", async () => {
  const { id, near: owner } = await deploy("keys", "counter");
  const key = generateKey();
  const permission = { type: "functionCall", receiverId: id, methodNames: ["increment"], allowance: "0.25 NEAR" };
  await owner.transaction(id).addKey(key.publicKey.toString(), permission).send();
  const limited = new Near({ network: sandbox, privateKey: key.secretKey, defaultSignerId: id });

  await limited.call(id, "increment");

  await assert.rejects(limited.call(id, "decrement"), hasCode("INVALID_TRANSACTION"));
  await owner.transaction(id).deleteKey(id, key.publicKey.toString()).send();
  assert.equal(await near.getAccessKey(id, key.publicKey.toString()), null);
});

test("a relayer pays for a delegate action", async () => {
  const [contract, user] = [await deploy("delegated", "counter"), await createAccount("user", "1 NEAR")];
  const before = await near.getBalance(user.id);

  const { payload } = await user.near.transaction(user.id).functionCall(contract.id, "increment").delegate();
  await near.transaction(ROOT).signedDelegateAction(decodeSignedDelegateAction(payload)).send();

  assert.equal(await near.view(contract.id, "get_num"), 1);
  assert.equal(await near.getBalance(user.id), before);
});

for (const waitUntil of ["INCLUDED", "INCLUDED_FINAL", "EXECUTED_OPTIMISTIC", "EXECUTED", "FINAL"]) {
  test(`a transaction that is sent with ${waitUntil} has at least this status`, async () => {
    const levels = ["NONE", "INCLUDED", "EXECUTED_OPTIMISTIC", "INCLUDED_FINAL", "EXECUTED", "FINAL"];

    const sent = await near.transaction(ROOT).transfer(ROOT, "1 yocto").send({ waitUntil });

    const status = sent.final_execution_status;
    assert.ok(levels.indexOf(status) >= levels.indexOf(waitUntil), status);
  });
}

test("a transaction that is sent with NONE is executed later", async () => {
  const { id, near: sender } = await createAccount("none");
  const transfer = await sender.transaction(id).transfer(ROOT, "1 yocto").sign();

  const sent = await transfer.send({ waitUntil: "NONE" });
  const status = await near.getTransactionStatus(transfer.getHash(), id, "FINAL");

  assert.equal(sent.final_execution_status, "NONE");
  assert.deepEqual(status.status, { SuccessValue: "" });
  assert.ok(status.receipts.length > 0);
});

test("patched state is what a view sees", async () => {
  const { id } = await createAccount("patched");
  const { code_hash, storage_usage } = await near.rpc.getAccount(id);
  const account = { amount: "5000000000000000000000000", locked: "0", code_hash, storage_usage };

  await sandbox.patchState([{ Account: { account_id: id, account } }]);

  assert.equal((await near.getAccount(id)).balance, "5.00");
});

test("blocks are passed over by fast-forward", async () => {
  const height = async () => (await near.getStatus()).sync_info.latest_block_height;
  const before = await height();

  await sandbox.fastForward(100);

  assert.ok((await height()) >= before + 100);
});

test("the errors of queries are typed", async () => {
  const [empty, contract] = [await createAccount("empty"), await deploy("views", "counter")];

  await assert.rejects(near.getAccount(NOBODY), AccountDoesNotExistError);
  await assert.rejects(near.rpc.getAccessKey(empty.id, generateKey().publicKey.toString()), AccessKeyDoesNotExistError);
  await assert.rejects(near.getContractCode(empty.id), ContractNotDeployedError);
  await assert.rejects(near.view(contract.id, "no_such_method"), FunctionCallError);
  await assert.rejects(near.getAccount(empty.id, { blockId: UNKNOWN_HASH }), hasCode("UNKNOWN_BLOCK"));
});

test("the errors of transactions are typed", async () => {
  const { id, near: poor } = await createAccount("poor", "1 NEAR");
  const contract = await deploy("fails", "counter");

  await assert.rejects(poor.send(ROOT, "2 NEAR"), hasCode("INVALID_TRANSACTION"));
  await assert.rejects(near.call(contract.id, "no_such_method"), FunctionCallError);
});

test("calls at once, by many accounts, are all executed", async () => {
  const contract = await deploy("by-many", "counter");
  const accounts = [];
  for (let index = 0; index < 20; index += 1) accounts.push(await createAccount(`many-${index}`));

  await Promise.all(accounts.map((account) => account.near.call(contract.id, "increment")));

  assert.equal(await near.view(contract.id, "get_num"), 20);
});
