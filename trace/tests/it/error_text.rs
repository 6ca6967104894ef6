//! The text of errors.

use near_primitives::action::GlobalContractIdentifier;
use near_primitives::errors::{
    ActionError, ActionErrorKind, CompilationError, FunctionCallError, HostError,
    InvalidAccessKeyError, InvalidTxError, MethodResolveError, TxExecutionError, WasmTrap,
};
use near_primitives::types::{AccountId, Balance};
use trace::error_text::{action_error, tx_execution_error};

fn account(name: &str) -> AccountId {
    name.parse().expect("a name")
}

fn of_call(error: FunctionCallError) -> TxExecutionError {
    of_action(Some(0), ActionErrorKind::FunctionCallError(error))
}

fn of_action(index: Option<u64>, kind: ActionErrorKind) -> TxExecutionError {
    TxExecutionError::ActionError(ActionError { index, kind })
}

/// Returns errors that near-primitives formats in Rust's debug form, or with two units.
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
fn no_text_has_the_debug_form_of_rust() {
    for error in errors() {
        let text = tx_execution_error(&error);

        let debug = ["AccountId(", "Error(", "Error {", "{ ", "\\\"", "Some("];
        assert!(!debug.iter().any(|form| text.contains(form)), "{text}");
    }
}

#[test]
fn an_amount_has_one_unit() {
    for error in errors() {
        let text = tx_execution_error(&error);

        assert!(!text.contains("NEAR yoctoNEAR"), "{text}");
    }
}

#[test]
fn a_short_amount_is_exact() {
    let lacks = ActionErrorKind::LackBalanceForState {
        account_id: account("bob.near"),
        amount: Balance::from_yoctonear(62_530_000_000_000_000_000_000),
    };

    assert_eq!(
        action_error(&lacks),
        "The account bob.near wouldn't have enough balance to cover storage, required to have 0.06253 NEAR more"
    );
}

#[test]
fn a_long_amount_is_rounded_and_marked() {
    let lacks = ActionErrorKind::LackBalanceForState {
        account_id: account("bob.near"),
        amount: Balance::from_yoctonear(499_069_655_111_843_800_000_000),
    };

    let text = action_error(&lacks);

    assert!(
        text.ends_with("required to have ~0.499070 NEAR more"),
        "{text}"
    );
}

#[test]
fn different_amounts_have_different_texts() {
    let cost = Balance::from_yoctonear(1_234_567_890_123_456_789_000_002);
    let short = InvalidTxError::NotEnoughBalance {
        signer_id: account("alice.near"),
        balance: cost.saturating_sub(Balance::from_yoctonear(1)),
        cost,
    };

    let text = tx_execution_error(&short.into());

    assert!(text.contains("1.234567890123456789000001 NEAR"), "{text}");
    assert!(text.contains("1.234567890123456789000002 NEAR"), "{text}");
}

#[test]
fn an_error_without_an_action_has_no_index() {
    let expired = ActionErrorKind::DelegateActionExpired;

    assert_eq!(
        tx_execution_error(&of_action(None, expired.clone())),
        "DelegateAction has expired"
    );
    assert_eq!(
        tx_execution_error(&of_action(Some(2), expired)),
        "Action #2: DelegateAction has expired"
    );
}
