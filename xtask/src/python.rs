//! Python programs in virtual environments of our own, at the versions that everybody uses.

use std::path::PathBuf;

use crate::console;
use crate::failure::Failure;
use crate::process;

/// A Python that has `package` at `version` and whatever it needs; `module` is how Python calls it.
///
/// # Errors
///
/// [`Failure::NotRun`] with what would help.
pub(crate) fn with(package: &str, version: &str, module: &str) -> Result<PathBuf, Failure> {
    let home = process::tools().join(format!("{package}-{version}"));
    let python = home.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let ready = || {
        let mut import = process::command(&python);
        process::succeeds(import.args(["-c", &format!("import {module}")]))
    };
    if ready() {
        return Ok(python);
    }
    if !process::succeeds(process::command("python3").arg("--version")) {
        return Err(not_run(
            "Python 3 is missing; on Debian: apt-get install python3-venv".to_owned(),
        ));
    }
    console::say(&format!("installing {package}, once"));
    let mut venv = process::command("python3");
    if process::run(venv.args(["-m", "venv", "--clear"]).arg(&home)).is_err() {
        return Err(not_run(
            "Python 3 has no virtual environments; on Debian: apt-get install python3-venv"
                .to_owned(),
        ));
    }
    let mut pip = process::command(&python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    if process::run(pip.arg(format!("{package}=={version}"))).is_err() {
        return Err(not_run(format!(
            "pip could not install {package}; it says why above"
        )));
    }
    Ok(python)
}

fn not_run(reason: String) -> Failure {
    Failure::NotRun { reason }
}
