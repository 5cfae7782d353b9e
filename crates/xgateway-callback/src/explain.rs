//! Why a hash does not match.

mod digest;
mod layout;
mod mistake;
mod texts;

pub use mistake::Mistake;

use std::fmt;

use xgateway_core::callback::CallbackHash;

use crate::authentic::Proven;
use crate::error::CallbackError;
use crate::explain::digest::{Told, Way};
use crate::explain::layout::Layout;
use crate::explain::texts::Texts;
use crate::members::members;
use crate::raw::{RawCallback, scan};
use crate::ring::{KeyLabel, KeyRing};

/// What [`explain`] found.
///
/// It holds neither a key nor a hash nor a text of the callback: it can be shown to anybody.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Explanation {
    problem: Option<CallbackError>,
    fit: Option<Fit>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
struct Fit {
    key: KeyLabel,
    mistakes: Vec<Mistake>,
}

/// Finds out why a callback is not authentic, by making the mistakes that people make until one gives the hash.
///
/// It takes milliseconds and tries thousands of hashes: it is for tools, not for receivers. Matches are not counted.
///
/// ```
/// use xgateway_callback::{KeyRing, Mistake, explain};
/// use xgateway_core::secret::SecretKey;
///
/// let ring = KeyRing::new(SecretKey::parse("test_secret_key")?);
/// // Hashed with the amount 10, sent with the amount 10.00.
/// let explanation = explain(
///     br#"{"id": "916c9ef9-8678-4676-b8bf-14e6333090f6", "customerId": "demo_customer_id", "amount": "10.00",
///          "currency": "USD",
///          "hash": "9pnXH92QDrsu+ntdByIXtfq4jkc7RWYb/Ii7DLaO1x0Bv+in88B7m1DzGtPZMS6Z1oFmtBO+iNE4Trxci+7FqA=="}"#,
///     &ring,
/// );
/// assert_eq!(explanation.mistakes(), [Mistake::AmountReformatted]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn explain(body: &[u8], ring: &KeyRing) -> Explanation {
    let fit = RawCallback::new(body).ok().and_then(|_| find(body, ring));
    let problem = match check(body) {
        Err(error) => Some(error),
        Ok(()) if fit.as_ref().is_some_and(|fit| fit.mistakes.is_empty()) => None,
        Ok(()) => Some(CallbackError::NotAuthentic),
    };
    Explanation { problem, fit }
}

impl Explanation {
    /// Why the callback is refused; `None` if it is authentic.
    pub fn problem(&self) -> Option<CallbackError> {
        self.problem
    }

    /// The key that the hash was made with, as far as that was found out.
    pub fn key(&self) -> Option<&KeyLabel> {
        self.fit.as_ref().map(|fit| &fit.key)
    }

    /// What was done wrong when the hash was made; empty if nothing was, or nothing known fits.
    pub fn mistakes(&self) -> &[Mistake] {
        self.fit.as_ref().map_or(&[], |fit| &fit.mistakes)
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problem {
            None => f.write_str("authentic")?,
            Some(problem) => write!(f, "refused: {problem}")?,
        }
        let Some(fit) = &self.fit else {
            if self.problem != Some(CallbackError::NotAuthentic) {
                return Ok(());
            }
            return f.write_str(
                "; no key of the ring gives this hash, whichever known mistake is made: \
                 it is another key, another field was changed, or the callback is forged",
            );
        };
        write!(f, "; the hash was made with the key {:?}", fit.key)?;
        for mistake in &fit.mistakes {
            write!(f, "; {mistake}")?;
        }
        Ok(())
    }
}

/// What is wrong with a callback apart from the hash's value.
fn check(body: &[u8]) -> Result<(), CallbackError> {
    RawCallback::new(body)?;
    let fields = scan(body)?;
    let told = fields.hash.required("hash")?;
    if !CallbackHash::is_form(told) {
        return Err(CallbackError::HashForm);
    }
    match fields.kind()? {
        Ok(kind) => Proven::read(&fields, kind).map(drop),
        Err(_) => Ok(()),
    }
}

/// The way to the hash with the fewest mistakes.
fn find(body: &[u8], ring: &KeyRing) -> Option<Fit> {
    let members = members(body)?;
    let told = Told::read(&members)?;
    let written = Texts::read(&members);
    let variants = written.variants();
    let layouts = Layout::all(written.kind());
    (0..=MISTAKES_MAX).find_map(|count| {
        variants.iter().find_map(|(texts, in_texts)| {
            layouts.iter().find_map(|layout| {
                ring.keys().find_map(|(label, secret)| {
                    Way::all().find_map(|way| {
                        let mistakes: Vec<_> = in_texts
                            .iter()
                            .chain(&layout.mistake)
                            .chain(way.mistakes())
                            .chain(told.mistakes())
                            .copied()
                            .collect();
                        let fits = mistakes.len() == count
                            && told.is(&way.digest(texts, layout, secret, told.len()));
                        fits.then(|| Fit {
                            key: label.clone(),
                            mistakes,
                        })
                    })
                })
            })
        })
    })
}

/// More mistakes at once than anybody makes.
const MISTAKES_MAX: usize = 4;
