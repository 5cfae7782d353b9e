use std::io::{IsTerminal as _, Write as _, stderr};
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};
use xgateway::core::document::Page;
use xgateway::flows::onboarding::{Note, Observer};

use crate::console::Console;

/// Shows people how it goes: a bar on a terminal, lines elsewhere, nothing where a program reads.
pub(super) fn observer(console: &Console) -> Show {
    Show {
        kind: if console.is_json() {
            Kind::Nothing
        } else if stderr().is_terminal() {
            Kind::Bar
        } else {
            Kind::Lines
        },
        bar: Mutex::new(None),
        state: Mutex::default(),
    }
}

/// See [`observer`].
pub(super) struct Show {
    kind: Kind,
    bar: Mutex<Option<(Page, ProgressBar)>>,
    /// The line of the state that was told last: a state in which several steps are taken is told once.
    state: Mutex<String>,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    Nothing,
    Lines,
    Bar,
}

impl Show {
    fn sending(&self, page: Page, sent_bytes: u64, total_bytes: u64) {
        let Ok(mut shown) = self.bar.lock() else {
            return;
        };
        let is_new = shown.as_ref().is_none_or(|(it, _)| *it != page);
        if is_new {
            let bar = ProgressBar::new(total_bytes).with_style(style());
            bar.set_message(page.as_str());
            *shown = Some((page, bar));
        }
        if let Some((_, bar)) = &*shown {
            bar.set_position(sent_bytes);
        }
    }

    fn state(&self, line: String) {
        let Ok(mut told) = self.state.lock() else {
            return;
        };
        if *told != line {
            self.line(&line);
            *told = line;
        }
    }

    /// A line that stays, above a bar that moves.
    fn line(&self, text: &str) {
        if let Ok(mut shown) = self.bar.lock()
            && let Some((_, bar)) = shown.take()
        {
            bar.finish_and_clear();
        }
        // Nobody is left to tell when the reader of stderr went away.
        let _ = writeln!(anstream::stderr(), "{text}");
    }
}

impl Observer for Show {
    fn note(&self, note: Note) {
        if self.kind == Kind::Nothing {
            return;
        }
        match (self.kind, note) {
            (
                Kind::Bar,
                Note::Sending {
                    page,
                    sent_bytes,
                    total_bytes,
                },
            ) => {
                self.sending(page, sent_bytes, total_bytes);
            }
            (_, Note::State(state)) => self.state(format!("now: {state}")),
            (_, Note::Uploaded { page, left }) => {
                self.line(&format!("uploaded: {page}, {left} to come"));
            }
            // Lines for each piece would be many.
            _ => {}
        }
    }
}

fn style() -> ProgressStyle {
    let template = "{msg} [{bar:30}] {bytes}/{total_bytes}";
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
