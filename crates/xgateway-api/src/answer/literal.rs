//! Numbers of a JSON document as texts, digit for digit.

/// The same document with every number in quotes; nothing if there is none.
///
/// A decimal of the gateway is a text. Where it is a number after all, it is read from what was written, and never
/// through a float.
pub(super) fn quoted(json: &str) -> Option<String> {
    let is_number = |byte: u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    let bytes = json.as_bytes();
    let (mut quoted, mut kept, mut at) = (String::new(), 0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_text(bytes, at),
            b'-' | b'0'..=b'9' => {
                let length = bytes[at..].iter().take_while(|it| is_number(**it)).count();
                quoted.push_str(&json[kept..at]);
                quoted.push('"');
                quoted.push_str(&json[at..at + length]);
                quoted.push('"');
                at += length;
                kept = at;
            }
            _ => at += 1,
        }
    }
    (kept > 0).then(|| quoted + &json[kept..])
}

/// Behind the text that begins at `start`.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_become_texts_and_nothing_else_changes() {
        for (json, want) in [
            (
                r#"{"a":1,"b":[-2.50e+7 , 0]}"#,
                Some(r#"{"a":"1","b":["-2.50e+7" , "0"]}"#),
            ),
            (r#"{"1":"2","\"3":"\\","b":true,"e":null}"#, None),
            ("5", Some(r#""5""#)),
            (r#""5"#, None),
            (r#""\"#, None),
        ] {
            assert_eq!(quoted(json).as_deref(), want, "{json}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[0-9eE.\\\\\"é{}:,-]{0,30}") {
            let _ = quoted(&text);
        }
    }
}
