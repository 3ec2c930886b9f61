//! Questions that are asked of the whole model.
//!
//! In: a model. Out: what a name, an argument or a function-pointer type leads to. Types and constants are looked up in
//! [`super::names`].

use super::{Api, Spec, Struct, ValueTable, When};
use crate::facts::LevelRange;

impl Spec {
    /// The level range of an API for arguments that satisfy exactly the given terms.
    #[must_use]
    pub fn irql_for(api: &Api, arguments: &[(&str, &str)]) -> Option<LevelRange> {
        api.irql
            .iter()
            .find(|case| match &case.when.value {
                When::Always | When::Otherwise => true,
                When::All(terms) => terms.iter().all(|term| {
                    arguments
                        .iter()
                        .any(|(param, value)| *param == term.param.value && term.values.iter().any(|v| v.value == *value))
                }),
            })
            .map(|case| case.range.value)
    }

    /// The structures that have a member of the API's function-pointer type: the dispatch tables that list it.
    pub fn tables_of<'a>(&'a self, api: &'a Api) -> impl Iterator<Item = &'a Struct> {
        self.structs.iter().filter(|s| s.record.fields.iter().any(|f| f.ty.spelling() == api.key()))
    }

    /// Whether each constant of the table asks for a category of sockets.
    #[must_use]
    pub fn names_categories(&self, table: &ValueTable) -> bool {
        let is_category = |constant: &str| self.structs.iter().any(|s| s.category.as_ref().is_some_and(|c| c.value == constant));
        !table.rows.is_empty() && table.rows.iter().all(|r| is_category(&r.constant))
    }

    /// The build of a version of Windows, as the pages spell its name.
    #[must_use]
    pub fn build_of(&self, version: &str) -> Option<u32> {
        self.versions.iter().find(|v| v.name.value == version).map(|v| v.build.value)
    }

    /// The APIs with that name or function-pointer type.
    pub fn apis_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Api> {
        self.apis.iter().filter(move |a| a.page.name.value == name || a.key() == name)
    }
}
