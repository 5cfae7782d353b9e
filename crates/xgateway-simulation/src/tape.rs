//! Everything that is drawn in a history, in order.

use std::fmt;
use std::str::FromStr;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

use crate::kinds::Track;

/// Where choices come from, and which were made.
///
/// Of every choice the first alternative is the quiet one: no fault, no delay, nothing more. So a tape of nothing is
/// the history in which nothing happens, and a tape with fewer and smaller numbers is a simpler history.
#[derive(Debug)]
pub(crate) struct Tape {
    source: Source,
    drawn: Choices,
    track: Track,
}

#[derive(Debug)]
enum Source {
    Random(Box<ChaCha8Rng>),
    /// What was drawn before. Behind its end everything is quiet.
    Recorded(Box<Choices>),
}

/// What was drawn, apart for each of those who draw: leaving out what one of them does leaves the others alone.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Choices(pub(crate) [Vec<u16>; Track::ALL.len()]);

impl Tape {
    /// The tape of a seed.
    pub(crate) fn of_seed(seed: u64) -> Self {
        Self::from(Source::Random(Box::new(ChaCha8Rng::seed_from_u64(seed))))
    }

    /// The tape that was drawn before, or a simpler one.
    pub(crate) fn recorded(choices: Choices) -> Self {
        Self::from(Source::Recorded(Box::new(choices)))
    }

    fn from(source: Source) -> Self {
        Self {
            source,
            drawn: Choices::default(),
            track: Track::Plan,
        }
    }

    /// Who draws from now on. Returns who drew before.
    pub(crate) fn turn_to(&mut self, track: Track) -> Track {
        std::mem::replace(&mut self.track, track)
    }

    /// Which of the alternatives with these weights.
    pub(crate) fn choose(&mut self, weights: &[u32]) -> usize {
        let last = weights.len().saturating_sub(1);
        let choice = match &mut self.source {
            Source::Recorded(choices) => {
                usize::from(choices.next(self.track, &self.drawn)).min(last)
            }
            Source::Random(random) => {
                let sum = weights.iter().sum::<u32>().max(1);
                let mut left = random.next_u32() % sum;
                let drawn = weights.iter().position(|weight| {
                    let rest = left.checked_sub(*weight);
                    left = rest.unwrap_or(left);
                    rest.is_none()
                });
                drawn.unwrap_or(last)
            }
        };
        // An alternative without weight is none, also where a changed tape points at it.
        let is_possible = weights.get(choice).is_some_and(|weight| *weight > 0);
        let choice = if is_possible { choice } else { 0 };
        self.note(u16::try_from(choice).unwrap_or(u16::MAX));
        choice
    }

    /// A number below `bound`, all alike.
    pub(crate) fn below(&mut self, bound: u16) -> u16 {
        let choice = match &mut self.source {
            Source::Recorded(choices) => {
                let choice = choices.next(self.track, &self.drawn);
                choice.min(bound.saturating_sub(1))
            }
            Source::Random(random) => {
                let drawn = random.next_u32() % u32::from(bound.max(1));
                u16::try_from(drawn).unwrap_or(0)
            }
        };
        self.note(choice);
        choice
    }

    /// Whether something happens that happens `percent` times of a hundred.
    pub(crate) fn happens(&mut self, percent: u32) -> bool {
        self.choose(&[100 - percent.min(100), percent.min(100)]) == 1
    }

    /// What was drawn.
    pub(crate) fn take_drawn(&mut self) -> Choices {
        std::mem::take(&mut self.drawn)
    }

    fn note(&mut self, choice: u16) {
        self.drawn.0[self.track as usize].push(choice);
    }
}

impl Choices {
    fn next(&self, track: Track, drawn: &Self) -> u16 {
        let track = track as usize;
        let at = drawn.0[track].len();
        self.0[track].get(at).copied().unwrap_or(0)
    }

    /// Without what is quiet at the end: that is so anyway.
    pub(crate) fn trimmed(mut self) -> Self {
        for track in &mut self.0 {
            while track.last() == Some(&0) {
                track.pop();
            }
        }
        self
    }
}

/// What is not quiet, such as `plan@7=1,worker@12=2`.
impl fmt::Display for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut comma = "";
        for (track, choices) in Track::ALL.iter().zip(&self.0) {
            for (at, choice) in choices
                .iter()
                .enumerate()
                .filter(|(_, choice)| **choice > 0)
            {
                write!(f, "{comma}{track}@{at}={choice}")?;
                comma = ",";
            }
        }
        Ok(())
    }
}

impl FromStr for Choices {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut choices = Self::default();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (track, at, choice) =
                read(part).ok_or_else(|| format!("`{part}` is not like `plan@7=1`"))?;
            let track = &mut choices.0[track as usize];
            if track.len() <= at {
                track.resize(at + 1, 0);
            }
            track[at] = choice;
        }
        Ok(choices)
    }
}

fn read(part: &str) -> Option<(Track, usize, u16)> {
    let (track, rest) = part.split_once('@')?;
    let (at, choice) = rest.split_once('=')?;
    let track = Track::ALL.iter().find(|known| known.words() == track)?;
    // Far more than a history ever draws.
    let at = at.parse().ok().filter(|at| *at < 1_000_000)?;
    Some((*track, at, choice.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(tape: &mut Tape) -> Vec<usize> {
        let mut drawn: Vec<_> = (0..200).map(|_| tape.choose(&[5, 0, 3, 1])).collect();
        tape.turn_to(Track::Worker);
        drawn.extend((0..50).map(|_| usize::from(tape.below(7))));
        drawn
    }

    #[test]
    fn a_recorded_tape_gives_the_same_again() {
        let mut tape = Tape::of_seed(7);
        let first = draw(&mut tape);
        let mut again = Tape::recorded(tape.take_drawn().trimmed());
        assert_eq!(draw(&mut again), first);
        assert_eq!(draw(&mut Tape::of_seed(7)), first);
        assert_ne!(draw(&mut Tape::of_seed(8)), first);
    }

    #[test]
    fn every_alternative_is_drawn_but_that_without_weight() {
        let drawn = draw(&mut Tape::of_seed(1));
        for (choice, is_drawn) in [(0, true), (1, false), (2, true), (3, true)] {
            assert_eq!(drawn[..200].contains(&choice), is_drawn, "{choice}");
        }
    }

    #[test]
    fn behind_the_end_and_outside_the_bounds_it_stays_in_them() {
        let mut tape = Tape::recorded("plan@0=9,plan@1=9".parse().unwrap());
        assert_eq!(tape.choose(&[1, 1]), 1);
        assert_eq!(tape.below(3), 2);
        assert_eq!(tape.choose(&[1, 1]), 0);
        assert_eq!(tape.below(3), 0);
    }

    #[test]
    fn choices_are_read_as_they_are_written() {
        for text in ["", "plan@0=1", "plan@7=65535,order-2@3=1,worker@12=2"] {
            assert_eq!(text.parse::<Choices>().unwrap().to_string(), text);
        }
        for text in [
            "plan",
            "plan@1",
            "plan@x=1",
            "nobody@1=1",
            "plan@1=65536",
            "plan@99999999=1",
        ] {
            assert!(text.parse::<Choices>().is_err(), "{text}");
        }
    }
}
