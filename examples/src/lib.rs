//! What the examples share. Each example is a file beside this one and tells one story.
