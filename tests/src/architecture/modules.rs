//! The modules of a library or program, read from its sources, and the modules that each imports.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Item, UseTree};

use crate::text;

/// The path of a module from the root of its crate, which is empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Module(Vec<String>);

impl Module {
    /// Returns true for the root of a crate.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    fn child(&self, name: &str) -> Self {
        let names = self.0.iter().cloned().chain([name.to_owned()]);
        Self(names.collect())
    }

    fn parent(&self) -> Self {
        let names = self.0.split_last().map_or(&[][..], |(_, names)| names);
        Self(names.to_vec())
    }
}

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = ["crate"]
            .into_iter()
            .chain(self.0.iter().map(String::as_str));
        f.write_str(&names.collect::<Vec<_>>().join("::"))
    }
}

/// The source of a module.
struct Source {
    /// The file, from the root of the book.
    file: PathBuf,
    /// The paths of its imports, by the names that they have in it.
    uses: Vec<(String, Vec<String>)>,
    /// All other paths in it.
    paths: BTreeSet<Vec<String>>,
}

/// The modules of a library or program, without modules of unit tests.
pub struct Program(BTreeMap<Module, Source>);

impl Program {
    /// Reads the program whose root module is this file.
    pub fn read(root: &Path, file: &Path) -> Result<Self> {
        let mut program = Self(BTreeMap::new());
        let folder = file.parent().unwrap_or(root);
        program.add(root, file, folder, Module(Vec::new()))?;
        Ok(program)
    }

    fn add(&mut self, root: &Path, file: &Path, folder: &Path, module: Module) -> Result<()> {
        let source = syn::parse_file(&text::read(file)?)
            .with_context(|| format!("cannot parse {}", file.display()))?;
        let mut collector = Collector::default();
        collector.visit_file(&source);
        for Declared { name, path } in collector.modules {
            let child = module.child(&name);
            if let Some(path) = path {
                let file = text::plain(&file.with_file_name(path));
                let folder = file.parent().unwrap_or(root).to_owned();
                self.add(root, &file, &folder, child)?;
                continue;
            }
            let below = folder.join(&name);
            let beside = folder.join(format!("{name}.rs"));
            let file = match beside.is_file() {
                true => beside,
                false => below.join("mod.rs"),
            };
            self.add(root, &file, &below, child)?;
        }
        let file = file.strip_prefix(root).unwrap_or(file).to_owned();
        let (uses, paths) = (collector.uses, collector.paths);
        self.0.insert(module, Source { file, uses, paths });
        Ok(())
    }

    /// Returns the file of a module, from the root of the book.
    pub fn file(&self, module: &Module) -> &Path {
        &self.0[module].file
    }

    /// Returns each module with the modules that it imports.
    pub fn imports(&self) -> impl Iterator<Item = (&Module, BTreeSet<&Module>)> {
        self.0.iter().map(|(module, source)| {
            let uses = source.uses.iter().map(|(_, path)| path);
            let paths = uses.chain(&source.paths);
            let imported = paths.filter_map(|path| self.resolve(module, path, 0));
            let others = imported.filter(|imported| *imported != module);
            (module, others.collect())
        })
    }

    /// Returns the module that has the item of a path; none for an item of another crate.
    ///
    /// A name that a module only imports leads on to the module that has it.
    fn resolve(&self, module: &Module, path: &[String], depth: usize) -> Option<&Module> {
        // The imports lead to each other.
        if depth > 20 {
            return None;
        }
        let (first, rest) = path.split_first()?;
        let (mut at, rest) = match first.as_str() {
            "crate" => (Module(Vec::new()), rest),
            "self" => (module.clone(), rest),
            "super" => (module.parent(), rest),
            name if self.0.contains_key(&module.child(name)) => (module.clone(), path),
            name => {
                let mut uses = self.0[module].uses.iter();
                let (_, import) = uses.find(|(known, path_of)| known == name && path_of != path)?;
                let path: Vec<_> = import.iter().chain(rest).cloned().collect();
                return self.resolve(module, &path, depth + 1);
            }
        };
        for (index, name) in rest.iter().enumerate() {
            if name == "super" {
                at = at.parent();
            } else if self.0.contains_key(&at.child(name)) {
                at = at.child(name);
            } else {
                let mut uses = self.0.get(&at)?.uses.iter();
                if let Some((_, import)) = uses.find(|(known, _)| known == name) {
                    let path: Vec<_> = import.iter().chain(&rest[index + 1..]).cloned().collect();
                    return self.resolve(&at, &path, depth + 1);
                }
                break;
            }
        }
        self.0.get_key_value(&at).map(|(module, _)| module)
    }
}

/// The declaration of a module in a file of its own.
struct Declared {
    name: String,
    /// The file, where an attribute names it.
    path: Option<String>,
}

impl Declared {
    fn new(item: &syn::ItemMod) -> Self {
        let values = item
            .attrs
            .iter()
            .filter_map(|attribute| match &attribute.meta {
                syn::Meta::NameValue(meta) if meta.path.is_ident("path") => Some(&meta.value),
                _ => None,
            });
        let mut paths = values.filter_map(|value| match value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(path),
                ..
            }) => Some(path.value()),
            _ => None,
        });
        Self {
            name: item.ident.to_string(),
            path: paths.next(),
        }
    }
}

/// The imports of a file, and the modules that it declares.
#[derive(Default)]
struct Collector {
    modules: Vec<Declared>,
    uses: Vec<(String, Vec<String>)>,
    paths: BTreeSet<Vec<String>>,
}

impl Collector {
    fn add_uses(&mut self, tree: &UseTree, path: &[String]) {
        let join = |name: &syn::Ident| -> Vec<String> {
            path.iter().cloned().chain([name.to_string()]).collect()
        };
        match tree {
            UseTree::Path(tree) => self.add_uses(&tree.tree, &join(&tree.ident)),
            UseTree::Name(tree) if tree.ident == "self" => {
                let name = path.last().cloned().unwrap_or_default();
                self.uses.push((name, path.to_vec()));
            }
            UseTree::Name(tree) => self.uses.push((tree.ident.to_string(), join(&tree.ident))),
            UseTree::Rename(tree) => {
                self.uses.push((tree.rename.to_string(), join(&tree.ident)));
            }
            UseTree::Glob(_) => self.uses.push(("*".to_owned(), path.to_vec())),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_uses(tree, path);
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            _ => &Vec::new(),
        };
        let is_for_tests = attributes.iter().any(|attribute| {
            let text = attribute.to_token_stream().to_string();
            attribute.path().is_ident("cfg") && text.contains("test")
        });
        match item {
            _ if is_for_tests => {}
            Item::Mod(item) if item.content.is_none() => self.modules.push(Declared::new(item)),
            Item::Use(item) => self.add_uses(&item.tree, &[]),
            item => visit::visit_item(self, item),
        }
    }

    /// Skips `pub(in crate::module)`, which imports nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter();
        let names: Vec<_> = segments.map(|segment| segment.ident.to_string()).collect();
        if names.len() > 1 {
            self.paths.insert(names);
        }
        visit::visit_path(self, path);
    }
}
