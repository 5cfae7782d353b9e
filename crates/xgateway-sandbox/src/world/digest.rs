//! What tells whether two bodies are the same, without telling what they are.

use sha2::{Digest as _, Sha256};
use xgateway_api::json::View;
use xgateway_core::rules::{Document, Kind, Schema, StringCheck, Value};

use super::World;
use crate::event::BodyDigest;
use crate::money;
use crate::random::Purpose;

impl World {
    /// A keyed hash over every field that the gateway reads: the body itself is never kept.
    ///
    /// How a body is written does not matter, nor do keys that the gateway drops.
    pub(super) fn digest(&self, request: &View<'_>) -> BodyDigest {
        let mut gathered = Gathered::new();
        gathered.push(&self.random.head(Purpose::BodyDigest));
        gathered.object(request.schema(), request);
        BodyDigest(gathered.finish())
    }
}

/// How many bytes are hashed at a time: whole blocks.
const GATHERED_MAX: usize = 512;

/// Gathers what is hashed: a field has a few bytes, and to begin with each anew costs more than they do.
struct Gathered {
    hasher: Sha256,
    bytes: [u8; GATHERED_MAX],
    length: usize,
}

impl Gathered {
    fn new() -> Self {
        Self {
            hasher: Sha256::new(),
            bytes: [0; GATHERED_MAX],
            length: 0,
        }
    }

    fn finish(mut self) -> [u8; 32] {
        self.flush();
        self.hasher.finalize().into()
    }

    fn object(&mut self, schema: &Schema, document: &dyn Document) {
        for (index, field) in schema.fields.iter().enumerate() {
            match (document.value(index, field), &field.kind) {
                (Value::Object(document), Kind::Object(schema)) => self.object(schema, document),
                (Value::Number(number), _) if is_plainest(number) => self.text(number),
                (Value::Number(number), _) => match money::from_json_number(number) {
                    Some(value) => self.text(&value.normalize().to_string()),
                    None => self.text(number),
                },
                // Delimiters of a card number do not count.
                (Value::Text(value), Kind::Text([StringCheck::StripNonDigits, ..])) => {
                    self.digits(value);
                }
                (Value::Text(value), _) => self.text(value),
                // A kind of value that says nothing more, such as that there is none.
                (value, _) => {
                    self.push(&[0]);
                    self.text(value.received());
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.begin_text(text.len());
        self.push(text.as_bytes());
    }

    fn digits(&mut self, text: &str) {
        let runs = || text.as_bytes().split(|byte| !byte.is_ascii_digit());
        self.begin_text(runs().map(<[u8]>::len).sum());
        for run in runs() {
            self.push(run);
        }
    }

    /// The length first, so that no two lists of fields run into the same bytes.
    fn begin_text(&mut self, length: usize) {
        let mut head = [1; 9];
        head[1..].copy_from_slice(&(length as u64).to_be_bytes());
        self.push(&head);
    }

    #[inline]
    fn push(&mut self, mut bytes: &[u8]) {
        while let Some((first, rest)) = bytes.split_at_checked(GATHERED_MAX - self.length) {
            self.bytes[self.length..].copy_from_slice(first);
            self.length = GATHERED_MAX;
            self.flush();
            bytes = rest;
        }
        let end = self.length + bytes.len();
        self.bytes[self.length..end].copy_from_slice(bytes);
        self.length = end;
    }

    fn flush(&mut self) {
        self.hasher.update(&self.bytes[..self.length]);
        self.length = 0;
    }
}

/// Whether a number is written as its value is hashed: a whole one without a zero before it.
fn is_plainest(number: &str) -> bool {
    matches!(number.as_bytes(), [b'1'..=b'9', rest @ ..] if rest.len() < 6 && rest.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use xgateway_api::json;
    use xgateway_api::rules::GATEWAY8_REQUEST;

    use super::*;
    use crate::config::Config;

    const BODY: &str = r#"{
        "amount": 10, "baseCurrency": "EUR", "customerId": "ff36a7a5-08fd-418a-a150-f6f2d36676a8",
        "customerEmail": "john.doe@example.com", "customerFirstName": "John", "customerLastName": "Doe",
        "customerPhone": "49 15123456789", "customerDateOfBirth": "2000-02-10", "orderId": "XBNfu922e2",
        "accountId": "a67ec03c-0253-4c14-9961-28985186f90c", "redirectUrl": "https://xgateway.tech",
        "userIp": "217.138.202.40", "billingAddress": {
            "addressLine1": "Hlavni mesto Praha 11 22", "addressLine2": "Suite 56", "city": "Prague",
            "countryCode": "CZ", "postalCode": "15000", "state": "Praha, Hlavni mesto"
        }, "card": {
            "cardNumber": "4000 0000 0001 1017", "cardholderName": "John Doe", "expiryMonth": "12",
            "expiryYear": "2028", "cardSecurityCode": "444"
        }}"#;

    fn digest(body: &str) -> [u8; 32] {
        let request = json::view(&GATEWAY8_REQUEST, body.as_bytes()).unwrap();
        World::new(Config::new(1)).digest(&request).0
    }

    /// Logs hold digests: another one would make a conflict of every repetition of an order that they know.
    #[test]
    fn it_is_the_one_that_stands_in_logs() {
        let stored = [
            59, 68, 181, 246, 252, 2, 226, 254, 124, 83, 90, 55, 120, 42, 245, 55, 51, 163, 155,
            203, 156, 156, 187, 158, 240, 86, 65, 100, 202, 165, 88, 166,
        ];
        assert_eq!(digest(BODY), stored);
        assert_eq!(digest(&BODY.replace("0001 1017", "00011017")), stored);
        assert_eq!(digest(&BODY.replace(": 10,", ": 1.0e1,")), stored);
        assert_ne!(digest(&BODY.replace("444", "445")), stored);
    }

    #[test]
    fn long_texts_count_to_their_end() {
        let long = BODY.replace("Suite 56", &"x".repeat(50));
        let other = BODY.replace("Suite 56", &format!("{}y", "x".repeat(49)));
        assert_ne!(digest(&long), digest(&other));
    }

    #[test]
    fn however_it_is_gathered_it_is_hashed_whole() {
        let text: Vec<u8> = (0..=u8::MAX).cycle().take(3 * GATHERED_MAX).collect();
        for length in [0, 1, 511, 512, 513, 1024, 1536] {
            for first in [0, 1, 40, 511, 512] {
                let (first, rest) = text[..length].split_at(first.min(length));
                let mut gathered = Gathered::new();
                gathered.push(first);
                gathered.push(rest);
                let whole: [u8; 32] = Sha256::digest(&text[..length]).into();
                assert_eq!(gathered.finish(), whole, "{length}");
            }
        }
    }
}
