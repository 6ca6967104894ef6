//! Gas and its price.

use near_primitives::types::{Balance, Gas};

/// Returns the gas that an amount pays for, or `None` if the price is zero.
pub(crate) fn units(paid: Balance, price: Balance) -> Option<Gas> {
    let units = paid.as_yoctonear().checked_div(price.as_yoctonear())?;
    Some(Gas::from_gas(u64::try_from(units).unwrap_or(u64::MAX)))
}

/// Returns the price at which gas was paid, in yoctoNEAR per unit, or zero if there is no gas.
pub(crate) fn price(paid: Balance, gas: Gas) -> Balance {
    paid.checked_div(u128::from(gas.as_gas()))
        .unwrap_or(Balance::ZERO)
}

/// Returns the cost of gas at a price.
pub(crate) fn cost(price: Balance, gas: Gas) -> Balance {
    price.saturating_mul(u128::from(gas.as_gas()))
}

/// Returns the sum.
pub(crate) fn sum(gas: impl IntoIterator<Item = Gas>) -> Gas {
    gas.into_iter().fold(Gas::ZERO, Gas::saturating_add)
}
