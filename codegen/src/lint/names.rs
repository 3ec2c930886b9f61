//! Names are unique, and files are named after what they hold.

use std::collections::BTreeMap;

use super::Lint;
use crate::facts::camel_case;
use crate::source::Spanned;
use crate::spec::Page;

pub(super) fn check(lint: &mut Lint<'_>) {
    let spec = lint.spec;
    let mut types: Vec<&Spanned<String>> = Vec::new();
    let mut values: Vec<&Spanned<String>> = Vec::new();
    let mut pages: Vec<(String, &Page)> = Vec::new();
    for api in &spec.apis {
        let expected = match &api.typedef {
            Some(typedef) => {
                types.push(typedef);
                match typedef.strip_prefix("PFN_") {
                    Some(rest) => camel_case(rest),
                    None => {
                        lint.error(
                            "lint::name",
                            typedef.span,
                            format!("`{typedef}` does not begin with PFN_"),
                            "a function-pointer type of this interface is PFN_ and the name in capitals",
                        );
                        continue;
                    }
                }
            }
            None => {
                values.push(&api.page.name);
                api.page.name.value.clone()
            }
        };
        pages.push((expected, &api.page));
    }
    for structure in &spec.structs {
        types.extend(structure.names.iter().map(|n| &n.name));
        pages.push((structure.page.name.value.clone(), &structure.page));
    }
    for enumeration in &spec.enums {
        types.extend(enumeration.names.iter().map(|n| &n.name));
        values.extend(enumeration.enumeration.variants.iter().map(|v| &v.name));
        pages.push((enumeration.page.name.value.clone(), &enumeration.page));
    }
    for control in &spec.controls {
        pages.push((control.page.name.value.clone(), &control.page));
    }
    types.extend(spec.types.iter().map(|t| &t.name));
    values.extend(spec.constants.iter().map(|c| &c.name));
    values.extend(spec.guids.iter().map(|g| &g.name));
    values.extend(spec.macros.iter().map(|m| &m.name));
    values.extend(spec.statuses.iter().map(|s| &s.name));
    unique(lint, "type", &types);
    unique(lint, "value", &values);

    let mut upstream: BTreeMap<&str, &Page> = BTreeMap::new();
    let mut keys: BTreeMap<&str, &Page> = BTreeMap::new();
    for (expected, page) in &pages {
        if page.stem != *expected {
            lint.error(
                "lint::file-name",
                page.name.span,
                format!("this page is in {}.md", page.stem),
                format!("name the file {expected}.md, so that it is found by its name"),
            );
        }
        if let Some(first) = keys.insert(expected.as_str(), page) {
            let other = lint.sources.get(first.file).path.clone();
            lint.error(
                "lint::duplicate-page",
                page.name.span,
                format!("`{expected}` has a page already: {other}"),
                "merge the two pages",
            );
        }
        if let Some(name) = &page.upstream
            && let Some(first) = upstream.insert(name.as_str(), page)
            && first.name.value != page.name.value
        {
            let other = lint.sources.get(first.file).path.clone();
            lint.error(
                "lint::duplicate-page",
                name.span,
                format!("`{name}` is the source of another page already: {other}"),
                "correct `upstream`",
            );
        }
    }
}

fn unique(lint: &mut Lint<'_>, what: &str, names: &[&Spanned<String>]) {
    let mut seen: BTreeMap<&str, &Spanned<String>> = BTreeMap::new();
    for name in names {
        if let Some(first) = seen.insert(name.as_str(), name) {
            let file = lint.sources.get(first.span.file);
            let at = format!("{}:{}", file.path, file.location(first.span.start).line);
            lint.error(
                "lint::duplicate",
                name.span,
                format!("the {what} `{name}` is defined already: {at}"),
                "remove one of them",
            );
        }
    }
}
