/// The officially assigned ISO 3166-1 alpha-2 codes, in order.
#[rustfmt::skip]
const CODES: [&str; 249] = [
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB",
    "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY",
    "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX",
    "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK",
    "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS",
    "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR",
    "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA",
    "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK",
    "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE",
    "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM",
    "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG",
    "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF",
    "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY",
    "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW",
];

/// For each first letter the second ones, as bits: a look-up takes a tenth of a search.
const SECOND_LETTERS: [u32; 26] = {
    let mut letters = [0; 26];
    let mut index = 0;
    while index < CODES.len() {
        let code = CODES[index].as_bytes();
        letters[(code[0] - b'A') as usize] |= 1 << (code[1] - b'A');
        index += 1;
    }
    letters
};

/// Whether `text` is an assigned ISO 3166-1 alpha-2 code, in capitals.
///
/// ```
/// assert!(xgateway_core::text::is_country_code("CZ"));
/// assert!(!xgateway_core::text::is_country_code("cz"));
/// assert!(!xgateway_core::text::is_country_code("XX"));
/// ```
#[must_use]
pub fn is_country_code(text: &str) -> bool {
    match text.as_bytes() {
        [first @ b'A'..=b'Z', second @ b'A'..=b'Z'] => {
            SECOND_LETTERS[usize::from(first - b'A')] >> (second - b'A') & 1 == 1
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{CODES, is_country_code};

    #[test]
    fn exactly_the_listed_codes_pass() {
        let texts =
            ('A'..='Z').flat_map(|first| ('A'..='Z').map(move |second| format!("{first}{second}")));
        let passing: Vec<_> = texts.filter(|text| is_country_code(text)).collect();
        assert_eq!(passing, CODES);
    }

    #[test]
    fn what_is_no_two_capitals_does_not_pass() {
        for text in ["", "C", "CZE", "cz", "C€", "@Z", "C["] {
            assert!(!is_country_code(text), "{text}");
        }
    }
}
