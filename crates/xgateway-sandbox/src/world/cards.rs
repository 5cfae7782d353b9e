//! What is kept of the test cards, worked out once for each world.

use std::sync::{Arc, OnceLock};

use crate::card::{SANDBOX_CARDS, SandboxCard};
use crate::event::CardFacts;
use crate::random::{Purpose, Random};

/// The tokens of the test cards, each once it was paid with.
#[derive(Clone, Default)]
pub(super) struct Cards(Arc<[OnceLock<[u8; 8]>; SANDBOX_CARDS.len()]>);

impl Cards {
    pub(super) fn facts(&self, card: &SandboxCard, random: &Random) -> CardFacts {
        let derive = || {
            let hash = random.bytes(Purpose::CardToken, card.number.as_bytes(), 0);
            *hash.first_chunk().expect("8 of 32 bytes")
        };
        let index = SANDBOX_CARDS.iter().position(|it| it.number == card.number);
        let known = index.and_then(|index| self.0.get(index));
        CardFacts {
            token: known.map_or_else(derive, |known| *known.get_or_init(derive)),
            last_four: card.number[card.number.len() - 4..].into(),
            name: card.name.into(),
        }
    }
}
