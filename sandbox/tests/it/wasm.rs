//! Contracts that are too simple or too large to be kept as files.

/// Returns a contract whose method `spin` runs until its gas is burnt.
pub fn endless() -> Vec<u8> {
    // loop (br 0) end
    module("spin", &[vec![0x03, 0x40, 0x0c, 0x00, 0x0b]])
}

/// Returns a contract that takes long to compile, with a method `run` that returns at once.
pub fn large() -> Vec<u8> {
    const FUNCTIONS: usize = 300;
    // i64.const 0 (i64.const 1 i64.add)* drop
    let additions = [0x42, 0x01, 0x7c].repeat(400);
    let body = [vec![0x42, 0x00], additions, vec![0x1a]].concat();
    let mut bodies = vec![Vec::new()];
    bodies.resize(FUNCTIONS, body);
    module("run", &bodies)
}

/// Returns a module with these functions, without parameters and results. The first is exported as `name`.
fn module(name: &str, bodies: &[Vec<u8>]) -> Vec<u8> {
    let count = leb128(bodies.len());
    let functions: Vec<u8> = bodies.iter().flat_map(|_| leb128(0)).collect();
    let code = bodies.iter().flat_map(|body| {
        let body = [&[0x00], body.as_slice(), &[0x0b]].concat(); // no locals, end
        [leb128(body.len()), body].concat()
    });
    let code: Vec<u8> = code.collect();
    let export = [&leb128(name.len()), name.as_bytes(), &[0x00, 0x00]].concat();
    [
        b"\0asm\x01\0\0\0".to_vec(),
        section(1, &[0x01, 0x60, 0x00, 0x00]),
        section(3, &[count.clone(), functions].concat()),
        section(7, &[vec![0x01], export].concat()),
        section(10, &[count, code].concat()),
    ]
    .concat()
}

fn section(id: u8, content: &[u8]) -> Vec<u8> {
    [vec![id], leb128(content.len()), content.to_vec()].concat()
}

fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}
