use std::fmt::Write as _;

use qrcode::types::Color;
use qrcode::{EcLevel, QrCode};

use super::DepositAddress;

/// The empty border that readers need, in modules.
const QUIET: usize = 4;

impl DepositAddress {
    /// The address as a QR code: a whole SVG image, black on white, that scales to any size.
    ///
    /// It holds the address alone, so that a wallet asks for the amount.
    pub fn qr_svg(&self) -> String {
        let modules = Modules::of(&self.text);
        let side = modules.side;
        let mut path = String::new();
        for y in 0..side {
            let mut x = 0;
            while x < side {
                let start = x;
                while modules.is_dark(x, y) {
                    x += 1;
                }
                if x > start {
                    let width = x - start;
                    let _ = write!(path, "M{start} {y}h{width}v1h-{width}z");
                }
                x += 1;
            }
        }
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000" d="{path}"/></svg>"##
        )
    }

    /// The address as a QR code for a terminal with a dark background: two modules in each character, light ones drawn.
    pub fn qr_text(&self) -> String {
        let modules = Modules::of(&self.text);
        let mut text = String::new();
        for y in (0..modules.side).step_by(2) {
            for x in 0..modules.side {
                // Beyond the last row there is quiet, which is light.
                text.push(match (modules.is_dark(x, y), modules.is_dark(x, y + 1)) {
                    (false, false) => '█',
                    (false, true) => '▀',
                    (true, false) => '▄',
                    (true, true) => ' ',
                });
            }
            text.push('\n');
        }
        text
    }
}

/// The modules of a code with its quiet zone.
struct Modules {
    colors: Vec<Color>,
    width: usize,
    side: usize,
}

impl Modules {
    fn of(text: &str) -> Self {
        let code = QrCode::with_error_correction_level(text, EcLevel::M)
            .expect("an address has at most 128 bytes, and a code of this level holds 2331");
        let width = code.width();
        Self {
            width,
            side: width + 2 * QUIET,
            colors: code.into_colors(),
        }
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        let (Some(x), Some(y)) = (x.checked_sub(QUIET), y.checked_sub(QUIET)) else {
            return false;
        };
        x < self.width && y < self.width && self.colors[y * self.width + x] == Color::Dark
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use xgateway_core::id::CustomerId;
    use xgateway_core::money::Currency;

    use super::*;

    fn address(text: &str) -> DepositAddress {
        DepositAddress {
            customer_id: CustomerId::parse("c").unwrap(),
            currency: Currency::Btc,
            text: text.into(),
            qr_code_url: None,
        }
    }

    #[test]
    fn a_terminal_shows_a_square_with_a_border() {
        expect![[r"
            █████████████████████████████████████
            █████████████████████████████████████
            ████ ▄▄▄▄▄ █ ▀ ▀▄ ▄▄▀▄▄█ █ ▄▄▄▄▄ ████
            ████ █   █ █▀██▄ █▀▀▄██▄ █ █   █ ████
            ████ █▄▄▄█ ███▀█ ▀▄▀ █▀ ▄█ █▄▄▄█ ████
            ████▄▄▄▄▄▄▄█ █▄▀▄█▄▀ ▀▄▀ █▄▄▄▄▄▄▄████
            ████▄█▄▄▀▄▄▄▀█ █  ▀ ▄▄▄█ █▄▀▀▄█▄ ████
            ████▄▄ ▄▀ ▄▀▀   ▀▄██ █▀▀▄█ ▄▄██ ▀████
            ████▀ ▄▄██▄▀▀ █▄▀█ ▀▄▀█▀▄█▀██▀█▀█████
            ████▀█ ▀█ ▄ ▀▄▀ ▄▄▀▀▀█ ▄▀  ▄▀▀█▄ ████
            ████▄████▄▄█▀  ▀ █ ▄█  █  ▀ █▀ ▀█████
            ████▄██▄ ▀▄ █▀  ▀  ▄▀ ▄█▀█▀▀ ▀ ▄▀████
            █████▄▄█▄█▄█▀▀ ▄ ▄▄  ▀ ▀ ▄▄▄  █ ▀████
            ████ ▄▄▄▄▄ █ ██▄█▀ █▀▄   █▄█  █▄█████
            ████ █   █ █▀▀▀█▄▀█▀▄▀█▀▄ ▄▄   ▄▀████
            ████ █▄▄▄█ █▄▀▄  ▀ ▀▀▄ █ ▄▄▄█ █▀▄████
            ████▄▄▄▄▄▄▄█▄▄█▄▄▄▄▄██▄▄▄▄▄▄█▄█▄█████
            █████████████████████████████████████
            █████████████████████████████████████
        "]]
        .assert_eq(&address("n3UrMJG4rxAbXfVWo8dpZ4JLsDZMFm8LM9").qr_text());
    }

    #[test]
    fn the_image_has_every_dark_module() {
        for length in [1, 34, 42, 128] {
            let address = address(&"x".repeat(length));
            let modules = Modules::of(address.as_str());
            let mut area = 0;
            for run in address
                .qr_svg()
                .split("fill=\"#000\"")
                .nth(1)
                .unwrap()
                .split('h')
                .skip(1)
                .step_by(2)
            {
                area += run.split('v').next().unwrap().parse::<usize>().unwrap();
            }
            let dark = modules
                .colors
                .iter()
                .filter(|it| **it == Color::Dark)
                .count();
            assert_eq!(area, dark);
        }
    }
}
