//! Collects mistakes, so that all of them are reported at once.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The mistakes of one item.
#[derive(Default)]
pub(crate) struct Report {
    first: Option<syn::Error>,
}

impl Report {
    /// Notes a mistake at these tokens.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Notes a mistake that has its place already.
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.first {
            Some(first) => first.combine(error),
            None => self.first = Some(error),
        }
    }

    /// The mistakes as what the compiler reports; `None` if there are none.
    pub(crate) fn into_tokens(self) -> Option<TokenStream> {
        self.first.map(|error| error.to_compile_error())
    }
}

/// The known name that is most like this one, if any is like it.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let (name, limit) = (name.to_lowercase(), name.len().max(3) / 3 + 1);
    let near = known.into_iter().map(|k| (distance(&name, &k.to_lowercase()), k)).min_by_key(|(d, _)| *d);
    near.filter(|(d, _)| *d <= limit).map(|(_, k)| k)
}

/// How many letters must be changed, added or removed to make one of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut left = i + 1;
        let mut diagonal = i;
        for (to, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let changed = diagonal + usize::from(from != *to);
            diagonal = *cell;
            left = changed.min(*cell + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found() {
        let known = ["WskReceiveEvent", "WskReceiveFromEvent", "WskAcceptEvent"];
        assert_eq!(nearest("WskRecieveEvent", known), Some("WskReceiveEvent"));
        assert_eq!(nearest("WSKRECEIVEFROMEVENT", known), Some("WskReceiveFromEvent"));
        assert_eq!(nearest("ReceiveEvent", known), Some("WskReceiveEvent"));
        assert_eq!(nearest("Banana", known), None);
        assert_eq!((distance("kitten", "sitting"), distance("", "abc"), distance("abc", "")), (3, 3, 3));
    }
}
