const [{ node, codeHash }, done] = arguments;
// ANCHOR: rpc
const rpc = async (method, params) => {
    const response = await fetch(node, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: '1', method, params }),
    });
    const { result, error } = await response.json();
    if (error) throw new Error(JSON.stringify(error));
    return result;
};
// ANCHOR_END: rpc
const run = async () => {
    const wasm = new Uint8Array(await (await fetch('greet.wasm')).arrayBuffer());
    const code = btoa(String.fromCharCode(...wasm));
    const account = { amount: '1', locked: '0', storage_usage: 1000, code_hash: codeHash };
    await rpc('sandbox_patch_state', { records: [
        { Account: { account_id: 'greeter', account } },
        { Contract: { account_id: 'greeter', code } },
    ] });
    // ANCHOR: call
    const { result } = await rpc('query', {
        request_type: 'call_function', finality: 'final',
        account_id: 'greeter', method_name: 'greet', args_base64: '',
    });
    return String.fromCharCode(...result);
    // ANCHOR_END: call
};
run().then((measured) => done({ measured }), (error) => done({ failed: String(error) }));
