//! Verification against what it cannot do without: one SHA-512 of the hashed text, and one parse.

use std::hint::black_box;

use serde::Deserialize;
use sha2::{Digest as _, Sha512};
use xgateway_callback::{AuthenticCallback, KeyRing, RawCallback};

use super::delivery;
use crate::contest::{Effort, contest};
use crate::figure::Figure;
use crate::samples;

/// What is hashed for the sample.
const HASHED: &str = "916c9ef9-8678-4676-b8bf-14e6333090f6.demo_customer_id.10.USD.test_secret_key";

/// The fields that verification needs, borrowed; serde skips the others.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Fields<'a> {
    pub(super) id: &'a str,
    pub(super) customer_id: &'a str,
    pub(super) amount: &'a str,
    pub(super) currency: &'a str,
    pub(super) hash: &'a str,
    pub(super) status: &'a str,
}

pub(super) fn measure(effort: Effort) -> [Figure; 2] {
    let ring = delivery::ring();
    let peer = "raw SHA-512 and serde_json";
    let borrowed = contest(effort, || verify(&ring), limit);
    let owned = contest(
        effort,
        || verify(&ring).map(AuthenticCallback::into_owned),
        limit,
    );
    [
        Figure::cpu("callback verification, borrowed", peer, borrowed).at_most(1200),
        Figure::cpu("callback verification, owned", peer, owned).at_most(1400),
    ]
}

fn verify(ring: &KeyRing) -> Option<AuthenticCallback<'_>> {
    let raw = RawCallback::new(black_box(samples::CALLBACK).as_bytes()).ok()?;
    raw.authenticate(ring).ok()
}

/// It compares nothing, and knows the text to hash before it has parsed.
fn limit() -> ([u8; 64], serde_json::Result<Fields<'static>>) {
    (
        Sha512::digest(black_box(HASHED)).into(),
        serde_json::from_slice(black_box(samples::CALLBACK).as_bytes()),
    )
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn both_hash_and_read_the_same() {
        let ring = delivery::ring();
        let ours = verify(&ring).unwrap();
        let (hash, fields) = limit();
        let fields = fields.unwrap();
        assert_eq!(STANDARD.encode(hash), fields.hash);
        assert_eq!(ours.id(), Some(fields.id));
        assert_eq!(ours.customer_id(), Some(fields.customer_id));
        assert_eq!(ours.amount(), Some(fields.amount));
    }
}
