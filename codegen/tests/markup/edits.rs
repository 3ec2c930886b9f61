//! Edits of a page that change its markup or spelling and none of its words.
//!
//! Written from what Markdown and HTML are, with nothing of the reader under test. An edit that has nothing to change gives the same text.

/// An edit: its name, and what it does with the body of a page.
pub type Edit = (&'static str, fn(&str) -> String);

/// Edits of the body.
pub const BODY: &[Edit] = &[
    ("bold and italic tags become stars", |t| inline(&inline(t, &["b", "strong"], "**"), &["i", "em"], "*")),
    ("italic tags become underscores", |t| inline(t, &["i", "em"], "_")),
    ("stars become bold tags", stars_to_tags),
    ("bold becomes strong, italic becomes em", |t| renamed(&renamed(t, "b", "strong"), "i", "em")),
    ("bold text becomes code", |t| inline(t, &["b", "strong"], "`")),
    ("anchors become links", anchors_to_links),
    ("links become anchors", links_to_anchors),
    ("links lead elsewhere", |t| {
        t.replace("href=\"/", "href=\"https://learn.example.org/").replace("](/", "](https://learn.example.org/")
    }),
    ("links by reference", links_by_reference),
    ("anchors are gone", |t| between(t, "<a href=", "</a>", |inner| Some(inner.split_once('>')?.1.to_owned()))),
    ("tables of HTML become tables of pipes", html_tables_to_pipes),
    ("tables of pipes become tables of HTML", pipe_tables_to_html),
    ("terms in cells become cells", |t| t.replace("<dl>\n<dt>", "").replace("</dt>\n</dl>", "")),
    ("attributes of cells are gone", |t| {
        t.replace(" width=\"40%\"", "").replace(" width=\"60%\"", "").replace(" class=\"odd\"", "")
    }),
    ("columns of tables are not described", |t| {
        lines(t, |l| if l.contains("<col") || l.contains("</col") { String::new() } else { l.to_owned() })
    }),
    ("head and body of tables are not told apart", |t| {
        lines(
            t,
            |l| if ["<thead>", "</thead>", "<tbody>", "</tbody>"].contains(&l.trim()) { String::new() } else { l.to_owned() },
        )
    }),
    ("paragraphs in cells", |t| t.replace("<td><p>", "<td>").replace("</p></td>", "</td>")),
    ("quotes are entities", |t| prose(t, |l| l.replace('\'', "&#39;").replace('"', "&quot;"))),
    ("quotes are typographic", typographic),
    ("hyphens and dots are entities", |t| prose(t, |l| l.replace(". ", "&#46; ").replace(", ", "&#x2c; "))),
    ("spaces are no-break spaces", |t| prose(t, |l| l.replace(" a ", "\u{a0}a ").replace(" the ", "&nbsp;the "))),
    ("underscores are escaped", |t| {
        prose(t, |l| if l.contains("](") { l.to_owned() } else { l.replace("\\_", "_").replace('_', "\\_") })
    }),
    ("underscores are not escaped", |t| t.replace("\\_", "_")),
    ("headings one level lower", |t| headings(t, |level, title| format!("{} {title}", "#".repeat((level + 1).min(6))))),
    ("headings are closed", |t| headings(t, |level, title| format!("{0} {title} {0}", "#".repeat(level)))),
    ("headings have many spaces", |t| headings(t, |level, title| format!("{}   {title}  ", "#".repeat(level)))),
    ("headings of the first two levels are underlined", |t| {
        headings(t, |level, title| match level {
            // Sections of the reference are told by their marks.
            _ if title.starts_with('-') => format!("{} {title}", "#".repeat(level)),
            1 => format!("{title}\n===="),
            2 => format!("{title}\n----"),
            _ => format!("{} {title}", "#".repeat(level)),
        })
    }),
    ("lines end in spaces", |t| {
        lines(t, |l| if l.trim().is_empty() || l.starts_with('#') { l.to_owned() } else { format!("{l}   ") })
    }),
    ("empty lines are doubled", |t| t.replace("\n\n", "\n\n\n")),
    ("indented text is not indented", |t| lines(t, |l| l.trim_start().to_owned())),
    ("tabs and many spaces", |t| prose(t, |l| l.replace(" of ", "  of\t").replace("  the ", " \tthe   "))),
    ("paragraphs are joined to lines", joined),
    ("lines are broken after each comma", |t| prose(t, |l| l.replace(", ", ",\n"))),
    ("bullets are stars", |t| bullets(t, "* ")),
    ("bullets are plus signs", |t| bullets(t, "+ ")),
    ("bullets become lists of HTML", |t| {
        lines(t, |l| l.strip_prefix("- ").map_or(l.to_owned(), |item| format!("<ul><li>{item}</li></ul>")))
    }),
    ("lists of HTML become bullets", |t| lines(t, list_to_bullets)),
    ("comments", |t| t.replace("\n\n", "\n\n<!-- Nothing\n\nof this is shown. -->\n")),
    ("tags in capitals", |t| {
        ["b", "td", "tr", "table"].iter().fold(t.to_owned(), |t, tag| {
            t.replace(&format!("<{tag}>"), &format!("<{}>", tag.to_uppercase()))
                .replace(&format!("</{tag}>"), &format!("</{}>", tag.to_uppercase()))
        })
    }),
];

/// Edits of the front matter of reference pages.
pub const FRONT: &[Edit] = &[
    ("IRQL <= LEVEL", |t| t.replace("req.irql: <= DISPATCH_LEVEL", "req.irql: IRQL <= DISPATCH_LEVEL")),
    ("<=LEVEL", |t| t.replace("req.irql: <= DISPATCH_LEVEL", "req.irql: <=DISPATCH_LEVEL")),
    ("\"<= LEVEL\"", |t| t.replace("req.irql: <= DISPATCH_LEVEL\n", "req.irql: \"<= DISPATCH_LEVEL\"\n")),
    ("&lt;= LEVEL", |t| t.replace("req.irql: <= DISPATCH_LEVEL", "req.irql: &lt;= DISPATCH_LEVEL")),
    ("≤ LEVEL", |t| t.replace("req.irql: <= DISPATCH_LEVEL", "req.irql: ≤ DISPATCH_LEVEL")),
    ("Called at PASSIVE_LEVEL.", |t| t.replace("req.irql: PASSIVE_LEVEL\n", "req.irql: Called at PASSIVE_LEVEL.\n")),
    ("Passive level", |t| t.replace("req.irql: PASSIVE_LEVEL\n", "req.irql: Passive level\n")),
    ("_IRQL_requires_max_", |t| t.replace("req.irql: <= DISPATCH_LEVEL\n", "req.irql: _IRQL_requires_max_(DISPATCH_LEVEL)\n")),
    ("the first version in fewer words", |t| {
        let start = "req.target-min-winverclnt: Available in Windows Vista";
        lines(t, |l| if l.starts_with(start) { "req.target-min-winverclnt: Windows Vista".to_owned() } else { l.to_owned() })
    }),
    ("empty entries are gone", |t| {
        t.lines().filter(|l| !(l.starts_with("req.") && l.trim_end().ends_with(':'))).fold(String::new(), |s, l| s + l + "\n")
    }),
    ("dates and keywords", |t| {
        lines(t, |l| if l.starts_with("ms.date:") { "ms.date: 01/01/2031".to_owned() } else { l.to_owned() })
    }),
];

/// Each line outside fences, changed.
pub fn lines(text: &str, mut change: impl FnMut(&str) -> String) -> String {
    let mut is_code = false;
    let changed = text.split('\n').map(|line| {
        is_code ^= line.trim_start().starts_with("```");
        if is_code || line.trim_start().starts_with("```") { line.to_owned() } else { change(line) }
    });
    changed.collect::<Vec<_>>().join("\n")
}

/// Each piece of a line that is neither a tag nor part of a heading, of a rule or of a link, changed.
fn prose(text: &str, change: impl Fn(&str) -> String) -> String {
    let mut in_tag = false;
    lines(text, |line| {
        if line.starts_with('#') || line.contains("](") || line.trim_start().starts_with(['|', '-', '*']) {
            return line.to_owned();
        }
        let mut out = String::new();
        let mut rest = line;
        while !rest.is_empty() {
            let end = rest.find(if in_tag { '>' } else { '<' }).map_or(rest.len(), |at| at + usize::from(in_tag));
            let (piece, behind) = rest.split_at(end);
            out += &if in_tag { piece.to_owned() } else { change(piece) };
            in_tag = if in_tag { !piece.ends_with('>') } else { behind.starts_with('<') && !behind.starts_with("<=") };
            if !in_tag && behind.starts_with("<=") {
                out += "<";
                rest = &behind[1..];
                continue;
            }
            rest = behind;
        }
        out
    })
}

/// What stands between two marks on one line, changed with them.
fn between(text: &str, open: &str, close: &str, change: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(open) {
        let (before, from) = rest.split_at(at);
        out += before;
        let changed = from[open.len()..].find(close).and_then(|end| {
            let inner = &from[open.len()..open.len() + end];
            Some((change(inner)?, open.len() + end + close.len()))
        });
        let (new, length) = changed.unwrap_or_else(|| (open.to_owned(), open.len()));
        out += &new;
        rest = &from[length..];
    }
    out + rest
}

/// Tags around words become marks, where marks mean the same there: around words that no letter touches.
fn inline(text: &str, tags: &[&str], mark: &str) -> String {
    tags.iter().fold(text.to_owned(), |text, tag| {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        let mut out = String::new();
        let mut rest = text.as_str();
        while let Some((before, from)) = rest.split_once(&open) {
            let Some((inner, behind)) = from.split_once(&close) else { break };
            let touches = before.ends_with(|c: char| c.is_alphanumeric() || "*_`".contains(c))
                || behind.starts_with(|c: char| c.is_alphanumeric() || "*_`".contains(c));
            let is_plain = inner.trim() == inner && !inner.is_empty() && !inner.contains(['<', '*', '`', '\n', '\\', '&', '[']);
            out += before;
            out += &if is_plain && !touches { format!("{mark}{inner}{mark}") } else { format!("{open}{inner}{close}") };
            rest = behind;
        }
        out + rest
    })
}

fn renamed(text: &str, from: &str, to: &str) -> String {
    text.replace(&format!("<{from}>"), &format!("<{to}>")).replace(&format!("</{from}>"), &format!("</{to}>"))
}

fn stars_to_tags(text: &str) -> String {
    let one = |inner: &str, tag: &str| (!inner.is_empty() && !inner.contains('\n')).then(|| format!("<{tag}>{inner}</{tag}>"));
    let bold = lines(text, |l| between(l, "**", "**", |inner| one(inner, "b")));
    lines(&bold, |l| if l.trim_start().starts_with("* ") { l.to_owned() } else { between(l, "*", "*", |inner| one(inner, "i")) })
}

fn anchors_to_links(text: &str) -> String {
    between(text, "<a href=\"", "</a>", |inner| {
        let (target, shown) = inner.split_once("\">")?;
        (!shown.contains(['[', ']', '<', '\n'])).then(|| format!("[{shown}]({target})"))
    })
}

/// The links of a text: what is shown and where it leads.
fn links(text: &str, change: impl Fn(&str, &str) -> String) -> String {
    lines(text, |line| {
        // An attribute that keeps a link is none.
        if line.contains("data-raw-source") {
            return line.to_owned();
        }
        let mut out = String::new();
        let mut rest = line;
        while let Some(at) = rest.find("](") {
            let open = rest[..at].rfind('[');
            let mut depth = 0;
            let close = rest[at + 1..].find(|c| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth == 0
            });
            let close = close.map(|end| at + 1 + end);
            let (Some(open), Some(close)) = (open, close) else { break };
            out += &rest[..open];
            out += &change(&rest[open + 1..at], &rest[at + 2..close]);
            rest = &rest[close + 1..];
        }
        out + rest
    })
}

fn links_to_anchors(text: &str) -> String {
    links(text, |shown, target| format!("<a href=\"{target}\">{shown}</a>"))
}

fn links_by_reference(text: &str) -> String {
    let used = std::cell::RefCell::new(Vec::new());
    let body = links(text, |shown, target| {
        used.borrow_mut().push(target.to_owned());
        format!("[{shown}][r{}]", used.borrow().len())
    });
    let defined =
        used.into_inner().iter().enumerate().map(|(at, target)| format!("[r{}]: {target}\n", at + 1)).collect::<String>();
    if defined.is_empty() { body } else { format!("{}\n\n{defined}", body.trim_end()) }
}

/// The cells of a row of HTML.
fn cells(row: &str) -> Vec<String> {
    let row = row.replace("<th", "<td").replace("</th>", "</td>");
    row.split("<td").skip(1).filter_map(|cell| Some(cell.split_once('>')?.1.split("</td>").next()?.to_owned())).collect()
}

/// Tables whose cells have no lists in them, in lines of pipes.
fn html_tables_to_pipes(text: &str) -> String {
    between(text, "<table>", "</table>", |inner| {
        if ["<ul", "<ol", "<table", "|", "- "].iter().any(|part| inner.contains(part)) {
            return None;
        }
        let breaks = ["<dl>", "</dl>", "<dt>", "<dd>", "</dd>", "<p>"];
        let flat = |cell: &str| {
            let cell = breaks.iter().fold(cell.to_owned(), |cell, tag| cell.replace(tag, " "));
            let cell = cell.split("</p>").map(str::trim).filter(|p| !p.is_empty()).collect::<Vec<_>>().join("<br>");
            let cell = cell.split("</dt>").map(str::trim).filter(|p| !p.is_empty()).collect::<Vec<_>>().join("<br>");
            cell.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let rows: Vec<Vec<String>> = inner.split("<tr").skip(1).map(cells).collect();
        let line = |row: &Vec<String>| format!("| {} |\n", row.iter().map(|c| flat(c)).collect::<Vec<_>>().join(" | "));
        // A table without a head gets one with nothing in it.
        let without_head = vec![String::new(); rows.first()?.len()];
        let (head, rest) = if inner.contains("<th>") { rows.split_first()? } else { (&without_head, rows.as_slice()) };
        Some(format!("\n\n{}|{}\n{}\n", line(head), " --- |".repeat(head.len()), rest.iter().map(line).collect::<String>()))
    })
}

fn pipe_tables_to_html(text: &str) -> String {
    let row = |line: &str, tag: &str| {
        let cells = line.trim().trim_matches('|').split('|').map(|cell| format!("<{tag}>{}</{tag}>", in_html(cell.trim())));
        format!("<tr>\n{}\n</tr>", cells.collect::<Vec<_>>().join("\n"))
    };
    let mut out: Vec<String> = Vec::new();
    let mut in_table = false;
    for line in text.split('\n') {
        let is_row = line.trim_start().starts_with('|');
        let is_rule = is_row && line.chars().all(|c| "|-: \t".contains(c));
        match (is_row, in_table) {
            (true, false) => out.extend(["<table>".to_owned(), row(line, "th")]),
            (true, true) if is_rule => {}
            (true, true) => out.push(row(line, "td")),
            (false, true) => out.extend(["</table>".to_owned(), line.to_owned()]),
            (false, false) => out.push(line.to_owned()),
        }
        in_table = is_row;
    }
    out.join("\n")
}

/// A cell in Markdown, with tags instead of marks.
fn in_html(cell: &str) -> String {
    let cell = links_to_anchors(cell);
    let cell = between(&cell, "**", "**", |inner| Some(format!("<b>{inner}</b>")));
    let mut parts = cell.split(" _");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| match part.split_once('_') {
        Some((inner, rest)) if !rest.starts_with(char::is_alphanumeric) => format!("{out} <i>{inner}</i>{rest}"),
        _ => format!("{out} _{part}"),
    })
}

fn typographic(text: &str) -> String {
    prose(text, |line| {
        let mut is_open = false;
        let curly = |c: char| match c {
            '\'' => '\u{2019}',
            '"' => {
                is_open = !is_open;
                if is_open { '\u{201c}' } else { '\u{201d}' }
            }
            c => c,
        };
        line.chars().map(curly).collect()
    })
}

fn headings(text: &str, change: impl Fn(usize, &str) -> String) -> String {
    lines(text, |line| {
        let level = line.bytes().take_while(|b| *b == b'#').count();
        match line[level..].strip_prefix(' ') {
            Some(title) if level > 0 => change(level, title.trim()),
            _ => line.to_owned(),
        }
    })
}

fn bullets(text: &str, mark: &str) -> String {
    lines(text, |line| {
        let indent = line.len() - line.trim_start().len();
        match line.trim_start().strip_prefix("- ").or_else(|| line.trim_start().strip_prefix("* ")) {
            Some(item) => format!("{}{mark}{item}", &line[..indent]),
            None => line.to_owned(),
        }
    })
}

fn list_to_bullets(line: &str) -> String {
    let line = if ["<ul>", "</ul>"].contains(&line.trim()) { "" } else { line };
    match line.trim().strip_prefix("<li>").and_then(|l| l.strip_suffix("</li>")) {
        Some(item) if !item.contains("<p>") => format!("- {item}"),
        _ => line.to_owned(),
    }
}

/// Lines of one paragraph on one line.
fn joined(text: &str) -> String {
    let is_text = |line: &str| {
        let line = line.trim();
        let begins = |mark: &&str| line.starts_with(*mark);
        let marks =
            ["#", "|", "- ", "* ", "```", "<t", "</t", "<d", "</d", "<c", "</c", "<u", "</u", "<l", "</l", "<p", "</p", ">"];
        !line.is_empty() && !marks.iter().any(begins)
    };
    let mut out = String::new();
    let mut is_code = false;
    let mut before = false;
    for line in text.split('\n') {
        is_code ^= line.trim_start().starts_with("```");
        let now = !is_code && is_text(line);
        if now && before && !out.ends_with("  \n") {
            out.pop();
            out.push(' ');
        }
        out += if now { line.trim_start() } else { line };
        out.push('\n');
        before = now;
    }
    out.pop();
    out
}
