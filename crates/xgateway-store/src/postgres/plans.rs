//! Plans for statements about what is to be done, which find their few rows by an index each.
//!
//! They are not left to the planner: the table is small when a connection makes its plans, so that reading it whole looks
//! cheap, and has grown when they are used.

/// The settings of a transaction for such statements, after its `BEGIN`.
macro_rules! by_index {
    () => {
        "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_hashjoin = off;
         SET LOCAL enable_mergejoin = off; SET LOCAL jit = off"
    };
}

/// Begins a transaction that claims. What is due comes in the order of its index.
pub(super) const BEGIN_CLAIM: &str = concat!("BEGIN; SET LOCAL enable_sort = off; ", by_index!());

/// Begins a transaction that ends claims.
pub(super) const BEGIN_END: &str = concat!("BEGIN; ", by_index!());

/// Lets the planner choose again, for statements of the merchant's in the same transaction.
pub(super) const PLANNER_AGAIN: &str =
    "SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL enable_bitmapscan TO DEFAULT;
     SET LOCAL enable_hashjoin TO DEFAULT; SET LOCAL enable_mergejoin TO DEFAULT; SET LOCAL jit TO DEFAULT";
