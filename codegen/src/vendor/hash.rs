//! Maps and sets by a hash that is fast for short names.
//!
//! A page has many names, and thousands of pages are read. The hash begins with a number of chance, so that no page can be made whose
//! names all have the same one.

use foldhash::fast::RandomState;

/// As that of the standard library.
pub(super) type HashMap<K, V> = std::collections::HashMap<K, V, RandomState>;

/// As that of the standard library.
pub(super) type HashSet<T> = std::collections::HashSet<T, RandomState>;
