//! Programs that Debian packages bring.

use crate::console;
use crate::failure::Failure;
use crate::process;

/// Installs packages, if this is root on Debian.
///
/// # Errors
///
/// [`Failure::NotRun`] with `missing`, which says what would help.
pub(crate) fn install(packages: &[&str], missing: &str) -> Result<(), Failure> {
    let not_run = || Failure::NotRun {
        reason: missing.to_owned(),
    };
    if !is_root() || !process::succeeds(process::command("apt-get").arg("--version")) {
        return Err(not_run());
    }
    console::say(&format!(
        "not there; installing Debian's packages: {}",
        packages.join(" ")
    ));
    let install = || {
        let mut command = process::command("apt-get");
        command.args(["install", "--yes", "--no-install-recommends"]);
        command.args(packages);
        process::run(command.env("DEBIAN_FRONTEND", "noninteractive"))
    };
    // A list of packages that is too old, or none, is the usual reason to fail.
    let installed = install().or_else(|_| {
        process::run(process::command("apt-get").arg("update")).and_then(|()| install())
    });
    installed.map_err(|_| not_run())
}

/// Whether this user may do everything.
pub(crate) fn is_root() -> bool {
    let output = process::command("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
