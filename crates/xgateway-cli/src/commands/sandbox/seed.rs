//! The seed of a sandbox, which its keys follow from.

use super::token;
use crate::arguments::{DEFAULT_SEED, ServeArguments};
use crate::failure::Failure;

/// How many random bits a seed has that is drawn: as many as every reader of JSON takes for a whole number.
const BITS: u32 = 53;

pub(super) struct Seed {
    pub(super) number: u64,
    /// Nobody has told it, so nobody else knows the keys.
    pub(super) is_drawn: bool,
}

/// The seed that was told. If other machines can reach the sandbox and none was, one is drawn: everybody knows the keys of the
/// usual one. A world that is kept goes on under its own, which must be told.
pub(super) fn find(arguments: &ServeArguments) -> Result<Seed, Failure> {
    let told = |number| Seed {
        number,
        is_drawn: false,
    };
    if let Some(number) = arguments.seed {
        return Ok(told(number));
    }
    if !token::is_reachable(arguments) || arguments.data.is_some() {
        return Ok(told(DEFAULT_SEED));
    }
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::system("draw a seed", std::io::Error::from(error)))?;
    Ok(Seed {
        number: u64::from_be_bytes(bytes) >> (u64::BITS - BITS),
        is_drawn: true,
    })
}
