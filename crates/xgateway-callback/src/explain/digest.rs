//! How texts become a hash, and how a hash is written.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256, Sha512};
use xgateway_core::secret::SecretKey;
use zeroize::Zeroizing;

use super::Mistake;
use super::layout::Layout;
use super::texts::Texts;

/// The hash that a callback told.
pub(super) struct Told {
    bytes: Vec<u8>,
    mistakes: Vec<Mistake>,
}

impl Told {
    /// Reads it, however it is written.
    pub(super) fn read(members: &[(String, &RawValue)]) -> Option<Self> {
        let (_, raw) = members.iter().rev().find(|(key, _)| key == "hash")?;
        let written: String = serde_json::from_str(raw.get()).ok()?;
        let text = written.trim();
        let space = (text != written).then_some(Mistake::HashWhiteSpace);
        let of_hex = |base64: Vec<u8>| hex(str::from_utf8(&base64).ok()?);
        let readings = [
            (STANDARD.decode(text).ok(), None),
            (hex(text), Some(Mistake::Hex)),
            (
                STANDARD.decode(text).ok().and_then(of_hex),
                Some(Mistake::HexInBase64),
            ),
            // A text without any of the two letters that differ is read as the standard alphabet.
            (STANDARD_NO_PAD.decode(text).ok(), Some(Mistake::NoPadding)),
            (URL_SAFE.decode(text).ok(), Some(Mistake::UrlSafe)),
            (URL_SAFE_NO_PAD.decode(text).ok(), Some(Mistake::UrlSafe)),
        ];
        readings.into_iter().find_map(|(bytes, mistake)| {
            let bytes = bytes.filter(|bytes| matches!(bytes.len(), 32 | 64))?;
            let mut mistakes: Vec<_> = space.into_iter().chain(mistake).collect();
            if bytes.len() == 32 {
                mistakes.push(Mistake::Sha256);
            }
            Some(Self { bytes, mistakes })
        })
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn is(&self, digest: &[u8]) -> bool {
        self.bytes == digest
    }

    pub(super) fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }
}

/// A way to use the secret key.
#[derive(Clone, Copy)]
pub(super) struct Way {
    around: (&'static str, &'static str),
    around_is: Option<Mistake>,
    keyed: Keyed,
}

#[derive(Clone, Copy, PartialEq)]
enum Keyed {
    Plain,
    Hmac,
    /// An HMAC over the text that ends with the key.
    HmacOfAll,
}

impl Way {
    /// The right way, then the wrong ones.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let space = Some(Mistake::SecretWhiteSpace);
        let arounds = [
            (("", ""), None),
            (("", "\n"), space),
            (("", "\r\n"), space),
            (("", " "), space),
            ((" ", ""), space),
            (("\"", "\""), Some(Mistake::SecretQuoted)),
        ];
        [Keyed::Plain, Keyed::Hmac, Keyed::HmacOfAll]
            .into_iter()
            .flat_map(move |keyed| {
                arounds.into_iter().map(move |(around, around_is)| Self {
                    around,
                    around_is,
                    keyed,
                })
            })
    }

    pub(super) fn mistakes(&self) -> impl Iterator<Item = &Mistake> {
        let hmac = (self.keyed != Keyed::Plain).then_some(&Mistake::Hmac);
        self.around_is.iter().chain(hmac)
    }

    pub(super) fn digest(
        &self,
        texts: &Texts,
        layout: &Layout,
        secret: &SecretKey,
        length: usize,
    ) -> Vec<u8> {
        let (before, after) = self.around;
        let secret = Zeroizing::new(format!("{before}{}{after}", secret.expose()));
        let part = (self.keyed != Keyed::Hmac).then_some(secret.as_str());
        let text = Zeroizing::new(layout.join(texts, part));
        match (self.keyed == Keyed::Plain, length == 32) {
            (true, true) => Sha256::digest(text.as_bytes()).to_vec(),
            (true, false) => Sha512::digest(text.as_bytes()).to_vec(),
            (false, true) => {
                let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
                    .expect("a key of any length will do");
                mac.update(text.as_bytes());
                mac.finalize().into_bytes().to_vec()
            }
            (false, false) => {
                let mut mac = Hmac::<Sha512>::new_from_slice(secret.as_bytes())
                    .expect("a key of any length will do");
                mac.update(text.as_bytes());
                mac.finalize().into_bytes().to_vec()
            }
        }
    }
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pair = |pair: &[u8]| u8::try_from(16 * digit(pair[0])? + digit(pair[1])?).ok();
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|it| pair(it)).collect()
}
