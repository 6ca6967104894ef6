//! The functions of the contracts, and the chains of method calls in them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use manuscript::layout::Tree;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Pat};

use crate::text;

/// A function that is no test.
pub struct Function {
    /// The file, from the root of the book.
    pub file: PathBuf,
    pub line: usize,
    pub name: String,
    pub signature: syn::Signature,
    pub block: syn::Block,
    /// True for an exported method.
    pub is_exported: bool,
    /// True for a private method that is no constructor.
    pub is_callback: bool,
}

/// Returns the folders of the sources of the chapters and of the starters.
pub fn starters(root: &Path) -> Result<Vec<PathBuf>> {
    let tree = Tree::at(root);
    let crates = [tree.chapters()?, tree.starters()?].concat();
    Ok(crates.iter().map(|path| path.join("src")).collect())
}

/// Returns the folders of the sources of the chapters, of the starters and of the solutions.
pub fn starters_and_solutions(root: &Path) -> Result<Vec<PathBuf>> {
    let solutions = Tree::at(root).solutions()?;
    let mut folders = starters(root)?;
    folders.extend(solutions.iter().map(|path| path.join("src")));
    Ok(folders)
}

/// Returns the functions of all files in a folder of sources.
pub fn functions(root: &Path, folder: &Path) -> Result<Vec<Function>> {
    let mut functions = Vec::new();
    for path in text::files(folder)? {
        if !text::is(&path, "rs") {
            continue;
        }
        let file = path.strip_prefix(root)?.to_owned();
        let source = syn::parse_file(&text::read(&path)?)
            .with_context(|| format!("cannot parse {}", file.display()))?;
        let mut collector = Collector {
            file,
            functions: Vec::new(),
        };
        collector.visit_file(&source);
        functions.extend(collector.functions);
    }
    Ok(functions)
}

struct Collector {
    file: PathBuf,
    functions: Vec<Function>,
}

impl Collector {
    fn add(&mut self, signature: &syn::Signature, block: &syn::Block, exported: [bool; 2]) {
        let [is_exported, is_callback] = exported;
        self.functions.push(Function {
            file: self.file.clone(),
            line: line_of(&signature.ident),
            name: signature.ident.to_string(),
            signature: signature.clone(),
            block: block.clone(),
            is_exported,
            is_callback,
        });
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let is_test = module
            .attrs
            .iter()
            .any(|attribute| attribute.path().is_ident("cfg") && words(attribute).contains("test"));
        if !is_test {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(&function.sig, &function.block, [false, false]);
    }

    fn visit_item_impl(&mut self, block: &'ast syn::ItemImpl) {
        let is_near = has(&block.attrs, "near");
        for item in &block.items {
            let syn::ImplItem::Fn(function) = item else {
                continue;
            };
            let is_public =
                matches!(function.vis, syn::Visibility::Public(_)) || block.trait_.is_some();
            let is_exported = is_near && is_public;
            let is_private = has(&function.attrs, "private") && !has(&function.attrs, "init");
            self.add(
                &function.sig,
                &function.block,
                [is_exported, is_exported && is_private],
            );
        }
    }
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident(name))
}

pub fn line_of(tokens: &impl Spanned) -> usize {
    tokens.span().start().line
}

/// Returns the identifiers in a piece of source.
pub fn words(tokens: &impl ToTokens) -> BTreeSet<String> {
    fn collect(tokens: TokenStream, words: &mut BTreeSet<String>) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => collect(group.stream(), words),
                TokenTree::Ident(word) => {
                    words.insert(word.to_string());
                }
                _ => {}
            }
        }
    }
    let mut collected = BTreeSet::new();
    collect(tokens.to_token_stream(), &mut collected);
    collected
}

/// Returns a piece of source without spaces.
pub fn dense(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(' ', "")
}

/// The names that get a value, by `let` or an assignment.
pub struct Binding {
    pub names: BTreeSet<String>,
    pub value: Expr,
}

/// A chain of method calls, each on the result of the one before.
pub struct Chain {
    /// The expression on which the first method is called.
    pub root: Expr,
    pub calls: Vec<(String, Vec<Expr>)>,
    pub line: usize,
    /// True inside the arguments of `with_empty_result`.
    pub is_closed: bool,
    /// The names that get its value.
    pub goes_to: BTreeSet<String>,
}

impl Chain {
    /// Returns the arguments of the first call of a method.
    pub fn arguments_of(&self, method: &str) -> Option<&[Expr]> {
        let call = self.calls.iter().find(|(name, _)| name == method)?;
        Some(&call.1)
    }

    /// Returns the argument of the function at the beginning of the chain, if its path ends like this.
    pub fn begins_with(&self, path: &str) -> Option<&Expr> {
        let Expr::Call(call) = &self.root else {
            return None;
        };
        if !dense(&call.func).ends_with(path) {
            return None;
        }
        call.args.first()
    }
}

/// The chains and bindings in a function.
#[derive(Default)]
pub struct Body {
    pub bindings: Vec<Binding>,
    pub chains: Vec<Chain>,
    /// The names in the arguments of `with_empty_result`.
    pub closed: BTreeSet<String>,
    is_closed: bool,
    goes_to: Vec<BTreeSet<String>>,
}

impl Body {
    pub fn of(function: &Function) -> Self {
        let mut body = Self::default();
        body.visit_block(&function.block);
        body
    }

    /// Returns the names in an expression, and those in the values that these names were given.
    pub fn names_behind(&self, expression: &Expr) -> BTreeSet<String> {
        self.names_behind_all(words(expression))
    }

    pub fn names_behind_all(&self, mut names: BTreeSet<String>) -> BTreeSet<String> {
        loop {
            let more: BTreeSet<String> = self
                .bindings
                .iter()
                .filter(|binding| !binding.names.is_disjoint(&names))
                .flat_map(|binding| words(&binding.value))
                .collect();
            let before = names.len();
            names.extend(more);
            if names.len() == before {
                return names;
            }
        }
    }

    fn bind(&mut self, names: BTreeSet<String>, value: &Expr) {
        self.goes_to.push(names.clone());
        self.visit_expr(value);
        self.goes_to.pop();
        let value = value.clone();
        self.bindings.push(Binding { names, value });
    }
}

impl<'ast> Visit<'ast> for Body {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let Some(init) = &local.init {
            self.bind(names_in(&local.pat), &init.expr);
            if let Some((_, diverge)) = &init.diverge {
                self.visit_expr(diverge);
            }
        }
    }

    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.bind(words(&assign.left), &assign.right);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if dense(&call.func).ends_with("with_empty_result") {
            self.closed.extend(call.args.iter().flat_map(words));
            let before = std::mem::replace(&mut self.is_closed, true);
            visit::visit_expr_call(self, call);
            self.is_closed = before;
        } else {
            visit::visit_expr_call(self, call);
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let mut calls = Vec::new();
        let mut next = call;
        let root = loop {
            calls.push((next.method.to_string(), next.args.iter().cloned().collect()));
            // The arguments contain chains of their own.
            next.args
                .iter()
                .for_each(|argument| self.visit_expr(argument));
            match &*next.receiver {
                Expr::MethodCall(receiver) => next = receiver,
                root => break root,
            }
        };
        calls.reverse();
        self.chains.push(Chain {
            root: root.clone(),
            calls,
            line: line_of(root),
            is_closed: self.is_closed,
            goes_to: self.goes_to.iter().flatten().cloned().collect(),
        });
        self.visit_expr(root);
    }
}

/// Returns the names that a pattern binds.
fn names_in(pattern: &Pat) -> BTreeSet<String> {
    struct Names(BTreeSet<String>);
    impl<'ast> Visit<'ast> for Names {
        fn visit_pat_ident(&mut self, name: &'ast syn::PatIdent) {
            self.0.insert(name.ident.to_string());
            visit::visit_pat_ident(self, name);
        }
    }
    let mut names = Names(BTreeSet::new());
    names.visit_pat(pattern);
    names.0
}
