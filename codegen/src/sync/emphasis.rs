//! Characters with marks of emphasis → those that are read.
//!
//! Marks are paired as Markdown pairs them; one without a partner is a character like any other: the star of a pointer.

use std::collections::HashMap;

/// A character, and whether it may be a mark of emphasis.
pub(super) struct Atom {
    pub(super) c: char,
    pub(super) is_mark: bool,
}

/// A run of marks that may begin emphasis: where it stands, and how many are left.
struct Opener {
    at: usize,
    left: usize,
}

/// The text without the marks of emphasis that have a partner, as Markdown pairs them.
pub(super) fn without_emphasis(atoms: &[Atom]) -> String {
    let mut gone = vec![false; atoms.len()];
    let mut open: HashMap<char, Vec<Opener>> = HashMap::new();
    let is_space = |at: Option<usize>| at.and_then(|at| atoms.get(at)).is_none_or(|atom| atom.c.is_whitespace());
    let is_word = |at: Option<usize>| at.and_then(|at| atoms.get(at)).is_some_and(|atom| atom.c.is_alphanumeric());
    let mut at = 0;
    while let Some(atom) = atoms.get(at) {
        if !atom.is_mark {
            at += 1;
            continue;
        }
        let mut length = atoms.iter().skip(at).take_while(|a| a.is_mark && a.c == atom.c).count();
        let (before, behind) = (at.checked_sub(1), Some(at + length));
        let is_inside_word = atom.c == '_' && is_word(before) && is_word(behind);
        let openers = open.entry(atom.c).or_default();
        let (mut from, next) = (at, at + length);
        let closes = !(is_space(before) || is_inside_word || atom.c == '_' && is_word(behind));
        if closes {
            while length > 0
                && let Some(opener) = openers.last_mut()
            {
                let pairs = opener.left.min(length);
                gone.iter_mut().skip(opener.at + opener.left - pairs).take(pairs).for_each(|g| *g = true);
                gone.iter_mut().skip(from).take(pairs).for_each(|g| *g = true);
                opener.left -= pairs;
                (from, length) = (from + pairs, length - pairs);
                if opener.left == 0 {
                    openers.pop();
                }
            }
        }
        let opens = !(is_space(behind) || is_inside_word || atom.c == '_' && is_word(before));
        if length > 0 && opens {
            openers.push(Opener { at: from, left: length });
        }
        at = next;
    }
    atoms.iter().zip(gone).filter(|(_, gone)| !gone).map(|(atom, _)| atom.c).collect()
}

/// White space folded, and characters that only look otherwise as those that a keyboard has.
pub(super) fn folded(text: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    let mut space = false;
    for c in text {
        let plain = match c {
            '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => continue,
            '\u{2018}'..='\u{201b}' => "'",
            '\u{201c}'..='\u{201f}' => "\"",
            '\u{2010}'..='\u{2015}' => "-",
            '\u{2026}' => "...",
            '≤' => "<=",
            '≥' => ">=",
            _ if c.is_whitespace() || c == '\u{a0}' => {
                space = true;
                continue;
            }
            _ => {
                if space && !out.is_empty() {
                    out.push(' ');
                }
                space = false;
                out.push(c);
                continue;
            }
        };
        if space && !out.is_empty() {
            out.push(' ');
        }
        space = false;
        out.push_str(plain);
    }
    out
}
