//! Tests that record the runs of the pages.

mod compared;
mod explored;
mod figures;
mod orders;
mod own_crate;
mod play;
mod releases;
mod studies;
mod sweep;
mod tx_statuses;
