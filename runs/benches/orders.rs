//! The speed of the explorer on the vault, with its checks: `cargo bench --profile dev --workspace --bench orders`.
//!
//! Prints numbers and asserts nothing. The goals: at least 2,000 steps a second; the theft of the vulnerable vault in
//! less than 1 s; two transactions of a guarded one in less than 5 s, three and a rogue in less than 60 s.

use std::time::{Duration, Instant};

use chain::explore::{Delivery, Explore, Report};
use runs::money::orders::{alice_spends, rogue_spends};

fn main() {
    let scenarios = [
        (
            "the vulnerable vault, two calls",
            alice_spends("vulnerable_spend"),
        ),
        (
            "the vulnerable vault, a rogue",
            rogue_spends("vulnerable_spend", 1, 0),
        ),
        ("vault_spend, two calls", alice_spends("vault_spend")),
        (
            "vault_spend_locked, two calls",
            alice_spends("vault_spend_locked"),
        ),
        (
            "vault_spend, two calls, overtaking",
            alice_spends("vault_spend").delivery(Delivery::Overtaking),
        ),
        (
            "vault_spend, a rogue and two calls",
            rogue_spends("vault_spend", 1, 2),
        ),
        (
            "vault_spend_locked, a rogue and two calls, overtaking",
            rogue_spends("vault_spend_locked", 1, 2).delivery(Delivery::Overtaking),
        ),
    ];
    for (what, scenario) in scenarios {
        let (first, _) = timed(&scenario); // compiles the contracts
        let (again, report) = timed(&scenario);
        let seconds = again.as_secs_f64();
        let steps = report.steps as f64 / seconds;
        println!(
            "{what}: {seconds:.2} s, at first {:.2} s; {steps:.0} steps a second\n{report}",
            first.as_secs_f64()
        );
    }
}

fn timed(scenario: &Explore) -> (Duration, Report) {
    let start = Instant::now();
    let report = scenario.run().expect("the scenario can be explored");
    (start.elapsed(), report)
}
