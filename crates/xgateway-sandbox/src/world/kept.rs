//! What a world does not keep: ids without a bound, and on disk what may be a card number.

use xgateway_core::bank::Iban;
use xgateway_core::secret::PersonalText;

use super::World;
use crate::answer::Refusal;
use crate::hidden::holds_card_number;

/// How many characters an id has at most. Where the rules name no bound, the gateway's database has one.
const ID_CHARS_MAX: usize = 255;

impl World {
    /// Refuses an id of the merchant's that cannot be kept.
    pub(super) fn check_id(&self, id: &str) -> Result<(), Refusal> {
        if is_too_long(id) {
            return Err(Refusal::IdTooLong);
        }
        self.check_kept(id)
    }

    /// Refuses a text of the merchant's that may hold a card number, if it would be written into a log.
    pub(super) fn check_kept(&self, text: &str) -> Result<(), Refusal> {
        if self.unsaved.is_some() && holds_card_number(text) {
            return Err(Refusal::HoldsCardNumber);
        }
        Ok(())
    }

    /// The same for each of some personal texts, unless it is an IBAN, which has its own check digits.
    pub(super) fn check_personal<'a>(
        &self,
        texts: impl IntoIterator<Item = &'a Option<PersonalText>>,
    ) -> Result<(), Refusal> {
        let texts = texts.into_iter().flatten().map(PersonalText::expose);
        texts
            .filter(|text| Iban::parse(text).is_err())
            .try_for_each(|text| self.check_kept(text))
    }
}

/// Whether a text is longer than any id that is kept.
pub(super) fn is_too_long(id: &str) -> bool {
    id.len() > ID_CHARS_MAX && id.chars().nth(ID_CHARS_MAX).is_some()
}
