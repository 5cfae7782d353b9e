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
        let mut gathered = Gathered {
            hasher: self.random.hasher(Purpose::BodyDigest),
            bytes: [0; 256],
            length: 0,
        };
        gathered.object(request.schema(), request);
        gathered.flush();
        BodyDigest(gathered.hasher.finalize().into())
    }
}

/// Gathers what is hashed: a field has a few bytes, and to begin with each anew costs more than they do.
struct Gathered {
    hasher: Sha256,
    bytes: [u8; 256],
    length: usize,
}

impl Gathered {
    fn object(&mut self, schema: &Schema, document: &dyn Document) {
        for (index, field) in schema.fields.iter().enumerate() {
            match (document.value(index, field), &field.kind) {
                (Value::Object(document), Kind::Object(schema)) => self.object(schema, document),
                (Value::Number(number), _) => match money::from_json_number(number) {
                    Some(value) => self.text(&value.normalize().to_string()),
                    None => self.text(number),
                },
                // Delimiters of a card number do not count.
                (Value::Text(value), Kind::Text(checks))
                    if checks
                        .iter()
                        .any(|check| matches!(check, StringCheck::StripNonDigits)) =>
                {
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
        let digits = || text.bytes().filter(u8::is_ascii_digit);
        self.begin_text(digits().count());
        for digit in digits() {
            self.push(&[digit]);
        }
    }

    /// The length first, so that no two lists of fields run into the same bytes.
    fn begin_text(&mut self, length: usize) {
        self.push(&[1]);
        self.push(&(length as u64).to_be_bytes());
    }

    #[inline]
    fn push(&mut self, bytes: &[u8]) {
        if bytes.len() > self.bytes.len() - self.length {
            self.flush();
        }
        let end = self.length + bytes.len();
        match self.bytes.get_mut(self.length..end) {
            Some(place) => {
                place.copy_from_slice(bytes);
                self.length = end;
            }
            None => self.hasher.update(bytes),
        }
    }

    fn flush(&mut self) {
        self.hasher.update(&self.bytes[..self.length]);
        self.length = 0;
    }
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
}
