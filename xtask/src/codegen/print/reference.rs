//! `docs/reference`: tables for people.

use super::super::model::Api;

pub(super) fn print(_api: &Api) -> Vec<(&'static str, String)> {
    Vec::new()
}
