//! The least gas with which a method that moves money succeeds, for users with short and long names.

use near_primitives::types::Gas;

use crate::claim::claim;
use crate::figure::Figure;
use crate::plot::{Plot, Scale, Series, Unit};
use crate::sweep::cases::{Case, cases};
use crate::sweep::run::PreparedCall;
use crate::sweep::{Input, Partner, Setting, Situation, User};
use crate::test_chain::smallest;
use crate::text;

/// The precision of the search, in units of gas.
const ENOUGH: u64 = 300_000;

/// A method, and its least gas for each kind of name.
struct Least {
    name: String,
    gas: [Gas; 3],
}

/// Shows the least gas of all methods as a table, and how many methods work with how much gas as a plot.
pub fn least_gas() -> Figure {
    let settings = User::ALL.map(|user| Setting::of("responses", user));
    let methods = settings[0].methods();
    let of_the_chapter = cases()
        .into_iter()
        .filter(|case| methods.contains(case.method));
    let least: Vec<_> = of_the_chapter.map(|case| of(&case, &settings)).collect();
    let is_least_for_short_names = least.iter().all(|method| {
        let [short, long, implicit] = method.gas;
        short <= long && short <= implicit
    });

    Figure::plotted(
        table(&least),
        Plot {
            title: "Gas with which so many of the methods work, by the kind of the user's name",
            across: Scale {
                title: "methods that work",
                unit: Unit::Count("method", "methods"),
            },
            up: Scale {
                title: "gas, in Tgas",
                unit: Unit::Gas,
            },
            series: series(&least),
        },
        [claim(
            "no method needs less gas for a long name, or an implicit account, than for a short name",
            is_least_for_short_names,
        )],
    )
}

fn of(case: &Case, settings: &[Setting; 3]) -> Least {
    let gas = settings.each_ref().map(|setting| {
        let situation = Situation {
            user: setting.user,
            input: Input::Shortest,
            partner: Partner::Takes,
        };
        let prepared = PreparedCall::new(setting, case, situation);
        let works = |gigagas| prepared.run(Gas::from_gigagas(gigagas)).1.is_ok();
        Gas::from_gigagas(smallest(0, ENOUGH, works))
    });
    Least {
        name: case.to_string(),
        gas,
    }
}

fn table(least: &[Least]) -> String {
    let names = User::ALL.map(|user| user.to_string());
    let header = ["".to_owned()].into_iter().chain(names).collect();
    let rows = least.iter().map(|method| {
        let gas = method.gas.map(text::tgas);
        [method.name.clone()].into_iter().chain(gas).collect()
    });
    text::table(&[header].into_iter().chain(rows).collect::<Vec<_>>())
}

/// Returns for each kind of name the gas with which one method works, two methods and so on.
fn series(least: &[Least]) -> Vec<Series> {
    let names = ["short name", "64 characters", "implicit account"];
    let series = names.into_iter().enumerate().map(|(index, name)| {
        let mut gas: Vec<_> = least
            .iter()
            .map(|method| method.gas[index].as_gas())
            .collect();
        gas.sort_unstable();
        Series {
            name,
            points: (1..).zip(gas).collect(),
        }
    });
    series.collect()
}
