//! Forms: `multipart/form-data` as RFC 7578 has it, in memory.

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use xgateway_core::rules::{Document, Field, Value};

use super::KycRefusal;

/// The most parts of a form.
const PARTS_MAX: usize = 16;

/// The parts of a form, by name; they borrow from the body.
#[derive(Debug, Default)]
pub(super) struct Form<'a> {
    parts: Vec<(String, &'a [u8])>,
}

impl<'a> Form<'a> {
    pub(super) fn read(headers: &HeaderMap, body: &'a [u8]) -> Result<Self, KycRefusal> {
        let boundary = boundary(headers).ok_or(KycRefusal::NotAForm)?;
        let delimiter = [b"\r\n--", boundary.as_bytes()].concat();
        // The first delimiter has no line before it.
        let mut rest = body
            .strip_prefix(&delimiter[2..])
            .ok_or(KycRefusal::MalformedForm)?;
        let mut form = Self::default();
        loop {
            if rest.starts_with(b"--") {
                return Ok(form);
            }
            let part = rest
                .strip_prefix(b"\r\n")
                .ok_or(KycRefusal::MalformedForm)?;
            let end = find(part, &delimiter).ok_or(KycRefusal::MalformedForm)?;
            let (part, after) = part.split_at(end);
            rest = &after[delimiter.len()..];
            let at = find(part, b"\r\n\r\n").ok_or(KycRefusal::MalformedForm)?;
            let name = name(&part[..at]).ok_or(KycRefusal::MalformedForm)?;
            form.parts.push((name, &part[at + 4..]));
            if form.parts.len() > PARTS_MAX {
                return Err(KycRefusal::MalformedForm);
            }
        }
    }

    /// The last part of this name.
    pub(super) fn part(&self, name: &str) -> Option<&'a [u8]> {
        let part = self.parts.iter().rfind(|(it, _)| it == name);
        part.map(|(_, bytes)| *bytes)
    }

    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        str::from_utf8(self.part(name)?).ok()
    }
}

/// As the rules look at it: whatever is there is a text. Of a file only that counts.
impl Document for Form<'_> {
    fn value(&self, _index: usize, field: &Field) -> Value<'_> {
        match self.part(field.name) {
            Some(bytes) => Value::Text(str::from_utf8(bytes).unwrap_or_default()),
            None => Value::Missing,
        }
    }
}

fn boundary(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let mut parts = text.split(';').map(str::trim);
    let is_form = parts
        .next()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("multipart/form-data"));
    let boundary = parts
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"))
        .map(|(_, value)| value.trim().trim_matches('"'));
    boundary.filter(|it| is_form && (1..=70).contains(&it.len()))
}

/// The name in a part's headers.
fn name(headers: &[u8]) -> Option<String> {
    let headers = str::from_utf8(headers).ok()?;
    let line = headers.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim()
            .eq_ignore_ascii_case("content-disposition")
            .then_some(value)
    })?;
    let mut parts = line.split(';').map(str::trim);
    if parts.next() != Some("form-data") {
        return None;
    }
    parts
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| *name == "name")
        .map(|(_, value)| value.trim_matches('"').to_owned())
}

/// Where `needle`, which begins with a carriage return, begins.
fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|byte| *byte == b'\r')?;
        if bytes[at..].starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn headers(boundary: &str) -> HeaderMap {
        let value = format!("multipart/form-data; boundary={boundary}");
        let value = HeaderValue::from_str(&value).unwrap();
        HeaderMap::from_iter([(CONTENT_TYPE, value)])
    }

    proptest! {
        #[test]
        fn parts_come_back_byte_for_byte(file in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut body = b"--b42\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nSELFIE\r\n--b42\r\n".to_vec();
            body.extend(b"content-disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Type: image/png\r\n\r\n");
            body.extend(&file);
            body.extend(b"\r\n--b42--\r\n");
            prop_assume!(find(&file, b"\r\n--b42").is_none());
            let form = Form::read(&headers("b42"), &body).unwrap();
            prop_assert_eq!(form.text("kind"), Some("SELFIE"));
            prop_assert_eq!(form.part("file"), Some(&*file));
        }

        #[test]
        fn nothing_that_comes_panics(body in proptest::collection::vec(prop_oneof![Just(b'\r'), Just(b'\n'), Just(b'-'), Just(b'b'), any::<u8>()], 0..80)) {
            let _ = Form::read(&headers("b"), &body);
        }
    }

    #[test]
    fn what_is_no_form_is_refused() {
        let none = HeaderMap::new();
        assert!(matches!(Form::read(&none, b""), Err(KycRefusal::NotAForm)));
        for body in [
            &b""[..],
            b"--b",
            b"--b\r\n",
            b"--b\r\nx\r\n--b--",
            b"--b\r\nx: y\r\n\r\n1\r\n--b--",
        ] {
            assert!(matches!(
                Form::read(&headers("b"), body),
                Err(KycRefusal::MalformedForm)
            ));
        }
    }
}
