//! The tables of constants, statuses and types, and the errata.

use std::ops::Range;

use serde::Deserialize;

use super::page::{check_lines, read_table, read_yaml, yaml_span};
use super::{Constant, Erratum, Guid, Layout, Layouts, Macro, Spec, Status, TypeDef, TypeKind, WindowsVersion};
use crate::c;
use crate::source::{Block, Cell, Diagnostic, FileId, Report, Section, Sources, Spanned, parse_document};

fn name(cell: &Cell) -> Spanned<String> {
    Spanned::new(cell.text.clone(), cell.span)
}

fn prose(cell: &Cell) -> Spanned<String> {
    Spanned::new(cell.raw.clone(), cell.span)
}

fn given(cell: &Cell) -> Option<Spanned<String>> {
    (!cell.text.is_empty()).then(|| name(cell))
}

/// Which table a file of `tables/` is.
pub(super) fn read_tables(sources: &Sources, file: FileId, stem: &str, spec: &mut Spec, report: &mut Report) {
    if !check_lines(sources, file, report) {
        return;
    }
    let document = parse_document(sources, file, sources.whole(file).start..sources.whole(file).end);
    let mut any = false;
    for section in &document.sections {
        for block in &section.blocks {
            let Block::Table(table) = block else { continue };
            any = true;
            // A table that cannot be read has been reported already.
            let _ = match stem {
                "constants" => constants(section, table, spec, report),
                "identifiers" => identifiers(table, spec, report),
                "macros" => macros(table, spec, report),
                "statuses" => statuses(table, spec, report),
                "types" => types(section, table, spec, report),
                "versions" => versions(table, spec, report),
                _ => None,
            };
        }
    }
    if !any {
        report.push(
            Diagnostic::error("spec::table", "this file has no table")
                .at(sources.whole(file).part(0..1))
                .help("the columns of each table are described in spec-data/README.md"),
        );
    }
}

fn constants(section: &Section, table: &crate::source::Table, spec: &mut Spec, report: &mut Report) -> Option<()> {
    for row in
        read_table(table, &[("Constant", true), ("Type", true), ("Value", true), ("From", false), ("Meaning", true)], report)?
    {
        let value = row("Value")?;
        let Some(expr) = c::parse_expression(&value.text, value.span, report) else { continue };
        spec.constants.push(Constant {
            name: name(row("Constant")?),
            ty: name(row("Type")?),
            expr: Spanned::new(expr, value.span),
            group: section.title.value.clone(),
            from: row("From").and_then(given),
            meaning: prose(row("Meaning")?),
        });
    }
    Some(())
}

fn identifiers(table: &crate::source::Table, spec: &mut Spec, report: &mut Report) -> Option<()> {
    for row in read_table(table, &[("Constant", true), ("Type", true), ("Value", true), ("Meaning", true)], report)? {
        let value = row("Value")?;
        let digits: String = value.text.split('-').collect();
        let shape: Vec<usize> = value.text.split('-').map(str::len).collect();
        match u128::from_str_radix(&digits, 16) {
            Ok(number) if shape == [8, 4, 4, 4, 12] => spec.guids.push(Guid {
                name: name(row("Constant")?),
                ty: name(row("Type")?),
                value: Spanned::new(number, value.span),
                meaning: prose(row("Meaning")?),
            }),
            _ => report.push(
                Diagnostic::error("spec::guid", format!("`{}` is not a GUID", value.text))
                    .at(value.span)
                    .help("write 8-4-4-4-12 hexadecimal digits"),
            ),
        }
    }
    Some(())
}

fn macros(table: &crate::source::Table, spec: &mut Spec, report: &mut Report) -> Option<()> {
    for row in
        read_table(table, &[("Macro", true), ("Type", true), ("Value", true), ("Public", true), ("Meaning", true)], report)?
    {
        let (head, value, public) = (row("Macro")?, row("Value")?, row("Public")?);
        let Some(c::Expr::Call(macro_name, args)) = c::parse_expression(&head.text, head.span, report) else {
            let diagnostic = Diagnostic::error("spec::macro", format!("`{}` is not a macro with parameters", head.text));
            report.push(diagnostic.at(head.span).help("write NAME(Parameter, …)"));
            continue;
        };
        let params = args
            .into_iter()
            .filter_map(|a| match a {
                c::Expr::Name(name) => Some(name),
                _ => None,
            })
            .collect();
        let is_public = match public.text.as_str() {
            "yes" => true,
            "no" => false,
            other => {
                let diagnostic = Diagnostic::error("spec::macro", format!("`{other}` is neither yes nor no"));
                report.push(
                    diagnostic
                        .at(public.span)
                        .help("write yes if the interface defines the macro, no if it only serves definitions here"),
                );
                continue;
            }
        };
        let Some(expr) = c::parse_expression(&value.text, value.span, report) else { continue };
        spec.macros.push(Macro {
            name: macro_name,
            params,
            ty: name(row("Type")?),
            expr: Spanned::new(expr, value.span),
            is_public,
            meaning: prose(row("Meaning")?),
        });
    }
    Some(())
}

fn statuses(table: &crate::source::Table, spec: &mut Spec, report: &mut Report) -> Option<()> {
    for row in read_table(table, &[("Status", true), ("Value", true), ("Meaning", true)], report)? {
        let value = row("Value")?;
        let digits = value.text.strip_prefix("0x").filter(|d| d.len() == 8);
        match digits.and_then(|d| u32::from_str_radix(d, 16).ok()) {
            Some(number) => spec.statuses.push(Status {
                name: name(row("Status")?),
                value: Spanned::new(number, value.span),
                meaning: prose(row("Meaning")?),
            }),
            None => report.push(
                Diagnostic::error("spec::status", format!("`{}` is not an NTSTATUS value", value.text))
                    .at(value.span)
                    .help("write 0x and eight hexadecimal digits"),
            ),
        }
    }
    Some(())
}

fn versions(table: &crate::source::Table, spec: &mut Spec, report: &mut Report) -> Option<()> {
    for row in read_table(table, &[("Version", true), ("Build", true)], report)? {
        let build = row("Build")?;
        match build.text.parse::<u32>() {
            Ok(number) => {
                spec.versions.push(WindowsVersion { name: name(row("Version")?), build: Spanned::new(number, build.span) });
            }
            Err(_) => report.push(
                Diagnostic::error("spec::version", format!("`{}` is not the number of a build", build.text))
                    .at(build.span)
                    .help("write a decimal number, such as 7600"),
            ),
        }
    }
    Some(())
}

fn types(section: &Section, table: &crate::source::Table, spec: &mut Spec, report: &mut Report) -> Option<()> {
    match section.title.value.as_str() {
        "Scalars" => {
            for row in read_table(table, &[("Type", true), ("Rust", true), ("Meaning", true)], report)? {
                let is = TypeKind::Scalar(name(row("Rust")?));
                spec.types.push(TypeDef { name: name(row("Type")?), is, meaning: prose(row("Meaning")?) });
            }
        }
        "Taken from other crates" => {
            for row in read_table(
                table,
                &[("Type", true), ("Path", true), ("wdk-sys", false), ("Layout", true), ("Meaning", true)],
                report,
            )? {
                let cell = row("Layout")?;
                let layout = if cell.text == "opaque" { None } else { Some(layouts(cell, report)?) };
                let is = TypeKind::External { path: name(row("Path")?), wdk_sys: row("wdk-sys").and_then(given), layout };
                spec.types.push(TypeDef { name: name(row("Type")?), is, meaning: prose(row("Meaning")?) });
            }
        }
        "Other names" => {
            for row in read_table(table, &[("Type", true), ("Stands for", true), ("Meaning", true)], report)? {
                let (head, target) = (row("Type")?, row("Stands for")?);
                let text = format!("typedef {} X;", target.text);
                let Some(items) = c::parse_declarations(&text, target.span, report) else { continue };
                if let Ok([c::Item::Typedef(declared)]) = <[c::Item; 1]>::try_from(items) {
                    // The type was read out of a made-up declaration, so its places are those of the cell.
                    let is = TypeKind::Alias(Spanned::new(declared.ty, target.span));
                    spec.types.push(TypeDef { name: name(head), is, meaning: prose(row("Meaning")?) });
                } else {
                    let diagnostic = Diagnostic::error("spec::type", format!("`{}` is not a type", target.text));
                    report.push(diagnostic.at(target.span).help("write a C type, such as IRP *"));
                }
            }
        }
        other => {
            let diagnostic = Diagnostic::error("spec::section", format!("`{other}` is not a section of the type tables"));
            report.push(diagnostic.at(section.title.span).help("known: Scalars, Taken from other crates, Other names"));
        }
    }
    Some(())
}

/// `16 by 4` for both pointer widths, or `8 by 8; 4 by 4`.
fn layouts(cell: &Cell, report: &mut Report) -> Option<Layouts> {
    let one = |text: &str| {
        let (size, align) = text.trim().split_once(" by ")?;
        Some(Layout { size: size.parse().ok()?, align: align.parse().ok()? })
    };
    let found = match cell.text.split_once(';') {
        Some((wide, narrow)) => one(wide).zip(one(narrow)).map(|(wide, narrow)| Layouts { wide, narrow }),
        None => one(&cell.text).map(|both| Layouts { wide: both, narrow: both }),
    };
    if found.is_none() {
        report.push(
            Diagnostic::error("spec::layout", format!("`{}` is not a layout", cell.text))
                .at(cell.span)
                .help("write `SIZE by ALIGNMENT`, twice with `;` between if it differs with 32-bit pointers, or opaque"),
        );
    }
    found
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ErrataEntry {
    page: serde_saphyr::Spanned<String>,
    fact: serde_saphyr::Spanned<String>,
    upstream: Option<serde_saphyr::Spanned<String>>,
    value: Option<serde_saphyr::Spanned<String>>,
    revision: Option<serde_saphyr::Spanned<String>>,
    reason: serde_saphyr::Spanned<String>,
    evidence: serde_saphyr::Spanned<String>,
}

/// Reads `errata.yaml`.
pub(super) fn read_errata(sources: &Sources, file: FileId, spec: &mut Spec, report: &mut Report) -> Option<()> {
    let range: Range<usize> = 0..sources.get(file).text.len();
    let entries: Vec<ErrataEntry> = read_yaml(sources, file, range.clone(), report)?;
    let spanned = |s: serde_saphyr::Spanned<String>| {
        let span = yaml_span(sources, file, &range, s.referenced);
        Spanned::new(s.value.split_whitespace().collect::<Vec<_>>().join(" "), span)
    };
    for entry in entries {
        let page = spanned(entry.page);
        spec.errata.push(Erratum {
            span: page.span,
            page,
            fact: spanned(entry.fact),
            upstream: entry.upstream.map(spanned),
            value: entry.value.map(spanned),
            revision: entry.revision.map(spanned),
            reason: spanned(entry.reason),
            evidence: spanned(entry.evidence),
        });
    }
    Some(())
}
