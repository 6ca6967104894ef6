//! Every order of the field studies: no schedule breaks their property.

mod trade;
