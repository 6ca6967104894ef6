// ANCHOR: all
//! No method may bypass the guard. The compiler does not check that each method begins with
//! `enter`, so this test reads the sources.

use std::fs;
use std::path::Path;

use anyhow::Context;

// ANCHOR: outside
/// The methods that change state and do not call `enter`: those of the owner. A pause must not
/// prevent the owner from ending it.
const OUTSIDE: [&str; 10] = [
    "propose_owner",
    "accept_owner",
    "set_partners",
    "set_limits",
    "pause",
    "resume",
    "trust_oracle",
    "accept_token",
    "withdraw_earnings",
    "upgrade",
];
// ANCHOR_END: outside

/// Returns the methods of the contract in this source that can change state or call another
/// contract, each with the first line of its body.
fn methods(source: &str) -> Vec<(String, String)> {
    let mut methods = Vec::new();
    let mut lines = source.lines().peekable();
    let mut is_contract = false;
    while let Some(line) = lines.next() {
        match line {
            "#[near]" => is_contract = lines.peek() == Some(&"impl Contract {"),
            "}" => is_contract = false,
            _ => {}
        }
        let Some(signature) = line.strip_prefix("    pub fn ") else {
            continue;
        };
        let (name, rest) = signature.split_once('(').unwrap_or((signature, ""));
        let mut signature = rest.to_string();
        while is_contract && !signature.ends_with('{') {
            signature.push_str(lines.next().unwrap_or("{"));
        }
        let acts = signature.contains("&mut self") || signature.contains("-> Promise");
        if is_contract && acts {
            let first = lines.find(|line| !line.is_empty()).unwrap_or_default();
            methods.push((name.to_string(), first.trim().to_string()));
        }
    }
    methods
}

// ANCHOR: test_hole
#[test]
fn no_method_bypasses_the_guard() -> anyhow::Result<()> {
    let mut outside = Vec::new();
    for path in sources(Path::new("src"))? {
        let source = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
        for (name, first) in methods(&source) {
            if first != format!("enter(\"{name}\");") {
                outside.push(name);
            }
        }
    }

    outside.sort();
    let mut expected = OUTSIDE.map(str::to_string);
    expected.sort();
    assert_eq!(outside, expected);
    Ok(())
}
// ANCHOR_END: test_hole

fn sources(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sources.extend(self::sources(&path)?);
        } else {
            sources.push(path.to_string_lossy().into_owned());
        }
    }
    Ok(sources)
}

#[test]
fn a_method_is_found_with_the_first_line_of_its_body() {
    let source = r#"
#[near]
impl Contract {
    pub fn wave(&mut self) {
        enter("wave");
    }

    pub fn look(&self) -> u8 {
        1
    }

    pub fn greet(
        &mut self,
        text: String,
    ) -> Promise {
        Promise::new(text)
    }
}

impl Breaker {
    pub fn open(&mut self) {
        self.open = true;
    }
}
"#;

    let found = methods(source);

    let expected = [
        ("wave", r#"enter("wave");"#),
        ("greet", "Promise::new(text)"),
    ];
    assert_eq!(
        found,
        expected.map(|(name, first)| (name.to_string(), first.to_string()))
    );
}
// ANCHOR_END: all
