// The first steps of near-api-js' users. It starts no node: near-kit starts the sandbox for it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Account, JsonRpcProvider, KeyPair, KeyPairSigner, actions, nearToYocto, teraToGas } from "near-api-js";
import {
  AccessKeyDoesNotExistError,
  AccountDoesNotExistActionError,
  AccountDoesNotExistError,
  ContractCodeDoesNotExistError,
  ContractMethodNotFoundError,
  InvalidNonceError,
  UnknownBlockError,
} from "near-api-js/rpc-errors";
import { Sandbox } from "near-kit/sandbox";

import { partnerWasm } from "../src/contracts.js";
import "../src/launcher.js";

const NOBODY = "nobody.test.near";
const UNKNOWN_HASH = "11111111111111111111111111111112";

let sandbox;
let provider;
let root;

before(async () => {
  sandbox = await Sandbox.start();
  provider = new JsonRpcProvider({ url: sandbox.rpcUrl });
  root = new Account(sandbox.rootAccount.id, provider, sandbox.rootAccount.secretKey);
});

after(() => sandbox?.stop());

/** Creates an account below the root's, with a key of its own. */
async function createAccount(name, balance = "100") {
  const key = KeyPair.fromRandom("ed25519");
  await root.createSubAccount({
    accountOrPrefix: name,
    publicKey: key.getPublicKey(),
    nearToTransfer: nearToYocto(balance),
  });
  return new Account(`${name}.${root.accountId}`, provider, new KeyPairSigner(key));
}

/** Creates an account with the contract of a partner. */
async function deploy(name, partner) {
  const account = await createAccount(name);
  await account.deployContract(await partnerWasm(partner));
  return account;
}

/** Signs a transfer to the root, with this nonce if there is one. */
async function signTransfer(account, nonce) {
  const transaction = await account.createTransaction({
    receiverId: root.accountId,
    actions: [actions.transfer(1n)],
    publicKey: await account.getSigner().getPublicKey(),
  });
  transaction.nonce = nonce ?? transaction.nonce;
  return account.getSigner().signTransaction(transaction);
}

/** Increments a counter, again while another transaction has taken the nonce: near-api-js tries eleven times. */
async function increment(account, contract, index) {
  const methodName = "increment";
  try {
    await account.callFunction({ contractId: contract.accountId, methodName, args: { index } });
  } catch (error) {
    if (!(error instanceof InvalidNonceError)) throw error;
    await increment(account, contract, index);
  }
}

function getNum(contract) {
  return provider.callFunction({ contractId: contract.accountId, method: "get_num", args: {} });
}

test("a new account has its balance and its key", async () => {
  const account = await createAccount("new", "7");

  const [state, keys] = await Promise.all([account.getState(), account.getAccessKeyList()]);

  assert.equal(state.balance.total, nearToYocto("7"));
  assert.equal(keys.keys.length, 1);
});

test("a deleted account leaves its balance to the beneficiary", async () => {
  const [heir, account] = [await createAccount("heir", "1"), await createAccount("old", "2")];

  await account.deleteAccount(heir.accountId);

  await assert.rejects(account.getState(), AccountDoesNotExistError);
  assert.ok((await heir.getState()).balance.total > nearToYocto("2.9"));
});

test("a call changes what a view sees", async () => {
  const contract = await deploy("call", "counter");

  await contract.callFunction({ contractId: contract.accountId, methodName: "increment", gas: teraToGas("10") });

  assert.equal(await getNum(contract), 1);
});

test("code and state are those of the deployed contract", async () => {
  const contract = await deploy("state", "counter");
  await contract.callFunction({ contractId: contract.accountId, methodName: "increment" });

  const [code, state] = await Promise.all([contract.getContractCode(), contract.getContractState()]);

  assert.deepEqual(Buffer.from(code.code), await partnerWasm("counter"));
  assert.equal(state.values.length, 1);
});

test("a function call key calls its method and no other", async () => {
  const contract = await deploy("keys", "counter");
  const key = KeyPair.fromRandom("ed25519");
  await contract.addFunctionCallAccessKey({
    publicKey: key.getPublicKey(),
    contractId: contract.accountId,
    methodNames: ["increment"],
    allowance: nearToYocto("0.25"),
  });
  const limited = new Account(contract.accountId, provider, new KeyPairSigner(key));
  const call = (methodName) => limited.callFunction({ contractId: contract.accountId, methodName });

  await call("increment");

  await assert.rejects(call("decrement"), /decrement/);
  await contract.deleteKey(key.getPublicKey());
  await assert.rejects(contract.getAccessKey(key.getPublicKey()), AccessKeyDoesNotExistError);
});

test("a relayer pays for a delegate action", async () => {
  const [contract, user, relayer] = [
    await deploy("delegated", "counter"),
    await createAccount("user", "1"),
    await createAccount("relayer"),
  ];
  const before = (await user.getState()).balance.total;
  const call = actions.functionCall("increment", {}, teraToGas("10"), 0n);

  const { signedDelegate } = await user.createSignedMetaTransaction({
    receiverId: contract.accountId,
    actions: [call],
  });
  await relayer.relayMetaTransaction(signedDelegate);

  assert.equal(await getNum(contract), 1);
  assert.equal((await user.getState()).balance.total, before);
});

for (const waitUntil of ["INCLUDED", "INCLUDED_FINAL", "EXECUTED_OPTIMISTIC", "EXECUTED", "FINAL"]) {
  test(`a transaction that is sent with ${waitUntil} has at least this status`, async () => {
    const levels = ["NONE", "INCLUDED", "EXECUTED_OPTIMISTIC", "INCLUDED_FINAL", "EXECUTED", "FINAL"];
    const account = await createAccount(`wait-${waitUntil.toLowerCase()}`.replace("_", "-"));
    const transfer = { receiverId: root.accountId, actions: [actions.transfer(1n)], waitUntil };

    const { final_execution_status: status } = await account.signAndSendTransaction(transfer);

    assert.ok(levels.indexOf(status) >= levels.indexOf(waitUntil), status);
  });
}

test("a transaction that is sent with NONE is executed later", async () => {
  const account = await createAccount("none");
  const { txHash, signedTransaction } = await signTransfer(account);

  const sent = await provider.sendTransactionAsync(signedTransaction);
  const outcome = await provider.viewTransactionStatus({ txHash, accountId: account.accountId, waitUntil: "FINAL" });

  assert.equal(sent.final_execution_status, "NONE");
  assert.equal(outcome.final_execution_status, "FINAL");
  assert.deepEqual(outcome.status, { SuccessValue: "" });
});

test("the status with receipts has every receipt", async () => {
  const account = await createAccount("receipts");
  const { txHash, signedTransaction } = await signTransfer(account);
  await provider.sendTransactionUntil(signedTransaction, "FINAL");

  const status = await provider.viewTransactionStatusWithReceipts({ txHash, accountId: account.accountId, waitUntil: "FINAL" });
  const [first] = status.receipts;
  const receipt = await provider.viewTransactionReceipt(first.receipt_id);

  assert.deepEqual(receipt, first);
});

test("blocks, chunks and the node can be viewed", async () => {
  const block = await provider.viewBlock({ finality: "final" });
  const chunk = await provider.viewChunk(block.chunks[0].chunk_hash);
  const [status, gasPrice, validators, config] = await Promise.all([
    provider.viewNodeStatus(),
    provider.viewGasPrice(),
    provider.viewValidators(),
    provider.experimental_protocolConfig({ finality: "final" }),
  ]);

  assert.equal(chunk.header.height_included, block.header.height);
  assert.ok(status.sync_info.latest_block_height >= block.header.height);
  assert.equal(gasPrice.gas_price, config.min_gas_price);
  assert.equal(validators.current_validators[0].account_id, root.accountId);
});

test("the errors of queries are typed", async () => {
  const account = await createAccount("typed");
  const call = (contractId, method) => provider.callFunction({ contractId, method, args: {} });
  const contract = await deploy("typed-contract", "counter");
  const publicKey = KeyPair.fromRandom("ed25519").getPublicKey();

  await assert.rejects(provider.viewAccount({ accountId: NOBODY }), AccountDoesNotExistError);
  await assert.rejects(account.getAccessKey(publicKey), AccessKeyDoesNotExistError);
  await assert.rejects(call(account.accountId, "get_num"), ContractCodeDoesNotExistError);
  await assert.rejects(call(contract.accountId, "no_such_method"), ContractMethodNotFoundError);
  await assert.rejects(provider.viewBlock({ blockId: UNKNOWN_HASH }), UnknownBlockError);
});

test("the errors of transactions are typed", async () => {
  const contract = await deploy("errors", "counter");
  const call = (contractId, methodName) => contract.callFunction({ contractId, methodName });
  const used = await signTransfer(contract);
  await provider.sendTransactionUntil(used.signedTransaction, "FINAL");
  const stale = await signTransfer(contract, used.signedTransaction.transaction.nonce);

  await assert.rejects(call(NOBODY, "increment"), AccountDoesNotExistActionError);
  await assert.rejects(call(contract.accountId, "no_such_method"), ContractMethodNotFoundError);
  await assert.rejects(provider.sendTransactionUntil(stale.signedTransaction, "FINAL"), InvalidNonceError);
});

test("calls at once, by many accounts, are all executed", async () => {
  const contract = await deploy("by-many", "counter");
  const accounts = [];
  for (let index = 0; index < 20; index += 1) accounts.push(await createAccount(`many-${index}`));

  await Promise.all(accounts.map((account) => increment(account, contract, 0)));

  assert.equal(await getNum(contract), 20);
});

// Two calls with the same nonce and the same content are the same transaction: so each has arguments of its own.
test("calls at once, with one key, are executed once each", async () => {
  const contract = await deploy("by-one", "counter");

  await Promise.all(Array.from({ length: 20 }, (_, index) => increment(contract, contract, index)));

  assert.equal(await getNum(contract), 20);
});
