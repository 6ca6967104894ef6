//! Errors are told in words.

use near_primitives::action::GlobalContractIdentifier;
use near_primitives::errors::{
    ActionError, ActionErrorKind, CompilationError, FunctionCallError, HostError,
    InvalidAccessKeyError, InvalidTxError, MethodResolveError, TxExecutionError, WasmTrap,
};
use near_primitives::types::{AccountId, Balance};
use trace::errors::{action, told};

fn account(name: &str) -> AccountId {
    name.parse().expect("a name")
}

fn of_call(error: FunctionCallError) -> TxExecutionError {
    of_action(Some(0), ActionErrorKind::FunctionCallError(error))
}

fn of_action(index: Option<u64>, kind: ActionErrorKind) -> TxExecutionError {
    TxExecutionError::ActionError(ActionError { index, kind })
}

/// Errors that near-primitives tells in Rust's debug form, or with two units.
fn errors() -> Vec<TxExecutionError> {
    let (alice, bob) = (account("alice.near"), account("bob.near"));
    let amount = Balance::from_yoctonear(62_530_000_000_000_000_000_001);
    let public_key = || {
        let key = "ed25519:GaS92okPt9k5oEp4ZFervtmn4RcUr23HDJrZ2ng4Sb9N".parse();
        Box::new(key.expect("a key"))
    };
    let compilation = CompilationError::CodeDoesNotExist {
        account_id: alice.clone(),
    };
    let panicked = HostError::GuestPanic {
        panic_msg: "no room".to_owned(),
    };
    vec![
        of_call(FunctionCallError::CompilationError(compilation)),
        of_call(FunctionCallError::MethodResolveError(
            MethodResolveError::MethodNotFound,
        )),
        of_call(FunctionCallError::WasmTrap(WasmTrap::Unreachable)),
        of_call(FunctionCallError::HostError(panicked)),
        of_call(FunctionCallError::ExecutionError(
            "Smart contract panicked: no room".to_owned(),
        )),
        of_action(
            None,
            ActionErrorKind::LackBalanceForState {
                account_id: alice.clone(),
                amount,
            },
        ),
        of_action(
            Some(0),
            ActionErrorKind::AccountDoesNotExist {
                account_id: bob.clone(),
            },
        ),
        of_action(
            Some(0),
            ActionErrorKind::AddKeyAlreadyExists {
                account_id: alice.clone(),
                public_key: public_key(),
            },
        ),
        of_action(
            Some(0),
            ActionErrorKind::GlobalContractDoesNotExist {
                identifier: GlobalContractIdentifier::AccountId(bob.clone()),
            },
        ),
        InvalidTxError::LackBalanceForState {
            signer_id: alice.clone(),
            amount,
        }
        .into(),
        InvalidTxError::NotEnoughBalance {
            signer_id: alice.clone(),
            balance: amount,
            cost: Balance::from_near(1_000),
        }
        .into(),
        InvalidTxError::InvalidAccessKeyError(InvalidAccessKeyError::NotEnoughAllowance {
            account_id: alice,
            public_key: public_key(),
            allowance: amount,
            cost: amount,
        })
        .into(),
    ]
}

#[test]
fn nothing_is_in_the_debug_form_of_rust() {
    for error in errors() {
        let told = told(&error);

        let debug = ["AccountId(", "Error(", "Error {", "{ ", "\\\"", "Some("];
        assert!(!debug.iter().any(|form| told.contains(form)), "{told}");
    }
}

#[test]
fn an_amount_has_one_unit() {
    for error in errors() {
        let told = told(&error);

        assert!(!told.contains("NEAR yoctoNEAR"), "{told}");
    }
}

#[test]
fn a_short_amount_is_exact() {
    let lacks = ActionErrorKind::LackBalanceForState {
        account_id: account("bob.near"),
        amount: Balance::from_yoctonear(62_530_000_000_000_000_000_000),
    };

    assert_eq!(
        action(&lacks),
        "The account bob.near wouldn't have enough balance to cover storage, required to have 0.06253 NEAR more"
    );
}

#[test]
fn an_amount_that_depends_on_gas_says_that_it_is_rounded() {
    let lacks = ActionErrorKind::LackBalanceForState {
        account_id: account("bob.near"),
        amount: Balance::from_yoctonear(499_069_655_111_843_800_000_000),
    };

    let told = action(&lacks);

    assert!(
        told.ends_with("required to have ~0.499070 NEAR more"),
        "{told}"
    );
}

#[test]
fn two_amounts_that_differ_do_not_read_the_same() {
    let cost = Balance::from_yoctonear(1_234_567_890_123_456_789_000_002);
    let short = InvalidTxError::NotEnoughBalance {
        signer_id: account("alice.near"),
        balance: cost.saturating_sub(Balance::from_yoctonear(1)),
        cost,
    };

    let told = told(&short.into());

    assert!(told.contains("1.234567890123456789000001 NEAR"), "{told}");
    assert!(told.contains("1.234567890123456789000002 NEAR"), "{told}");
}

#[test]
fn an_error_of_no_action_names_none() {
    let storage = ActionErrorKind::DelegateActionExpired;

    assert_eq!(
        told(&of_action(None, storage.clone())),
        "DelegateAction has expired"
    );
    assert_eq!(
        told(&of_action(Some(2), storage)),
        "Action #2: DelegateAction has expired"
    );
}
