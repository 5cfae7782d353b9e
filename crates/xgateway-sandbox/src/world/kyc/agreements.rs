//! Which agreements a customer has accepted.

use xgateway_core::agreement::AgreementHash;

use crate::config::EXAMPLE_AGREEMENT_HASHES;

/// Whether each of the three agreements was accepted, in the order of [`EXAMPLE_AGREEMENT_HASHES`].
///
/// The hash of a document changes with the document, so any may be right. That of another of the three is not, nor is one
/// that stands for two of them: whoever sends that has mixed them up. What the gateway checks nobody has documented.
pub(super) fn accepted(hashes: [Option<&str>; 3]) -> [bool; 3] {
    std::array::from_fn(|index| {
        let Some(hash) = hashes[index] else {
            return false;
        };
        let others = || (0..hashes.len()).filter(|other| *other != index);
        let stands_twice = others().any(|other| hashes[other] == Some(hash));
        let is_of_another = others().any(|other| EXAMPLE_AGREEMENT_HASHES[other] == hash);
        AgreementHash::parse(hash).is_ok() && !stands_twice && !is_of_another
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_mixed_up_is_not_accepted() {
        let [privacy, terms, service] = EXAMPLE_AGREEMENT_HASHES.map(Some);
        let own = AgreementHash::of(b"a document of another day").to_string();
        // The last letter stands for more than 32 bytes have.
        let torn = own.replace(own.as_bytes()[42] as char, "/");
        for (hashes, want) in [
            ([privacy, terms, service], [true; 3]),
            ([Some(&*own), terms, service], [true; 3]),
            ([privacy, None, service], [true, false, true]),
            ([terms, privacy, service], [false, false, true]),
            ([privacy; 3], [false; 3]),
            ([Some(&*own), Some(&*own), service], [false, false, true]),
            ([None, privacy, None], [false; 3]),
            ([Some(&*torn), None, None], [false; 3]),
        ] {
            assert_eq!(accepted(hashes), want, "{hashes:?}");
        }
    }
}
