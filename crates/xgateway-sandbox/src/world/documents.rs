//! What the sandbox says of itself: large, and the same until it moves.

use std::sync::OnceLock;

use bytes::Bytes;
use http::{Response, StatusCode};
use xgateway_api::OPENAPI_JSON;

use super::World;
use crate::answer::{JSON, with_body};
use crate::page;

/// Each is made when it is first asked for, and then handed out: nobody shall keep the world busy by asking again.
#[derive(Debug, Default)]
pub(super) struct Documents {
    openapi: OnceLock<Response<Bytes>>,
    reference: OnceLock<Response<Bytes>>,
}

impl World {
    /// The OpenAPI document with this sandbox as its only server, so that no tool calls the gateway by mistake.
    pub(super) fn openapi_json(&self) -> Response<Bytes> {
        let make = || {
            let server = serde_json::json!([{
                "url": format!("{}/api", self.public_url),
                "description": "This sandbox: no money moves.",
            }]);
            let rest = OPENAPI_JSON.trim_start_matches('{');
            let json = format!("{{\"servers\":{server},{rest}");
            with_body(StatusCode::OK, JSON, json.into())
        };
        self.documents.openapi.get_or_init(make).clone()
    }

    /// The same for people.
    pub(super) fn reference(&self) -> Response<Bytes> {
        let make = || page::docs(&self.public_url);
        self.documents.reference.get_or_init(make).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn documents_are_made_once_and_anew_where_the_sandbox_moves() {
        let mut world = World::new(Config::new(1));
        let ask = |world: &mut World, path: &str| {
            let request = http::Request::get(path).body(Bytes::new()).unwrap();
            world.handle(&request).into_body()
        };
        for path in ["/openapi.json", "/docs"] {
            let first = ask(&mut world, path);
            let second = ask(&mut world.fork(), path);
            assert_eq!(first.as_ptr(), second.as_ptr(), "{path} was made again");
            world.set_public_url(format!("http://sandbox{}.example", path.len()));
            let moved = ask(&mut world, path);
            let host = format!("http://sandbox{}.example/api", path.len());
            let text = std::str::from_utf8(&moved).unwrap();
            assert!(text.contains(&host) && !text.contains("sandbox.invalid"));
        }
    }
}
