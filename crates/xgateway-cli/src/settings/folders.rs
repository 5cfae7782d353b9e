//! Where a user's own files go, by the custom of the platform.

use std::path::PathBuf;

const NAME: &str = "xgateway";

/// What a program remembers.
pub(super) fn state() -> Option<PathBuf> {
    folder("XDG_STATE_HOME", ".local/state", "LOCALAPPDATA")
}

/// What a program is set up with.
pub(super) fn configuration() -> Option<PathBuf> {
    folder("XDG_CONFIG_HOME", ".config", "APPDATA")
}

fn folder(xdg: &str, in_home: &str, windows: &str) -> Option<PathBuf> {
    let base = if cfg!(windows) {
        variable(windows)
    } else {
        // A relative one must be ignored, says the custom.
        let named = variable(xdg).filter(|path| path.is_absolute());
        named.or_else(|| variable("HOME").map(|home| home.join(in_home)))
    };
    base.map(|base| base.join(NAME))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the module of settings is where the environment is read"
)]
fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}
