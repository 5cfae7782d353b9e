use std::fmt;

/// Where an issue is: the keys from the document's root. Empty for the root itself.
#[derive(Clone, Debug, Eq)]
pub enum Path {
    /// From a rule table.
    Known(&'static [&'static str]),
    /// From the gateway.
    Told(Box<[Segment]>),
}

/// One step of a [`Path`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Segment {
    /// A key of an object.
    Key(Box<str>),
    /// A position in an array, counted from 0.
    Index(u64),
}

impl Path {
    /// The root of the document.
    pub const ROOT: Self = Self::Known(&[]);

    /// Whether it is the root.
    pub fn is_root(&self) -> bool {
        match self {
            Self::Known(keys) => keys.is_empty(),
            Self::Told(segments) => segments.is_empty(),
        }
    }

    /// Whether these keys lead there: `path.is(&["card", "expiryYear"])`.
    pub fn is(&self, keys: &[&str]) -> bool {
        match self {
            Self::Known(own) => *own == keys,
            Self::Told(segments) => {
                segments.len() == keys.len()
                    && segments
                        .iter()
                        .zip(keys)
                        .all(|(segment, key)| match segment {
                            Segment::Key(own) => **own == **key,
                            Segment::Index(_) => false,
                        })
            }
        }
    }

    /// The steps from the root.
    pub fn segments(&self) -> Vec<Segment> {
        match self {
            Self::Known(keys) => keys.iter().map(|&key| Segment::Key(key.into())).collect(),
            Self::Told(segments) => segments.to_vec(),
        }
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Known(left), Self::Known(right)) => left == right,
            (Self::Known(keys), told) | (told, Self::Known(keys)) => told.is(keys),
            (Self::Told(left), Self::Told(right)) => left == right,
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.segments().iter().enumerate() {
            match segment {
                Segment::Key(key) if index == 0 => f.write_str(key)?,
                Segment::Key(key) => write!(f, ".{key}")?,
                Segment::Index(at) => write!(f, "[{at}]")?,
            }
        }
        Ok(())
    }
}
