//! The home folder of a node: `init` writes its files, `run` reads and checks them.
//!
//! - `config.json`: the settings; any of neard's may be there, and [`Config`] has those that are used;
//! - `genesis.json`: the configuration of the chain and its first records;
//! - `validator_key.json`: the key of the account that produces the blocks, the root of all tests;
//! - `node_key.json`: the key that a node shows to its peers.
//!
//! Clients change the files between `init` and `run`, so every file is checked.

mod config;
mod genesis_file;
mod lock;

use std::error::Error as StdError;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chain::Genesis;
use near_crypto::{KeyFile, KeyType, PublicKeyHandle, SecretKey};
use near_primitives::account::AccessKeyPermission;
use near_primitives::state_record::StateRecord;
use near_primitives::types::AccountId;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use thiserror::Error;

pub use self::config::Config;
pub use self::lock::HomeLock;

const CONFIG: &str = "config.json";

/// The options of `init`.
#[derive(Debug, Clone)]
pub struct InitOptions {
    /// The id of the chain.
    pub chain_id: String,
    /// The account that produces the blocks.
    pub account_id: AccountId,
    /// The seed of its key.
    pub seed: String,
}

/// The files of a home folder.
pub struct Home {
    /// The settings.
    pub config: Config,
    /// The start of the chain.
    pub genesis: Genesis,
    /// The key of the account that produces the blocks.
    pub validator_key: KeyFile,
    /// The key of the node itself.
    pub node_key: KeyFile,
}

/// The error of a file in the home folder.
#[derive(Debug, Error)]
pub enum HomeError {
    /// The file does not exist or cannot be read.
    #[error("cannot read {}; `--home {} init --fast` writes it", path.display(), home.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The home folder.
        home: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("cannot write {}; choose another folder with --home", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file has no valid content.
    #[error("{} is broken; correct it, or delete it and run `init --fast` again", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: Box<dyn StdError + Send + Sync>,
    },
}

/// Writes the files that do not exist, and returns their paths.
///
/// # Errors
/// The folder or a file cannot be written, or a file that exists is broken.
pub fn init(home: &Path, options: &InitOptions) -> Result<Vec<PathBuf>, HomeError> {
    fs::create_dir_all(home).map_err(|source| HomeError::Unwritable {
        path: home.to_path_buf(),
        source,
    })?;
    let mut written = Vec::new();

    let config_path = home.join(CONFIG);
    let config = if config_path.exists() {
        read_config(home)?
    } else {
        let config = Config::default();
        write(&config_path, |path| write_json(path, &config))?;
        written.push(config_path);
        config
    };

    let validator_path = home.join(&config.validator_key_file);
    let validator_key = if validator_path.exists() {
        read_key(home, &validator_path)?
    } else {
        let key = key_from_seed(options.account_id.clone(), &options.seed);
        write(&validator_path, |path| key.write_to_file(path))?;
        written.push(validator_path);
        key
    };

    let node_path = home.join(&config.node_key_file);
    if !node_path.exists() {
        let account_id: AccountId = "node".parse().expect("a valid account id");
        let key = key_from_seed(account_id, "node");
        write(&node_path, |path| key.write_to_file(path))?;
        written.push(node_path);
    }

    let genesis_path = home.join(&config.genesis_file);
    if !genesis_path.exists() {
        let genesis = genesis_file::default_genesis(
            &options.chain_id,
            &options.account_id,
            &validator_key.public_key,
        );
        write(&genesis_path, |path| write_json(path, &genesis))?;
        written.push(genesis_path);
    }
    Ok(written)
}

impl Home {
    /// Reads and checks the files in `home`.
    ///
    /// # Errors
    /// A file is missing or broken.
    pub fn load(home: &Path) -> Result<Self, HomeError> {
        let config = read_config(home)?;
        let validator_path = home.join(&config.validator_key_file);
        let validator_key = read_key(home, &validator_path)?;
        let node_key = read_key(home, &home.join(&config.node_key_file))?;
        let genesis_path = home.join(&config.genesis_file);
        let genesis = genesis_file::parse(&read_text(home, &genesis_path)?)
            .map_err(|error| broken(&genesis_path, error))?;
        if !has_full_access(&genesis, &validator_key) {
            let problem = format!(
                "its key {} is no full-access key of {} in {}",
                validator_key.public_key,
                validator_key.account_id,
                genesis_path.display(),
            );
            return Err(broken(&validator_path, problem));
        }
        Ok(Self {
            config,
            genesis,
            validator_key,
            node_key,
        })
    }
}

/// Reads only the settings of `home`: the address is needed before the other files are read.
///
/// # Errors
/// The file is missing or broken.
pub fn read_config(home: &Path) -> Result<Config, HomeError> {
    let path = home.join(CONFIG);
    let settings: Map<String, Value> = read_json(home, &path)?;
    serde_json::from_value(Value::Object(settings)).map_err(|error| broken(&path, error))
}

/// Returns the error for a broken file.
fn broken(path: &Path, source: impl Into<Box<dyn StdError + Send + Sync>>) -> HomeError {
    HomeError::Broken {
        path: path.to_path_buf(),
        source: source.into(),
    }
}

fn key_from_seed(account_id: AccountId, seed: &str) -> KeyFile {
    let secret_key = SecretKey::from_seed(KeyType::ED25519, seed);
    KeyFile {
        account_id,
        public_key: secret_key.public_key(),
        secret_key,
    }
}

fn has_full_access(genesis: &Genesis, key: &KeyFile) -> bool {
    let handle = PublicKeyHandle::from(&key.public_key);
    genesis.records.iter().any(|record| {
        matches!(record, StateRecord::AccessKey { account_id, public_key, access_key }
            if *account_id == key.account_id
                && *public_key == handle
                && access_key.permission == AccessKeyPermission::FullAccess)
    })
}

fn read_text(home: &Path, path: &Path) -> Result<String, HomeError> {
    let bytes = fs::read(path).map_err(|source| HomeError::Unreadable {
        path: path.to_path_buf(),
        home: home.to_path_buf(),
        source,
    })?;
    String::from_utf8(bytes).map_err(|_| broken(path, "it is not UTF-8 text"))
}

fn read_json<T: DeserializeOwned>(home: &Path, path: &Path) -> Result<T, HomeError> {
    serde_json::from_str(&read_text(home, path)?).map_err(|error| broken(path, error))
}

fn read_key(home: &Path, path: &Path) -> Result<KeyFile, HomeError> {
    let key: KeyFile = read_json(home, path)?;
    if key.secret_key.public_key() != key.public_key {
        return Err(broken(
            path,
            "its public key does not belong to its secret key",
        ));
    }
    Ok(key)
}

fn write_json(path: &Path, value: &impl serde::Serialize) -> io::Result<()> {
    fs::write(path, serde_json::to_string_pretty(value)?)
}

fn write(path: &Path, action: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), HomeError> {
    action(path).map_err(|source| HomeError::Unwritable {
        path: path.to_path_buf(),
        source,
    })
}
