//! The allowed arrows between crates, and the third-party crates that each may use.
//!
//! A new arrow is a loud change: its own commit, with the reason.

/// What one crate may depend on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// The crate.
    pub(super) name: &'static str,
    /// Whether users depend on it, so that it must also build alone.
    pub(super) library: bool,
    /// Our own crates.
    pub(super) internal: Allowed,
    /// Third-party crates.
    pub(super) external: Allowed,
    /// Crates that must not be anywhere in its tree, with default features.
    pub(super) banned: &'static [&'static str],
    /// The most other crates in its tree, with default features on Linux, procedural macros included.
    pub(super) tree_max: Option<usize>,
}

/// A set of crates.
#[derive(Clone, Copy, Debug)]
pub(super) enum Allowed {
    /// Whatever it likes: nobody's product depends on it.
    Any,
    /// These.
    Only(&'static [&'static str]),
}

impl Allowed {
    /// Whether a crate is in the set.
    pub(super) fn contains(self, name: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Only(names) => names.contains(&name),
        }
    }
}

/// Every crate of the workspace.
pub(super) const TABLE: &[Row] = &[
    // Domain values and rules: neither I/O nor async, clock, randomness or logs, not even through others.
    Row {
        name: "xgateway-core",
        library: true,
        internal: Allowed::Only(&[]),
        external: Allowed::Only(&[
            "base64",
            "jiff",
            "rust_decimal",
            "serde",
            "sha2",
            "subtle",
            "thiserror",
            "url",
            "zeroize",
        ]),
        banned: &[
            "async-trait",
            "axum",
            "futures-core",
            "getrandom",
            "http",
            "hyper",
            "log",
            "mio",
            "rand",
            "rand_core",
            "reqwest",
            "tokio",
            "tracing",
        ],
        // `url` and what it alone brings are 29 of them; reqwest brings the same ones.
        tree_max: Some(45),
    },
    Row {
        name: "xgateway-api",
        library: true,
        internal: Allowed::Only(&["xgateway-core"]),
        external: Allowed::Only(&[
            "bytes",
            "http",
            "jiff",
            "proptest",
            // Behind `qr`:
            "qrcode",
            "serde",
            "serde_json",
            "thiserror",
            "zeroize",
        ]),
        banned: &[
            "async-trait",
            "axum",
            "hyper",
            "log",
            "qrcode",
            "reqwest",
            "tokio",
            "tracing",
        ],
        tree_max: None,
    },
    Row {
        name: "xgateway-transport",
        library: true,
        internal: Allowed::Only(&[]),
        external: Allowed::Only(&[
            "async-trait",
            "bytes",
            "http",
            "http-body",
            "thiserror",
            // Behind `test-util`:
            "mockall",
            "serde",
            "serde_json",
            "similar",
            // Behind `tower`; the trait alone, which has no dependencies.
            "tower-service",
        ]),
        banned: &["axum", "hyper", "mockall", "reqwest", "tokio"],
        tree_max: None,
    },
    Row {
        name: "xgateway-transport-reqwest",
        library: true,
        internal: Allowed::Only(&["xgateway-transport"]),
        external: Allowed::Only(&[
            "async-trait",
            "bytes",
            "http",
            // Without features: only to tell its errors apart.
            "hyper",
            "reqwest",
            "thiserror",
        ]),
        banned: &["native-tls", "openssl-sys", "serde_json", "xgateway-core"],
        tree_max: None,
    },
    Row {
        name: "xgateway-transport-hyper",
        library: true,
        internal: Allowed::Only(&["xgateway-transport"]),
        external: Allowed::Only(&[
            "async-trait",
            "bytes",
            "http",
            "http-body",
            "http-body-util",
            "hyper",
            "hyper-util",
            "rustls",
            "rustls-platform-verifier",
            "thiserror",
            "tokio",
            "tokio-rustls",
        ]),
        banned: &[
            "native-tls",
            "openssl-sys",
            "reqwest",
            "ring",
            "serde_json",
            "tower",
            "url",
            "xgateway-core",
        ],
        tree_max: None,
    },
    // Anyone's adapter must pass, so it brings no HTTP library of its own.
    Row {
        name: "xgateway-conformance",
        library: true,
        internal: Allowed::Only(&[
            // Behind `store`: the duties of stores.
            "xgateway-store",
            "xgateway-transport",
        ]),
        external: Allowed::Only(&["bytes", "http", "http-body", "tokio"]),
        banned: &[
            "axum",
            "hyper",
            "reqwest",
            "rustls",
            "xgateway-core",
            "xgateway-store",
        ],
        tree_max: None,
    },
    // Any transport must do, so none may come along.
    Row {
        name: "xgateway-client",
        library: true,
        internal: Allowed::Only(&["xgateway-api", "xgateway-core", "xgateway-transport"]),
        external: Allowed::Only(&[
            "bytes",
            "http",
            // The dates of `retry-after`.
            "httpdate",
            // For documents, which are sent while they are read.
            "http-body",
            "thiserror",
            "tokio",
            "tracing",
            // Pieces of documents are wiped.
            "zeroize",
        ]),
        banned: &["axum", "hyper", "mio", "mockall", "reqwest"],
        tree_max: None,
    },
    Row {
        name: "xgateway-flows",
        library: true,
        internal: Allowed::Only(&[
            "xgateway-api",
            "xgateway-client",
            "xgateway-core",
            // Intents are journalled before the first byte is sent.
            "xgateway-store",
        ]),
        external: Allowed::Only(&[
            "async-trait",
            // Times are arguments; there is no clock.
            "jiff",
            "serde",
            "serde_json",
            "thiserror",
            "tracing",
        ]),
        banned: &["axum", "hyper", "mio", "mockall", "reqwest", "sqlx"],
        tree_max: None,
    },
    // Remembers; speaks to a database, and to nobody else.
    Row {
        name: "xgateway-store",
        library: true,
        internal: Allowed::Only(&["xgateway-core"]),
        external: Allowed::Only(&[
            "async-trait",
            "bytes",
            "hmac",
            "jiff",
            "proptest",
            "sha2",
            "sqlx",
            "thiserror",
            "tokio",
            // An entry that is given up since it cannot be read, which no caller is told of.
            "tracing",
            "zeroize",
        ]),
        banned: &["axum", "http", "hyper", "reqwest", "sqlx"],
        tree_max: None,
    },
    // Confirmation is a trait: a client of any kind fits, and none comes along.
    Row {
        name: "xgateway-callback",
        library: true,
        internal: Allowed::Only(&["xgateway-api", "xgateway-core", "xgateway-store"]),
        external: Allowed::Only(&[
            "async-trait",
            "base64",
            "bytes",
            // Questions to the API at the same time, whatever the runtime.
            "futures-util",
            "hmac",
            "http",
            "jiff",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
            "tracing",
            "zeroize",
            // Behind `tower`, `axum` and `tokio`:
            "axum",
            "http-body",
            "http-body-util",
            "tokio",
            "tower",
        ]),
        banned: &["axum", "hyper", "mio", "reqwest", "xgateway-client"],
        tree_max: None,
    },
    // The sandbox must not share the client's mistakes.
    Row {
        name: "xgateway-sandbox",
        library: true,
        internal: Allowed::Only(&["xgateway-api", "xgateway-core", "xgateway-transport"]),
        external: Allowed::Only(&[
            "async-trait",
            "axum",
            "bytes",
            // The hash of the world's maps, which every request uses a dozen times.
            "foldhash",
            "http",
            "http-body",
            // The server's own loop over connections: limits, and faults in the middle of an answer.
            "hyper",
            "hyper-util",
            "jiff",
            "maud",
            // Every body is looked through for what may be kept of it.
            "memchr",
            // What the document says is Markdown, and shown as such at /docs.
            "pulldown-cmark",
            "rust_decimal",
            "serde",
            "serde_json",
            // Scenarios are files that people write.
            "serde_yaml_ng",
            "sha2",
            "sha3",
            "thiserror",
            "tokio",
            "tracing",
            "uuid",
        ]),
        banned: &[
            "getrandom",
            "reqwest",
            "xgateway",
            "xgateway-client",
            "xgateway-flows",
            "xgateway-transport-reqwest",
        ],
        tree_max: None,
    },
    Row {
        name: "xgateway",
        library: true,
        internal: Allowed::Only(&[
            "xgateway-api",
            // Behind `callback`; the facade joins it to the client.
            "xgateway-callback",
            "xgateway-client",
            "xgateway-core",
            "xgateway-flows",
            "xgateway-store",
            "xgateway-transport",
            // Behind `hyper`:
            "xgateway-transport-hyper",
            "xgateway-transport-reqwest",
        ]),
        external: Allowed::Only(&["async-trait"]),
        banned: &[
            "axum",
            "mockall",
            "native-tls",
            "openssl-sys",
            "sqlx",
            "xgateway-callback",
            "xgateway-sandbox",
            "xgateway-transport-hyper",
        ],
        tree_max: None,
    },
    Row {
        name: "xgateway-cli",
        library: false,
        internal: Allowed::Only(&["xgateway", "xgateway-sandbox"]),
        external: Allowed::Only(&[
            "anstream",
            "anstyle",
            "async-trait",
            "axum",
            "bytes",
            "clap",
            "config",
            "futures-util",
            // One key is made at first use.
            "getrandom",
            "http",
            "indicatif",
            "jiff",
            "rpassword",
            // The terminal is given back as it was.
            "rustix",
            "rust_decimal",
            "serde",
            "serde_json",
            "thiserror",
            "tokio",
            "tracing-subscriber",
            "zeroize",
        ]),
        banned: &["native-tls", "openssl-sys"],
        tree_max: None,
    },
    // Nothing but tests, so that no other crate waits for a `WebDriver` client.
    Row {
        name: "xgateway-browser-tests",
        library: false,
        internal: Allowed::Only(&[]),
        external: Allowed::Any,
        banned: &["native-tls", "openssl-sys"],
        tree_max: None,
    },
    // What a reader would put into a manifest of their own.
    Row {
        name: "xgateway-examples",
        library: false,
        internal: Allowed::Only(&["xgateway", "xgateway-sandbox"]),
        external: Allowed::Only(&[
            "async-trait",
            "axum",
            "bytes",
            "http",
            "http-body-util",
            "hyper",
            "hyper-util",
            "jiff",
            "serde_json",
            "sqlx",
            "tempfile",
            "tokio",
        ]),
        banned: &[],
        tree_max: None,
    },
    // Measures our crates against their peers.
    Row {
        name: "xgateway-bench",
        library: false,
        internal: Allowed::Any,
        external: Allowed::Any,
        banned: &[],
        tree_max: None,
    },
    // Puts the product together as a merchant would, and runs it against the sandbox.
    Row {
        name: "xgateway-simulation",
        library: false,
        internal: Allowed::Only(&["xgateway", "xgateway-sandbox"]),
        external: Allowed::Only(&[
            "async-trait",
            "bytes",
            "clap",
            "http",
            "http-body-util",
            "jiff",
            "rand_chacha",
            "rust_decimal",
            "serde_json",
            "tokio",
            "tracing",
        ]),
        banned: &["native-tls", "openssl-sys"],
        tree_max: None,
    },
    // Must build when the product does not.
    Row {
        name: "xtask",
        library: false,
        internal: Allowed::Only(&[]),
        external: Allowed::Any,
        banned: &[],
        tree_max: None,
    },
];
