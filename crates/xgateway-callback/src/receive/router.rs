use axum::Router;

use super::Receiver;

impl Receiver {
    /// A router with the receiver at `path`, such as `/callbacks`. The gateway can have one URL for all kinds, or one for
    /// each: the receiver takes any kind at any.
    pub fn router<S: Clone + Send + Sync + 'static>(self, path: &str) -> Router<S> {
        Router::new().route_service(path, self)
    }
}
