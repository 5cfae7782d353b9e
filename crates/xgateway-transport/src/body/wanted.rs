use std::io;
use std::sync::Arc;

use super::Body;

/// Keeps a [body](Body::while_wanted) whole: once it is dropped, no more of that body is sent.
#[derive(Debug, Default)]
#[must_use = "what nobody holds is wanted no more"]
pub struct Wanted(Arc<()>);

impl Body {
    /// The same bytes, which break off once `wanted` is dropped. A body of no bytes stays as it is.
    ///
    /// For libraries that go on with a request although the future of its exchange was dropped: over HTTP/2 one that waits for a
    /// free stream is sent later, when its caller has long given it up, and counts on its end.
    #[must_use]
    pub fn while_wanted(self, wanted: &Wanted) -> Self {
        if http_body::Body::size_hint(&self).lower() == 0 {
            return self;
        }
        let wanted = Arc::downgrade(&wanted.0);
        self.breaking(
            move || wanted.strong_count() == 0,
            io::ErrorKind::BrokenPipe,
        )
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test]
    async fn breaks_off_once_nobody_wants_it() {
        let wanted = Wanted::default();
        let body = || Body::from("body").while_wanted(&wanted);
        let (whole, given_up) = (body(), body());
        assert_eq!(http_body::Body::size_hint(&whole).exact(), Some(4));
        assert_eq!(whole.collect().await.unwrap().to_bytes(), "body");
        drop(wanted);
        given_up.collect().await.unwrap_err();
    }

    #[test]
    fn nothing_stays_nothing() {
        let body = Body::empty().while_wanted(&Wanted::default());
        assert_eq!(body.as_bytes(), Some(&b""[..]));
    }
}
