//! What may be in a receipt at all (SPEC.md §1.1, second check). The same rules hold for the
//! actions of a transaction and for the receipts that contracts make.

use near_crypto::key_conversion::is_valid_staking_key;
use near_parameters::vm::LimitConfig;
use near_primitives::account::AccessKeyPermission;
use near_primitives::action::Action;
use near_primitives::action::delegate::SignedDelegateAction;
use near_primitives::errors::{ActionsValidationError, ReceiptValidationError};
use near_primitives::receipt::{Receipt, VersionedActionReceipt, VersionedReceiptEnum};
use near_primitives::types::{AccountId, Gas, ProtocolVersion};

use crate::fees;

/// The limits that a check needs, and the version that an error names.
pub(crate) struct Rules<'a> {
    pub limits: &'a LimitConfig,
    pub protocol_version: ProtocolVersion,
}

impl Rules<'_> {
    /// Checks the actions from left to right; the first offence is the error.
    pub fn check_actions(
        &self,
        actions: &[Action],
        receiver_id: &AccountId,
    ) -> Result<(), ActionsValidationError> {
        self.check_counts(actions)?;
        let mut delegate_seen = false;
        for (index, action) in actions.iter().enumerate() {
            if matches!(action, Action::DeleteAccount(_)) && index + 1 != actions.len() {
                return Err(ActionsValidationError::DeleteActionMustBeFinal);
            }
            if action.is_delegate() && std::mem::replace(&mut delegate_seen, true) {
                return Err(ActionsValidationError::DelegateActionMustBeOnlyOne);
            }
            self.check_action(action, receiver_id)?;
        }
        let attached =
            fees::attached_gas(actions).map_err(|_| ActionsValidationError::IntegerOverflow)?;
        let limit = self.limits.max_total_prepaid_gas;
        if attached > limit {
            return Err(ActionsValidationError::TotalPrepaidGasExceeded {
                total_prepaid_gas: attached,
                limit,
            });
        }
        Ok(())
    }

    /// Checks a receipt that a contract made.
    pub fn check_receipt(&self, receipt: &Receipt) -> Result<(), ReceiptValidationError> {
        let size = borsh::object_length(receipt).unwrap_or(usize::MAX) as u64;
        let limit = self.limits.max_receipt_size;
        if size > limit {
            return Err(ReceiptValidationError::ReceiptSizeExceeded { size, limit });
        }
        match receipt.versioned_receipt() {
            VersionedReceiptEnum::Action(action_receipt)
            | VersionedReceiptEnum::PromiseYield(action_receipt) => {
                self.check_action_receipt(&action_receipt, receipt.receiver_id())
            }
            VersionedReceiptEnum::Data(data) | VersionedReceiptEnum::PromiseResume(data) => {
                let length = data.data.as_ref().map_or(0, Vec::len) as u64;
                let limit = self.limits.max_length_returned_data;
                if length > limit {
                    return Err(ReceiptValidationError::ReturnedValueLengthExceeded {
                        length,
                        limit,
                    });
                }
                Ok(())
            }
            VersionedReceiptEnum::GlobalContractDistribution(_) => Ok(()),
        }
    }

    fn check_action_receipt(
        &self,
        receipt: &VersionedActionReceipt,
        receiver_id: &AccountId,
    ) -> Result<(), ReceiptValidationError> {
        let inputs = receipt.input_data_ids().len() as u64;
        let limit = self.limits.max_number_input_data_dependencies;
        if inputs > limit {
            return Err(
                ReceiptValidationError::NumberInputDataDependenciesExceeded {
                    number_of_input_data_dependencies: inputs,
                    limit,
                },
            );
        }
        self.check_actions(receipt.actions(), receiver_id)
            .map_err(ReceiptValidationError::ActionsValidation)
    }

    fn check_counts(&self, actions: &[Action]) -> Result<(), ActionsValidationError> {
        let count = actions.len() as u64;
        let limit = self.limits.max_actions_per_receipt;
        if count > limit {
            return Err(ActionsValidationError::TotalNumberOfActionsExceeded {
                total_number_of_actions: count,
                limit,
            });
        }
        let deploys = deploy_count(actions);
        let limit = self.limits.max_deploy_actions_per_receipt;
        if deploys > limit {
            return Err(ActionsValidationError::TotalNumberOfDeployActionsExceeded {
                number_of_deploy_actions: deploys,
                limit,
            });
        }
        Ok(())
    }

    fn check_action(
        &self,
        action: &Action,
        receiver_id: &AccountId,
    ) -> Result<(), ActionsValidationError> {
        self.check_supported(action, receiver_id)?;
        match action {
            Action::DeployContract(deploy) => self.check_code(deploy.code.len()),
            Action::DeployGlobalContract(deploy) => self.check_code(deploy.code.len()),
            Action::FunctionCall(call) => {
                self.check_call(call.gas, call.method_name.len(), call.args.len())
            }
            Action::AddKey(add_key) => self.check_permission(&add_key.access_key.permission),
            Action::Stake(stake) if !is_valid_staking_key(&stake.public_key) => {
                Err(ActionsValidationError::UnsuitableStakingKey {
                    public_key: Box::new(stake.public_key.clone()),
                })
            }
            Action::Delegate(signed) => self.check_delegate(signed),
            _ => Ok(()),
        }
    }

    fn check_code(&self, length: usize) -> Result<(), ActionsValidationError> {
        let (size, limit) = (length as u64, self.limits.max_contract_size);
        if size > limit {
            return Err(ActionsValidationError::ContractSizeExceeded { size, limit });
        }
        Ok(())
    }

    fn check_call(
        &self,
        gas: Gas,
        name_length: usize,
        args_length: usize,
    ) -> Result<(), ActionsValidationError> {
        if gas == Gas::ZERO {
            return Err(ActionsValidationError::FunctionCallZeroAttachedGas);
        }
        if name_length == 0 {
            return Err(ActionsValidationError::FunctionCallEmptyMethodName);
        }
        let (length, limit) = (name_length as u64, self.limits.max_length_method_name);
        if length > limit {
            return Err(
                ActionsValidationError::FunctionCallMethodNameLengthExceeded { length, limit },
            );
        }
        let (length, limit) = (args_length as u64, self.limits.max_arguments_length);
        if length > limit {
            return Err(
                ActionsValidationError::FunctionCallArgumentsLengthExceeded { length, limit },
            );
        }
        Ok(())
    }

    fn check_permission(
        &self,
        permission: &AccessKeyPermission,
    ) -> Result<(), ActionsValidationError> {
        let AccessKeyPermission::FunctionCall(permission) = permission else {
            return Ok(());
        };
        if permission.receiver_id.parse::<AccountId>().is_err() {
            return Err(ActionsValidationError::InvalidAccountId {
                account_id: permission.receiver_id.clone(),
            });
        }
        let limit = self.limits.max_length_method_name;
        let mut total = 0;
        for name in &permission.method_names {
            let length = name.len() as u64;
            if length > limit {
                return Err(ActionsValidationError::AddKeyMethodNameLengthExceeded {
                    length,
                    limit,
                });
            }
            total += length + 1;
        }
        let limit = self.limits.max_number_bytes_method_names;
        if total > limit {
            return Err(
                ActionsValidationError::AddKeyMethodNamesNumberOfBytesExceeded {
                    total_number_of_bytes: total,
                    limit,
                },
            );
        }
        Ok(())
    }

    fn check_delegate(&self, signed: &SignedDelegateAction) -> Result<(), ActionsValidationError> {
        let inner = &signed.delegate_action;
        self.check_actions(&inner.get_actions(), &inner.receiver_id)
    }

    /// What this chain does not do is refused here by name, whether a transaction brings it or a
    /// contract makes it; nothing is ignored.
    fn check_supported(
        &self,
        action: &Action,
        receiver_id: &AccountId,
    ) -> Result<(), ActionsValidationError> {
        if matches!(action, Action::DelegateV2(_)) {
            return Err(ActionsValidationError::RemovedProtocolFeature {
                protocol_feature: "DelegateV2".to_owned(),
                version: self.protocol_version,
            });
        }
        match unsupported(action, receiver_id) {
            None => Ok(()),
            Some(feature) => Err(ActionsValidationError::UnsupportedProtocolFeature {
                protocol_feature: format!("{feature} (not in the embedded sandbox)"),
                version: self.protocol_version,
            }),
        }
    }
}

/// The name of the feature that an action needs and this chain does not have.
fn unsupported(action: &Action, receiver_id: &AccountId) -> Option<&'static str> {
    use near_primitives::account::id::AccountType;
    match action {
        Action::TransferToGasKey(_) | Action::WithdrawFromGasKey(_) => Some("GasKeys"),
        Action::AddKey(add_key) if add_key.access_key.gas_key_info().is_some() => Some("GasKeys"),
        Action::DeterministicStateInit(_) => Some("DeterministicAccountIds"),
        Action::UniversalStateInit(_) => Some("UniversalAccounts"),
        Action::Transfer(_) => match receiver_id.get_account_type() {
            AccountType::UniversalAccount => Some("UniversalAccounts"),
            AccountType::NearDeterministicAccount => Some("DeterministicAccountIds"),
            AccountType::EthImplicitAccount => Some("EthImplicitAccounts"),
            AccountType::NamedAccount | AccountType::NearImplicitAccount => None,
        },
        _ => None,
    }
}

fn deploy_count(actions: &[Action]) -> u64 {
    actions
        .iter()
        .map(|action| match action {
            Action::DeployContract(_) | Action::DeployGlobalContract(_) => 1,
            Action::Delegate(signed) => deploy_count(&signed.delegate_action.get_actions()),
            _ => 0,
        })
        .sum()
}
