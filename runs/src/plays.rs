//! The runs of the book that a reader changes, by the names of their figures.

use crate::play::Play;
use crate::studies::{council, market, swap, trade};
use crate::{batch, calls, money, parallel, responses, setup};

/// All runs with inputs, in the order of the pages.
pub const PLAYS: &[&Play] = &[
    &setup::QUERY,
    &setup::QUERY_OLD_ANSWER,
    &calls::YIELDS,
    &setup::QUERY_LITTLE_GAS,
    &batch::COUNT_FAILS,
    &batch::guestbook::SIGN_FAILS,
    &batch::launch::LAUNCH_FAILS,
    &batch::sale::SALE_SOLD_OUT,
    &parallel::OVERVIEW,
    &parallel::SEQUENCE,
    &parallel::visit::VISIT_FAILS,
    &parallel::gas::STARVED,
    &parallel::portfolio::PORTFOLIO,
    &responses::measure::MEASURE_FAILS,
    &responses::GREETINGS,
    &responses::breaker::BREAKER_TRIAL,
    &responses::cache::CACHE_TWO,
    &money::BOOKS,
    &money::PAYER_GONE,
    &money::vault::WINDOW,
    &money::vault::REENTRY,
    &money::tokens::REST,
    &money::later::ORDER,
    &money::later::ORACLE,
    &swap::SWAP,
    &swap::MIN_OUT,
    &market::sale::SALE,
    &council::EXECUTED_TWICE,
    &council::ACTS_AND_FAILS,
    &trade::exchange::EXCHANGE,
];

/// Returns the run of a figure, if it has inputs.
pub fn of(figure: &str) -> Option<&'static Play> {
    PLAYS.iter().copied().find(|play| play.figure == figure)
}
