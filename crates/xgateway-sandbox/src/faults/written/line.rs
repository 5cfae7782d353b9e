//! A fault in one line, as a flag has it: `name=value,name=value`.

use super::{FaultError, Written, wrong};

impl Written {
    /// From `name=value,name=value`. Of a list the numbers stand between `+`.
    pub(in crate::faults) fn from_pairs(text: &str) -> Result<Self, FaultError> {
        let mut map = serde_json::Map::new();
        for pair in text.split(',').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair
                .split_once('=')
                .ok_or_else(|| wrong("fault", format!("`{pair}` is not name=value")))?;
            let value = match name {
                "at" | "do" | "operation" | "order" | "distribution" => value.into(),
                "occurrences" => value
                    .split('+')
                    .map(|text| number(name, text))
                    .collect::<Result<Vec<_>, _>>()?
                    .into(),
                _ => number(name, value)?.into(),
            };
            map.insert(name.to_owned(), value);
        }
        Self::from_map(map)
    }
}

fn number(field: &str, text: &str) -> Result<u32, FaultError> {
    let problem = || wrong(field, format!("`{text}` is no whole number"));
    text.parse().map_err(|_| problem())
}
