//! A browser for tests: the driver that `WEBDRIVER_URL` names, else one of our own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use crate::console;
use crate::debian;
use crate::environment;
use crate::failure::Failure;
use crate::process;

/// The variable in which tests look for the driver.
pub(crate) const VARIABLE: &str = "WEBDRIVER_URL";

/// What helps whoever has no browser.
const MISSING: &str = "no Chromium with its driver: run `sudo apt-get install --yes chromium chromium-driver`, or set \
     WEBDRIVER_URL";

/// A `WebDriver` server. One that we started ends with this value.
pub(crate) struct Driver {
    url: String,
    child: Option<Child>,
}

impl Driver {
    /// Takes the driver that `WEBDRIVER_URL` names, else starts an installed one on loopback, else installs Debian's
    /// packages if this user may, and starts it then.
    ///
    /// # Errors
    ///
    /// [`Failure::NotRun`] with what would help.
    pub(crate) fn find() -> Result<Self, Failure> {
        if let Some(url) = environment::webdriver_url() {
            console::say("browser: the driver that WEBDRIVER_URL names");
            return Ok(Self { url, child: None });
        }
        if !is_there() {
            debian::install(&["chromium", "chromium-driver"], MISSING)?;
        }
        let driver = Self::start().ok_or_else(|| Failure::NotRun {
            reason: MISSING.to_owned(),
        })?;
        console::say(&format!("browser: a driver of our own, {}", driver.url));
        Ok(driver)
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    fn start() -> Option<Self> {
        let mut child = process::command("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut lines = BufReader::new(child.stdout.take()?).lines();
        let port = lines.find_map(|line| port(&line.ok()?));
        // Whatever it still says is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let mut driver = Self {
            url: String::new(),
            child: Some(child),
        };
        driver.url = format!("http://127.0.0.1:{}", port?);
        Some(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // One that has ended already cannot be ended again.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn is_there() -> bool {
    ["chromium", "chromedriver"]
        .into_iter()
        .all(|program| process::succeeds(process::command(program).arg("--version")))
}

/// The port in the line by which the driver says that it is ready.
fn port(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("started successfully on port ")?;
    rest.trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_the_line_that_tells_it() {
        let line = "ChromeDriver was started successfully on port 40123.";
        assert_eq!(port(line), Some(40123));
        assert_eq!(port("Starting ChromeDriver 148.0 on port 0"), None);
    }
}
