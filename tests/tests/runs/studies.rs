//! Every order of the field studies, beside those that their figures explore.

mod market;
mod swap;
mod trade;
