//! The texts of the fields, as they stand there and as they may have been hashed.

use serde_json::value::RawValue;
use xgateway_core::money::DecimalText;
use xgateway_store::Kind;

use super::Mistake;

/// The texts that a hash may be made of.
#[derive(Clone, Default)]
pub(super) struct Texts {
    pub(super) id: String,
    pub(super) customer_id: String,
    pub(super) amount: String,
    pub(super) currency: String,
    pub(super) status: String,
}

/// The texts of a callback, in two ways.
pub(super) struct Written {
    kind: Kind,
    texts: Texts,
    /// With their escapes.
    escaped: Texts,
    amount_is_number: bool,
}

impl Texts {
    /// Takes what there is, of whatever type it is.
    pub(super) fn read(members: &[(String, &RawValue)]) -> Written {
        let raw = |name: &str| {
            members
                .iter()
                .rev()
                .find(|(key, _)| key == name)
                .map_or("null", |(_, raw)| raw.get())
        };
        let text = |name: &str| match serde_json::from_str(raw(name)) {
            Ok(Some(text)) => text,
            Ok(None) => String::new(),
            Err(_) => raw(name).to_owned(),
        };
        let escaped = |name: &str| match raw(name) {
            "null" => String::new(),
            raw => raw.trim_matches('"').to_owned(),
        };
        let of = |text: &dyn Fn(&str) -> String| Self {
            id: text("id"),
            customer_id: text("customerId"),
            amount: text("amount"),
            currency: text("currency"),
            status: text("status"),
        };
        let kind = text("callbackType");
        Written {
            kind: Kind::parse(&kind).unwrap_or(Kind::Transaction),
            texts: of(&text),
            escaped: of(&escaped),
            amount_is_number: raw("amount")
                .starts_with(|first: char| first == '-' || first.is_ascii_digit()),
        }
    }

    fn map(&self, change: impl Fn(&str) -> Option<String>) -> Option<Self> {
        Some(Self {
            id: change(&self.id)?,
            customer_id: change(&self.customer_id)?,
            amount: change(&self.amount)?,
            currency: change(&self.currency)?,
            status: change(&self.status)?,
        })
    }
}

impl Written {
    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// The texts as they stand there, then each as a mistake makes it.
    pub(super) fn variants(&self) -> Vec<(Texts, Vec<Mistake>)> {
        let texts = &self.texts;
        let mut variants = vec![(texts.clone(), vec![])];
        let mut add = |changed: Texts, mistake| variants.push((changed, vec![mistake]));
        for amount in amounts(&texts.amount) {
            add(
                Texts {
                    amount,
                    ..texts.clone()
                },
                Mistake::AmountReformatted,
            );
        }
        for currency in [texts.currency.to_lowercase(), texts.currency.to_uppercase()] {
            if currency != texts.currency {
                add(
                    Texts {
                        currency,
                        ..texts.clone()
                    },
                    Mistake::CurrencyCase,
                );
            }
        }
        if texts.customer_id.is_empty() {
            for word in ["null", "undefined", "None", "nil"] {
                let customer_id = word.to_owned();
                add(
                    Texts {
                        customer_id,
                        ..texts.clone()
                    },
                    Mistake::NoCustomerAsWord,
                );
            }
        }
        add(self.escaped.clone(), Mistake::EscapesKept);
        // UTF-8 that was read as Latin-1, and the other way round.
        add(
            texts
                .map(|text| Some(text.bytes().map(char::from).collect()))
                .unwrap_or_default(),
            Mistake::NotUtf8,
        );
        let from_latin = |text: &str| {
            let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
            String::from_utf8(bytes?).ok()
        };
        if let Some(changed) = texts.map(from_latin) {
            add(changed, Mistake::NotUtf8);
        }
        if self.amount_is_number {
            for (_, mistakes) in &mut variants {
                mistakes.push(Mistake::AmountIsNumber);
            }
        }
        variants
    }
}

/// The same number, written in other ways.
fn amounts(written: &str) -> Vec<String> {
    let Ok(decimal) = DecimalText::parse(written) else {
        return Vec::new();
    };
    let value = decimal.value().normalize();
    let whole = value.to_string();
    let least = usize::try_from(value.scale()).unwrap_or_default();
    let mut amounts: Vec<_> = [1, 2, 3, 4, 6, 8, 18]
        .into_iter()
        .filter(|digits| *digits >= least)
        .map(|digits| format!("{value:.digits$}"))
        .collect();
    amounts.push(whole);
    amounts.retain(|amount| amount != written);
    amounts
}
