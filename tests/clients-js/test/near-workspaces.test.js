// The first steps of near-workspaces' users.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { KeyPair, Worker, parseNEAR } from "near-workspaces";

import { partnerWasm } from "../src/contracts.js";
import { nameFolder } from "../src/launcher.js";

let worker;
let root;

before(async () => {
  nameFolder();
  worker = await Worker.init();
  root = worker.rootAccount;
});

after(() => worker?.tearDown());

async function deploy(name, partner) {
  const account = await root.createSubAccount(name);
  await account.deploy(await partnerWasm(partner));
  return account;
}

test("a new account has its balance and its key", async () => {
  const account = await root.createSubAccount("new", { initialBalance: BigInt(parseNEAR("7")) });

  const [balance, keys] = await Promise.all([account.balance(), account.viewAccessKeys(account.accountId)]);

  assert.equal(balance.total.toString(), parseNEAR("7"));
  assert.equal(keys.keys.length, 1);
});

test("a deleted account leaves its balance to the beneficiary", async () => {
  const heir = await root.createSubAccount("heir", { initialBalance: BigInt(parseNEAR("1")) });
  const account = await root.createSubAccount("old", { initialBalance: BigInt(parseNEAR("2")) });

  const deleted = await account.delete(heir.accountId);

  assert.ok(deleted.succeeded);
  assert.equal(await worker.provider.accountExists(account.accountId), false);
  assert.ok((await heir.balance()).total > BigInt(parseNEAR("2.9")));
});

test("a call changes what a view sees", async () => {
  const contract = await deploy("call", "counter");

  const called = await root.callRaw(contract, "increment", {});

  assert.deepEqual(called.logs, ["The counter is now at 1"]);
  assert.equal(await contract.view("get_num"), 1);
});

test("a contract is deployed and initialised at once", async () => {
  const contract = await root.devDeploy(await partnerWasm("counter"), { method: "increment" });

  assert.equal(await contract.view("get_num"), 1);
});

test("code and state are those of the deployed contract", async () => {
  const contract = await deploy("state", "counter");
  await root.call(contract, "increment", {});

  const [code, state] = await Promise.all([contract.viewCode(), contract.viewStateRaw()]);

  assert.deepEqual(code, await partnerWasm("counter"));
  assert.equal(state.length, 1);
});

test("patched state is what a view sees", async () => {
  const contract = await deploy("patched", "counter");
  await root.call(contract, "increment", {});
  const [{ key, value }] = await contract.viewStateRaw();
  await root.call(contract, "increment", {});

  await contract.updateData(Buffer.from(key, "base64"), Buffer.from(value, "base64"));

  assert.equal(await contract.view("get_num"), 1);
});

test("blocks are passed over by fast-forward", async () => {
  const height = async () => (await worker.provider.block({ finality: "final" })).header.height;
  const before = await height();

  await worker.provider.fastForward(100);

  assert.ok((await height()) >= before + 100);
});

test("a function call key calls its method and no other", async () => {
  const contract = await deploy("keys", "counter");
  const signWithKey = KeyPair.fromRandom("ed25519");
  const permission = { functionCall: { receiverId: contract.accountId, methodNames: ["increment"], allowance: null } };
  await contract
    .batch(contract)
    .addKey(signWithKey.getPublicKey(), { nonce: 0n, permission })
    .transact();

  await contract.call(contract, "increment", {}, { signWithKey });

  await assert.rejects(contract.call(contract, "decrement", {}, { signWithKey }), /decrement/);
  assert.equal(await contract.view("get_num"), 1);
});

test("a batch of actions is one transaction", async () => {
  const contractId = root.makeSubAccount("batch");
  const batch = root.batch(contractId).createAccount().transfer(BigInt(parseNEAR("10")));

  const result = await batch
    .deployContract(await partnerWasm("counter"))
    .functionCall("increment", {})
    .transact();

  assert.ok(result.succeeded);
  assert.equal(await root.getAccount(contractId).view("get_num"), 1);
});

test("a failure is an error with the message of the contract", async () => {
  const contract = await deploy("fails", "counter");

  const result = await root.callRaw(contract, "no_such_method", {});

  assert.ok(result.failed);
  assert.equal(result.Failure.ActionError.kind.FunctionCallError.MethodResolveError, "MethodNotFound");
  await assert.rejects(root.call(contract, "no_such_method", {}), /MethodNotFound/);
});

test("the errors of queries are typed", async () => {
  const view = (account) => root.getAccount(account).view("get_num");
  const empty = await root.createSubAccount("empty");
  const isOfType = (type) => (error) => error.type === type;

  await assert.rejects(root.getAccount("nobody.test.near").accountView(), isOfType("AccountDoesNotExist"));
  await assert.rejects(view(empty.accountId), isOfType("CodeDoesNotExist"));
});

test("calls at once, by many accounts, are all executed", async () => {
  const contract = await deploy("by-many", "counter");
  const accounts = [];
  for (let index = 0; index < 20; index += 1) accounts.push(await root.createSubAccount(`many-${index}`));

  await Promise.all(accounts.map((account) => account.call(contract, "increment", {})));

  assert.equal(await contract.view("get_num"), 20);
});
