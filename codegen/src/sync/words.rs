//! A page without its front matter → headings, rows and paragraphs, of which only the words are kept.
//!
//! The same text in Markdown and in HTML gives the same blocks: of a table the cells, of a list the items, of a heading the title. So a
//! digest of the words does not change where only the markup does. Nothing is decided here by what words mean.

use super::comments::without_comments;
use super::emphasis::folded;
use super::inline;
use super::links::Labels;
use super::tags;

/// A piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// A heading of whatever level: its title.
    Heading(String),
    /// A table or list of definitions begins.
    OpenRows,
    /// It ends.
    CloseRows,
    /// A row, or a term with what it means, begins.
    Row,
    /// A cell of a row begins.
    Cell,
    /// A list begins in HTML.
    OpenList(Marks),
    /// It ends.
    CloseList,
    /// An item of the innermost list of HTML begins.
    Item,
    /// An item in Markdown begins, in so many lists.
    ItemAt(usize, Marks),
    /// The next text leads to the page of an API that it does not name.
    Link(String),
    /// A text.
    Paragraph(String),
}

/// What stands before the items of a list: steps have an order, and points have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marks {
    Bullets,
    Numbers,
}

/// Cuts a page into blocks.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let text = without_comments(text);
    let labels = text.lines().filter_map(definition).collect();
    let (out, pending, items) = (Vec::new(), Vec::new(), Vec::new());
    let mut cutter = Cutter { labels, out, pending, in_table: false, in_list: false, items };
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if let Some(fence) = fence(trimmed) {
            cutter.flush();
            let code: Vec<&str> = lines.by_ref().take_while(|l| !closes(l.trim(), fence)).collect();
            cutter.code(&code.join("\n"));
        } else if let Some(at) = find_tag(line, "<pre") {
            cutter.pending.push(line.get(..at).unwrap_or_default());
            cutter.flush();
            let mut code = line.get(at..).unwrap_or_default().to_owned();
            let mut is_open = find_tag(&code, "</pre").is_none();
            while is_open && let Some(next) = lines.next() {
                code.push('\n');
                code.push_str(next);
                is_open = find_tag(next, "</pre").is_none();
            }
            cutter.preformatted(&code);
        } else {
            cutter.line(line);
        }
    }
    cutter.flush();
    cutter.end_table();
    cutter.out
}

/// The words of a text as they are compared: letters and digits together, every other character by itself.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.split_whitespace().flat_map(move |word| {
        let mut rest = word;
        std::iter::from_fn(move || {
            let first = rest.chars().next()?;
            let length = if is_part(first) { rest.find(|c| !is_part(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
            let (token, behind) = rest.split_at(length);
            rest = behind;
            Some(token)
        })
    })
}

/// The label and the target of `[label]: target`.
fn definition(line: &str) -> Option<(String, String)> {
    let (label, target) = line.trim_start().strip_prefix('[')?.split_once("]:")?;
    // Behind the target there may be a title in quotes, and nothing else: `[in]: Must be 4.` is text.
    let (target, title) = target.trim().split_once(char::is_whitespace).unwrap_or((target.trim(), ""));
    let title = title.trim();
    let is_title = title.is_empty()
        || [('"', '"'), ('\'', '\''), ('(', ')')].iter().any(|(open, close)| title.starts_with(*open) && title.ends_with(*close));
    let is_definition =
        !label.is_empty() && !label.starts_with('^') && !target.is_empty() && is_title && !label.contains(['[', ']']);
    is_definition.then(|| (label.to_lowercase(), target.to_owned()))
}

/// The mark and the length of the fence that a line opens.
pub(super) fn fence(line: &str) -> Option<(char, usize)> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.chars().take_while(|c| *c == mark).count();
    // What has backticks behind it is code in a line.
    let is_fence = length >= 3 && (mark == '~' || !line.trim_start_matches('`').contains('`'));
    is_fence.then_some((mark, length))
}

pub(super) fn closes(line: &str, (mark, length): (char, usize)) -> bool {
    line.chars().count() >= length && line.chars().all(|c| c == mark)
}

/// Where a tag begins, whose name ends there.
fn find_tag(text: &str, tag: &str) -> Option<usize> {
    let is_tag = |at: &usize| {
        let found = text.get(*at..at + tag.len()).is_some_and(|t| t.eq_ignore_ascii_case(tag));
        found && !text.as_bytes().get(at + tag.len()).is_some_and(u8::is_ascii_alphanumeric)
    };
    text.match_indices('<').map(|(at, _)| at).find(is_tag)
}

/// Whether a line is the rule below the head of a table.
fn is_rule(line: &str) -> bool {
    line.contains('-') && line.contains('|') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// Whether a line is made of one mark alone.
fn is_line_of(line: &str, mark: char, least: usize) -> bool {
    line.chars().filter(|c| *c == mark).count() >= least && line.chars().all(|c| c == mark || c == ' ')
}

/// The title of a heading, in Markdown or as the only element of a line.
fn heading(line: &str) -> Option<&str> {
    let hashes = line.bytes().take_while(|b| *b == b'#').count();
    if (1..=6).contains(&hashes) {
        let title = line.get(hashes..)?;
        if title.is_empty() || title.starts_with([' ', '\t']) {
            let shut = title.trim_end().trim_end_matches('#');
            return Some(if shut.ends_with([' ', '\t']) { shut.trim() } else { title.trim() });
        }
    }
    let level = line.as_bytes().get(2).filter(|b| (b'1'..=b'6').contains(*b)).copied()?;
    let opens = line.get(..2)?.eq_ignore_ascii_case("<h");
    let (_, title) = line.split_once('>')?;
    let end = title.len().checked_sub(5)?;
    let shuts = title.get(end..)?.eq_ignore_ascii_case(&format!("</h{}>", char::from(level)));
    (opens && shuts && title.find("</h").is_none_or(|at| at == end)).then(|| title.get(..end).unwrap_or_default())
}

/// What stands behind the mark of an item, and whether the mark is a number.
fn item(line: &str) -> Option<(&str, Option<usize>)> {
    let first = line.chars().next()?;
    if matches!(first, '-' | '*' | '+' | '•' | '·' | '‣' | '▪' | '◦' | '●') {
        let rest = line.get(first.len_utf8()..)?;
        return (rest.is_empty() || rest.starts_with([' ', '\t', '\u{a0}'])).then_some((rest, None));
    }
    let digits = line.bytes().take(9).take_while(u8::is_ascii_digit).count();
    let number = line.get(..digits)?.parse().ok()?;
    let rest = line.get(digits..)?.strip_prefix(['.', ')'])?;
    rest.starts_with([' ', '\t']).then_some((rest, Some(number)))
}

struct Cutter<'t> {
    labels: Labels,
    out: Vec<Block>,
    /// The lines of the paragraph that is being read.
    pending: Vec<&'t str>,
    in_table: bool,
    /// Whether the line before belongs to a list, so that another number continues it.
    in_list: bool,
    /// Where the text of each open item begins in its line: what begins there or behind it is inside that item.
    items: Vec<usize>,
}

impl<'t> Cutter<'t> {
    fn line(&mut self, mut whole: &'t str) {
        let mut line = whole.trim();
        // Between tags there are no quotes, and `> 5` says what it says.
        let is_markdown = !self.pending.first().is_some_and(|first| tags::begins_block(first));
        while let Some(rest) = line.strip_prefix('>').filter(|rest| is_markdown && !rest.starts_with('=')) {
            whole = rest.strip_prefix(' ').unwrap_or(rest);
            line = rest.trim_start();
        }
        if line.is_empty() {
            self.flush();
            self.end_table();
        } else if let Some(title) = heading(line) {
            self.flush();
            self.end_table();
            self.heading(title);
        } else if !self.pending.is_empty() && (is_line_of(line, '=', 1) || is_line_of(line, '-', 2)) {
            let title = std::mem::take(&mut self.pending).join(" ");
            self.heading(&title);
        } else if ['-', '*', '_'].iter().any(|mark| is_line_of(line, *mark, 3)) || definition(line).is_some() {
            self.flush();
        } else if is_rule(line)
            && !self.in_table
            && let Some(head) = self.pending.pop_if(|head| head.contains('|'))
        {
            self.flush();
            self.in_table = true;
            self.out.push(Block::OpenRows);
            self.row(head);
        } else if self.in_table {
            self.row(line);
        } else if let Some(behind) = line.strip_prefix(":::") {
            self.flush();
            // Of an image, its text; of any other such line all words, for they say what holds where.
            match tags::attribute(behind, "alt-text") {
                Some(alt) => self.paragraph(&alt),
                None => self.paragraph(behind.trim()),
            }
        } else if let Some((rest, number)) = item(line)
            && (number.is_none_or(|n| n == 1) || self.pending.is_empty() || self.in_list)
        {
            self.flush();
            self.in_list = true;
            self.item(whole, line.len() - rest.len(), if number.is_some() { Marks::Numbers } else { Marks::Bullets });
            self.pending.push(rest);
        } else {
            if self.pending.is_empty() && !whole.starts_with([' ', '\t']) {
                self.items.clear();
            }
            self.pending.push(line);
        }
    }

    /// An item begins, with a mark of that length: inside the one before it, or beside it.
    fn item(&mut self, whole: &str, mark: usize, marks: Marks) {
        let indent: usize = whole.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { 4 } else { 1 }).sum();
        while self.items.last().is_some_and(|text| indent < *text) {
            self.items.pop();
        }
        self.items.push(indent + mark + 1);
        self.out.push(Block::ItemAt(self.items.len(), marks));
    }

    fn heading(&mut self, title: &str) {
        self.in_list = false;
        self.items.clear();
        let mut found = Vec::new();
        inline::read(title, &self.labels, &mut found);
        let texts = found.into_iter().filter_map(|block| if let Block::Paragraph(text) = block { Some(text) } else { None });
        self.out.push(Block::Heading(texts.collect::<Vec<_>>().join(" ")));
    }

    fn row(&mut self, line: &str) {
        self.out.push(Block::Row);
        let line = line.strip_prefix('|').unwrap_or(line);
        let mut cell = String::new();
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' if chars.next_if_eq(&'|').is_some() => cell.push('|'),
                '\\' => {
                    cell.push(c);
                    cell.extend(chars.next());
                }
                '|' => self.cell(&std::mem::take(&mut cell)),
                _ => cell.push(c),
            }
        }
        if !cell.trim().is_empty() {
            self.cell(&cell);
        }
    }

    fn cell(&mut self, text: &str) {
        self.out.push(Block::Cell);
        self.paragraph(text);
    }

    fn paragraph(&mut self, text: &str) {
        inline::read(text, &self.labels, &mut self.out);
    }

    fn end_table(&mut self) {
        if std::mem::take(&mut self.in_table) {
            self.out.push(Block::CloseRows);
        }
    }

    fn flush(&mut self) {
        self.in_list = false;
        let lines = std::mem::take(&mut self.pending);
        if !lines.is_empty() {
            self.paragraph(&lines.join("\n"));
        }
    }

    /// Code as it stands.
    fn code(&mut self, code: &str) {
        let text = folded(code.chars());
        if !text.is_empty() {
            self.out.push(Block::Paragraph(text));
        }
    }

    /// Code between tags: what is no tag and no entity stands for itself.
    fn preformatted(&mut self, code: &str) {
        // Marks of Markdown are none here.
        let mut escaped = String::with_capacity(code.len());
        for c in code.chars() {
            if matches!(c, '\\' | '*' | '_' | '`' | '[' | ']') {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        self.paragraph(&escaped);
    }
}
