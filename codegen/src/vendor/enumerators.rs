//! The enumerators of a definition, and the values of constant expressions in it.
//!
//! In: a definition in C. Out: its enumerators with their values, where these are certain: what stands under a condition, follows it without a
//! value of its own, or refers to what the page does not define has none, and neither has what no enumerator of C can hold.

use super::definition::Definition;
use super::hash::{HashMap, HashSet};
use crate::c::{BinaryOp, Enumeration, Expr, UnaryOp};
use crate::source::{Diagnostic, Report, Span, Spanned};

/// An enumerator and its value.
pub(super) type Variant = (Spanned<String>, Option<i128>);

/// The enumerators of a definition.
#[derive(Default)]
pub(super) struct Enumerators {
    pub(super) all: Vec<Variant>,
    /// Those that stand only under conditions that are not known, by their places in the list.
    pub(super) conditional: HashSet<usize>,
}

impl Enumerators {
    /// The enumerators of a definition that stands at a place: one whose value is not written follows the one before.
    pub(super) fn of(definition: &Definition, enumeration: &Enumeration, place: Span, report: &mut Report) -> Self {
        let mut found = Self::default();
        let mut by_name: HashMap<&str, usize> = HashMap::default();
        let mut next = Some(0i128);
        for variant in &enumeration.variants {
            let name = &variant.name;
            let at = name.span.start.saturating_sub(place.start);
            let is_conditional = definition.conditional.iter().any(|part| part.contains(&at));
            let known = |of: &str| by_name.get(of).and_then(|at| found.all.get(*at)).and_then(|(_, value)| *value);
            let said = variant.value.as_ref().map(|value| evaluated(value, &known));
            let value = said.unwrap_or_else(|| next.filter(|_| !is_conditional));
            let value = value.filter(|v| fits(*v, said.is_some()));
            if value.is_none() && (said.is_some() || next.is_some() && !is_conditional) {
                unclear(
                    name,
                    variant.value.as_ref().map_or_else(|| "it follows the one before".to_owned(), Expr::spelling),
                    report,
                );
            }
            next = value.filter(|_| !is_conditional).map(|v| v + 1);
            match by_name.get(name.value.as_str()).copied() {
                None => {
                    if is_conditional {
                        found.conditional.insert(found.all.len());
                    }
                    by_name.insert(&name.value, found.all.len());
                    found.all.push((name.clone(), value));
                }
                Some(first) => {
                    let was_conditional =
                        if is_conditional { found.conditional.contains(&first) } else { found.conditional.remove(&first) };
                    if !is_conditional && !was_conditional {
                        let message = format!("the definition has the enumerator `{}` twice", name.value);
                        let help = "only one of the two can have this name; look the other up in the header";
                        report.push(Diagnostic::warning("vendor::duplicate", message).at(name.span).help(help));
                    }
                    if let Some((_, of_first)) = found.all.get_mut(first) {
                        *of_first = of_first.filter(|first| Some(*first) == value);
                    }
                }
            }
        }
        found
    }
}

impl Enumerators {
    /// Those that stand under no condition.
    pub(super) fn unconditional(self) -> Vec<Variant> {
        let Self { all, conditional } = self;
        all.into_iter().enumerate().filter(|(at, _)| !conditional.contains(at)).map(|(_, variant)| variant).collect()
    }
}

/// Says that a value is not certain.
pub(super) fn unclear(name: &Spanned<String>, said: impl std::fmt::Display, report: &mut Report) {
    let message = format!("the value of `{name}` is not understood: {said}");
    report.push(Diagnostic::warning("vendor::value", message).at(name.span).help("add the value to our page by an erratum"));
}

/// Whether an enumerator can have a value. One that follows another stays an `int`.
pub(super) fn fits(value: i128, is_written: bool) -> bool {
    let most = if is_written { i128::from(u32::MAX) } else { i128::from(i32::MAX) };
    (i128::from(i32::MIN)..=most).contains(&value)
}

/// The value of a constant expression, as C has it but for the width of its numbers: -1 stays -1.
pub(super) fn evaluated(expr: &Expr, known: &dyn Fn(&str) -> Option<i128>) -> Option<i128> {
    match expr {
        Expr::Number(number) => Some(i128::from(*number)),
        Expr::Name(name) => known(name),
        Expr::Call(..) => None,
        Expr::Unary(UnaryOp::Minus, operand) => evaluated(operand, known)?.checked_neg(),
        Expr::Unary(UnaryOp::Complement, operand) => evaluated(operand, known).map(|v| !v),
        Expr::Binary(op, left, right) => {
            let (left, right) = (evaluated(left, known)?, evaluated(right, known)?);
            let shift = u32::try_from(right).ok().filter(|s| *s < 64);
            match op {
                BinaryOp::Add => left.checked_add(right),
                BinaryOp::Sub => left.checked_sub(right),
                BinaryOp::Mul => left.checked_mul(right),
                BinaryOp::Shl => left.checked_mul(1i128 << shift?),
                // What comes in from the left depends on the width and the sign of the number.
                BinaryOp::Shr => Some(left >> shift?).filter(|_| left >= 0),
                BinaryOp::And => Some(left & right),
                BinaryOp::Or => Some(left | right),
                BinaryOp::Xor => Some(left ^ right),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::c::Item;
    use crate::source::Sources;
    use crate::vendor::definition;

    /// The body of an enumeration, its enumerators with their values, and how many diagnostics there are.
    type Case = (&'static str, &'static [(&'static str, Option<i128>)], usize);

    #[test]
    fn a_value_that_is_not_certain_is_none() {
        let cases: [Case; 12] = [
            ("A, B = 5, C", &[("A", Some(0)), ("B", Some(5)), ("C", Some(6))], 0),
            ("A = -1, B", &[("A", Some(-1)), ("B", Some(0))], 0),
            ("A = 0x80000000, B = 1 << 31, C = ~0", &[("A", Some(1 << 31)), ("B", Some(1 << 31)), ("C", Some(-1))], 0),
            ("A = 4, B = A + 1, C", &[("A", Some(4)), ("B", Some(5)), ("C", Some(6))], 0),
            ("A = OTHER + 1, B, C = 2", &[("A", None), ("B", None), ("C", Some(2))], 1),
            ("A = 0x100000000, B", &[("A", None), ("B", None)], 1),
            ("A = -0x80000001", &[("A", None)], 1),
            ("A = 0x7FFFFFFF, B", &[("A", Some(0x7FFF_FFFF)), ("B", None)], 1),
            ("A = ~0 >> 4", &[("A", None)], 1),
            (
                "A,\n#if X\nB,\n#else\nC = 7,\n#endif\nD, E = 9, F",
                &[("A", Some(0)), ("B", None), ("C", Some(7)), ("D", None), ("E", Some(9)), ("F", Some(10))],
                1,
            ),
            ("\n#if X\nA = 1,\n#else\nA = 2,\n#endif\nB = 3", &[("A", None), ("B", Some(3))], 1),
            ("A,\n#if (NTDDI_VERSION >= NTDDI_WIN8)\nB,\n#endif\nC", &[("A", Some(0)), ("B", Some(1)), ("C", Some(2))], 0),
        ];
        for (body, wanted, said) in cases {
            let text = format!("typedef enum _X {{ {body} }} X;");
            let mut sources = Sources::new();
            let file = sources.add("t", &text);
            let (place, mut report) = (sources.whole(file), Report::new());
            let found = definition::read(&text, place, &mut report).expect("a definition");
            let Item::Enumeration { enumeration, .. } = &found.item else { panic!("not an enumeration") };
            let found = Enumerators::of(&found, enumeration, place, &mut report);
            let found: Vec<_> = found.all.iter().map(|(name, value)| (name.as_str(), *value)).collect();
            assert_eq!((found.as_slice(), report.diagnostics().len()), (wanted, said), "{body}: {:?}", report.diagnostics());
        }
    }
}
