//! Compiled contracts on disk, with their checksums.
//!
//! The machine takes compiled code as it is: it runs damaged code, or keeps the error of loading it
//! (`Module::deserialize` of wasmtime asks for trusted bytes). So each contract is checked before the machine
//! first loads it. What does not match its checksum counts as missing: it is compiled again and replaced.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use near_primitives::hash::CryptoHash;
use near_vm_runner::{
    CompiledContractInfo, ContractRuntimeCache, FilesystemContractRuntimeCache,
    noop_background_spawner,
};
use tracing::warn;

/// The number of compiled contracts kept in memory.
const LOADED_CONTRACTS: usize = 64;
/// The size of the compiled contracts kept on disk, in bytes.
const DISK_CACHE_BYTES: u64 = 2 << 30;

/// A folder of compiled contracts that returns only undamaged ones. Clones share the folder.
#[derive(Clone)]
pub(super) struct CheckedCache {
    contracts: FilesystemContractRuntimeCache,
    /// The folder of the checksums, one file for each contract, named as the contract's.
    checksums: PathBuf,
}

impl CheckedCache {
    /// Opens the folder, and creates it if it does not exist.
    ///
    /// # Errors
    /// The folder cannot be created or opened.
    pub(super) fn open(directory: &Path) -> io::Result<Self> {
        let checksums = directory.join("checksums");
        fs::create_dir_all(&checksums)?;
        let contracts = FilesystemContractRuntimeCache::with_memory_cache(
            directory,
            None::<&str>,
            "contracts",
            LOADED_CONTRACTS,
            None,
            DISK_CACHE_BYTES,
            noop_background_spawner(),
        )?;
        Ok(Self {
            contracts,
            checksums,
        })
    }

    /// Returns the folder as the machine uses it: unchecked, and with the contracts that are loaded.
    pub(super) fn unchecked(&self) -> &FilesystemContractRuntimeCache {
        &self.contracts
    }

    fn checksum_file(&self, key: &CryptoHash) -> PathBuf {
        self.checksums.join(key.to_string())
    }

    fn is_undamaged(&self, key: &CryptoHash, contract: &CompiledContractInfo) -> bool {
        fs::read(self.checksum_file(key)).is_ok_and(|kept| kept == checksum(key, contract).0)
    }
}

impl ContractRuntimeCache for CheckedCache {
    fn handle(&self) -> Box<dyn ContractRuntimeCache> {
        Box::new(self.clone())
    }

    fn put(&self, key: &CryptoHash, contract: CompiledContractInfo) -> io::Result<()> {
        fs::write(self.checksum_file(key), checksum(key, &contract))?;
        self.contracts.put(key, contract)
    }

    fn get(&self, key: &CryptoHash) -> io::Result<Option<CompiledContractInfo>> {
        match self.contracts.get(key) {
            Ok(None) => Ok(None),
            Ok(Some(contract)) if self.is_undamaged(key, &contract) => Ok(Some(contract)),
            Ok(Some(_)) | Err(_) => {
                warn!(%key, "a compiled contract does not match its checksum; compiling it again");
                Ok(None)
            }
        }
    }
}

/// Returns the digest of a compiled contract and of the key that it belongs to.
fn checksum(key: &CryptoHash, contract: &CompiledContractInfo) -> CryptoHash {
    CryptoHash::hash_borsh((key, contract))
}
