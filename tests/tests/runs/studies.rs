//! Every order of the field studies: no schedule breaks their property.

mod council;
mod market;
mod swap;
mod trade;
