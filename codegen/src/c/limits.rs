//! How large and how deeply nested C may be that is read.
//!
//! In: text without comments. Out: whether the grammar may be tried on it. Separate because the grammar calls itself, for every bracket,
//! prefix, operator and postfix: what somebody else wrote must neither overflow its stack nor make it try without end.

use super::parse::tokens;

/// Longer text than this is no declaration of an interface.
const MAX_BYTES: usize = 64 * 1024;
/// The grammar backtracks: of brackets and prefix operators it tries every level in several ways, each of which tries the levels below it
/// anew. Deeper nesting than this would cost time without bound, and no header has it.
const MAX_NESTING: usize = 12;
/// Of what stands in a row (operators, array lengths, words) each makes a level of the tree that is read.
const MAX_ROW: usize = 256;

/// Says what is too much of a text.
pub(super) fn check(text: &str) -> Result<(), String> {
    if text.len() > MAX_BYTES {
        return Err(format!("at most {MAX_BYTES} bytes are read"));
    }
    let found = Found::of(text);
    if found.nesting > MAX_NESTING {
        return Err(format!("at most {MAX_NESTING} levels of brackets or prefix operators are read"));
    }
    if found.row > MAX_ROW {
        return Err(format!("at most {MAX_ROW} words and signs are read of one declarator or expression"));
    }
    Ok(())
}

/// How much of everything a text has.
struct Found {
    nesting: usize,
    row: usize,
}

/// What stands between two commas, semicolons or brackets.
#[derive(Default)]
struct Row {
    tokens: usize,
    /// Each is a label of what follows, or the third part of a condition.
    colons: usize,
}

impl Found {
    fn of(text: &str) -> Self {
        // How many tokens stand in the row that is open at each level of brackets; a pair of brackets is one of the row it stands in.
        let mut rows = vec![Row::default()];
        let (mut prefixes, mut elses) = (0usize, 0usize);
        let mut found = Self { nesting: 0, row: 0 };
        for token in tokens(text) {
            match token {
                "(" | "[" | "{" => rows.push(Row::default()),
                ")" | "]" | "}" if rows.len() > 1 => {
                    rows.pop();
                }
                _ => {}
            }
            prefixes = if matches!(token, "-" | "+" | "~" | "!" | "&" | "*" | "sizeof" | "_Alignof") { prefixes + 1 } else { 0 };
            // The branches of a chain of conditions are nested, though `;` stands between them.
            elses += usize::from(token == "else");
            if let Some(row) = rows.last_mut() {
                row.tokens += 1;
                row.colons += usize::from(token == ":");
                found.row = found.row.max(row.tokens);
                found.nesting = found.nesting.max(row.colons);
                if matches!(token, "," | ";") {
                    *row = Row::default();
                }
            }
            found.nesting = found.nesting.max(rows.len() - 1).max(prefixes).max(elses);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::{parse_declarations, parse_expression};
    use super::*;
    use crate::source::{Report, Sources};

    /// Reads a text as everything it could be, on a stack that is smaller than any thread's.
    fn read(text: String) -> usize {
        let work = move || {
            let (mut sources, mut report) = (Sources::new(), Report::new());
            let file = sources.add("t.c", &text);
            let read = parse_declarations(&text, sources.whole(file), &mut report);
            let again = read.clone();
            drop((read, again));
            let _ = parse_expression(&text, sources.whole(file), &mut report);
            report.error_count()
        };
        let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(work).expect("a thread");
        thread.join().expect("no overflow")
    }

    #[test]
    fn nothing_in_a_row_overflows_the_stack() {
        for many in ["*", "* const ", "*/**/"] {
            assert!(read(format!("int {}p;", many.repeat(6000))) > 0, "{many}");
        }
        for many in ["[1]", "[]", "(int)", "(int a, int b)"] {
            for count in [MAX_ROW - 10, 4000] {
                read(format!("int p{};", many.repeat(count)));
            }
        }
        for many in [
            "1+",
            "1<<",
            "1*2|",
            "1?1:",
            "a=",
            "a.",
            "a->",
            "a[1]=",
            "sizeof ",
            "a&&",
            "f(1,2)+",
            "(a)",
            "(int)",
            "-",
            "\"a\" ",
            "a++ ",
            "_Alignof ",
            "!",
            "1,",
            "a(1)",
            "f(1)(2)->b[3].",
        ] {
            for count in [12, MAX_ROW / 4, MAX_ROW / 2 - 6, 8000] {
                read(format!("int p[{}1];", many.repeat(count)));
                read(format!("{}1", many.repeat(count)));
            }
        }
        for many in ["if(1) ", "if(1);else ", "while(1) ", "do ", "a: ", "case 1: ", "for(;;) ", "switch(1) ", "else "] {
            for count in [12, MAX_ROW / 3, 8000] {
                read(format!("int f(){{{};}}", many.repeat(count)));
            }
        }
        for many in
            ["const ", "long ", "a ", ";", "(", "{", "[", "struct {", "struct { struct x { int a; } ", "int (", "int (*", "= {"]
        {
            for count in [12, 10_000] {
                read(many.repeat(count));
                read(format!("int p {};", many.repeat(count)));
            }
        }
    }

    #[test]
    fn what_headers_have_is_within_the_limits() {
        let params = (0..1500).map(|i| format!("_In_opt_ CONST PVOID *Param{i}[2]")).collect::<Vec<_>>().join(", ");
        let variants = (0..2000).map(|i| format!("V{i} = (1 << {i}) | 0x{i:X}")).collect::<Vec<_>>().join(", ");
        let flags = vec!["FLAG_OF_A_DRIVER"; 64].join(" | ");
        for text in [format!("VOID X({params});"), format!("typedef enum {{ {variants} }} X;"), format!("({flags})")] {
            assert!(check(&text).is_ok(), "{text}");
        }
    }
}
