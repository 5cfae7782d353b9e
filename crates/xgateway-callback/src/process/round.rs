/// What became of one batch.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Round {
    /// Confirmed, and applied for the first time.
    pub applied: usize,
    /// Applied before, by another callback of the same event.
    pub repeated: usize,
    /// To be tried again.
    pub put_back: usize,
    /// Given up: a person must look.
    pub dead: usize,
    /// No longer ours when they were to end: taken over by another processor since the lease was over, replayed by a person,
    /// or come again meanwhile. They are seen to by whoever takes them next.
    pub lost: usize,
}

impl Round {
    /// How many entries there were.
    pub fn claimed(&self) -> usize {
        self.applied + self.repeated + self.put_back + self.dead + self.lost
    }

    pub(super) fn count(&mut self, outcome: Outcome) {
        *match outcome {
            Outcome::Applied => &mut self.applied,
            Outcome::Repeated => &mut self.repeated,
            Outcome::PutBack => &mut self.put_back,
            Outcome::Dead => &mut self.dead,
            Outcome::Lost => &mut self.lost,
        } += 1;
    }
}

/// What became of one entry.
#[derive(Clone, Copy)]
pub(super) enum Outcome {
    Applied,
    Repeated,
    PutBack,
    Dead,
    Lost,
}

impl Outcome {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Repeated => "repeated",
            Self::PutBack => "put_back",
            Self::Dead => "dead",
            Self::Lost => "lost",
        }
    }
}
