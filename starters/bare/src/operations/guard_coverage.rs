//! Nothing in Rust says that a method begins with the guard. So this test reads the sources.

use std::fs;
use std::path::Path;

use syn::{Attribute, Expr, FnArg, ImplItem, ImplItemFn, Item, ItemImpl, Lit, Stmt, Visibility};

/// Methods that begin with neither `enter` nor `require_owner`, each for a reason.
const EXCUSED: [&str; 1] = [
    // The next owner comes in during a pause too, and is checked against the proposal.
    "accept_owner",
];

/// Returns the methods in a source that others can call, that do more than a view, and that do not
/// begin with the guard.
fn unguarded(source: &str) -> Vec<String> {
    let items = syn::parse_file(source).expect("the source is Rust").items;
    let blocks = items.iter().filter_map(|item| match item {
        Item::Impl(block) if has(&block.attrs, "near") => Some(block),
        _ => None,
    });
    let methods = blocks.flat_map(exported).filter(|method| !is_view(method));
    methods
        .filter(|method| !begins_with_guard(method))
        .map(|method| method.sig.ident.to_string())
        .collect()
}

fn exported(block: &ItemImpl) -> impl Iterator<Item = &ImplItemFn> {
    let methods = block.items.iter().filter_map(|item| match item {
        ImplItem::Fn(method) => Some(method),
        _ => None,
    });
    methods.filter(|method| {
        let is_public = block.trait_.is_some() || matches!(method.vis, Visibility::Public(_));
        is_public && !has(&method.attrs, "private") && !has(&method.attrs, "init")
    })
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    let paths = attributes.iter().map(Attribute::path);
    paths
        .flat_map(|path| path.segments.last())
        .any(|last| last.ident == name)
}

/// Returns whether a method takes `&self` and makes no promise, as far as its words tell.
fn is_view(method: &ImplItemFn) -> bool {
    let reads = matches!(
        method.sig.inputs.first(),
        Some(FnArg::Receiver(this)) if this.reference.is_some() && this.mutability.is_none()
    );
    let words = format!("{:?} {:?}", method.sig.output, method.block);
    reads
        && !["Promise", "ext"]
            .iter()
            .any(|word| words.contains(&format!("Ident({word}")))
}

/// Returns whether the first statement of a method is `enter` with its name, or `require_owner`.
fn begins_with_guard(method: &ImplItemFn) -> bool {
    let Some(Stmt::Expr(Expr::Call(call), _)) = method.block.stmts.first() else {
        return false;
    };
    let Expr::Path(function) = &*call.func else {
        return false;
    };
    match call.args.first() {
        None => function.path.is_ident("require_owner"),
        Some(Expr::Lit(name)) => {
            let is_own = matches!(&name.lit, Lit::Str(name) if method.sig.ident == name.value());
            function.path.is_ident("enter") && is_own
        }
        Some(_) => false,
    }
}

/// Returns the text of each file below a folder.
fn sources(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder can be listed");
    let paths = entries.map(|entry| entry.expect("the entry can be read").path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => vec![fs::read_to_string(&path).expect("the source can be read")],
        })
        .collect()
}

#[test]
fn every_method_begins_with_the_guard() {
    let sources = sources(Path::new("src"));
    let mut found: Vec<String> = sources.iter().flat_map(|text| unguarded(text)).collect();
    found.sort();

    assert_eq!(found, EXCUSED, "begin each with `enter(\"…\");`");
}

#[test]
fn a_method_is_found_when_it_needs_a_guard_and_has_none() {
    for (method, is_found) in [
        ("pub fn wave(&mut self) {}", true),
        ("pub fn wave(&mut self) { log!(); enter(\"wave\"); }", true),
        ("pub fn wave(&mut self) { enter(\"other\"); }", true),
        ("pub fn wave(self) {}", true),
        ("pub fn wave() {}", true),
        ("pub fn wave(&self) -> Result<Promise, String> {}", true),
        ("pub fn wave(&self) { hello::ext(account).wave(); }", true),
        ("pub fn wave(&mut self) { enter(\"wave\"); }", false),
        ("pub fn wave(&mut self) { require_owner(); }", false),
        ("pub fn wave(&self) -> Option<u8> {}", false),
        ("#[private] pub fn wave(&mut self) {}", false),
        ("#[init] pub fn wave() -> Self {}", false),
        ("fn wave(&mut self) {}", false),
    ] {
        let found = unguarded(&format!("#[near] impl Contract {{ {method} }}"));
        assert_eq!(found.len(), usize::from(is_found), "{method}");
    }
    let source = "#[near_sdk::near] impl Receiver for Contract { fn wave(&mut self) {} }";
    assert_eq!(unguarded(source), ["wave"], "a method of a trait is public");
}
