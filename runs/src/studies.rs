//! The runs of the field studies. Each study has a module, with its chain, its figures and its scenarios.

pub mod council;
pub mod market;
pub mod swap;
pub mod trade;
