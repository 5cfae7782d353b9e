use async_trait::async_trait;
use bytes::Bytes;

use crate::{Body, Transport, TransportError};

mockall::mock! {
    /// A [`mockall`] mock: each test says with closures what it expects and
    /// what comes back.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use xgateway_transport::test_util::MockTransport;
    /// use xgateway_transport::{Body, Transport};
    ///
    /// let mut transport = MockTransport::new();
    /// transport
    ///     .expect_send()
    ///     .withf(|request| request.uri().path() == "/v2/ping")
    ///     .times(1)
    ///     .returning(|_| Ok(http::Response::new(Bytes::from_static(b"pong"))));
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let request = http::Request::get("https://gateway.example/v2/ping").body(Body::empty())?;
    /// let answer = transport.send(request).await?;
    /// assert_eq!(answer.body(), "pong");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Debug)]
    pub Transport {}

    #[async_trait]
    impl Transport for Transport {
        async fn send(
            &self,
            request: http::Request<Body>,
        ) -> Result<http::Response<Bytes>, TransportError>;
    }
}
