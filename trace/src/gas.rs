//! Gas and what it costs.

use near_primitives::types::{Balance, Gas};

/// How many units of gas an amount pays for. Nothing where a unit costs nothing.
pub(crate) fn units(paid: Balance, price: Balance) -> Option<Gas> {
    let units = paid.as_yoctonear().checked_div(price.as_yoctonear())?;
    Some(Gas::from_gas(u64::try_from(units).unwrap_or(u64::MAX)))
}

/// What a unit of gas was paid with, in yoctoNEAR. Nothing where nothing was burnt.
pub(crate) fn price(paid: Balance, gas: Gas) -> Balance {
    paid.checked_div(u128::from(gas.as_gas()))
        .unwrap_or(Balance::ZERO)
}

/// What gas costs at a price.
pub(crate) fn cost(price: Balance, gas: Gas) -> Balance {
    price.saturating_mul(u128::from(gas.as_gas()))
}

/// All of it together.
pub(crate) fn sum(gas: impl IntoIterator<Item = Gas>) -> Gas {
    gas.into_iter().fold(Gas::ZERO, Gas::saturating_add)
}
