//! Developer chores that need more than cargo.

fn main() {}
