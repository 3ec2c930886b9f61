//! The facts of the pages of structures and enumerations, put into ours.
//!
//! Separate from those of functions, for a field stands in two places of our page: in the definition and in a row of the table.

use super::apply::Edit;
use crate::c;
use crate::facts::FactKind;
use crate::import;
use crate::spec::{Enum, FieldDoc, Struct};

impl Edit<'_> {
    pub(super) fn structure(&self, structure: &mut Struct) {
        self.page(&mut structure.page);
        if self.has(&[FactKind::Field, FactKind::Fields]) {
            self.fields(structure);
        }
        for (_, theirs) in self.of(FactKind::Union) {
            structure.record.is_union = theirs.map_or(structure.record.is_union, |theirs| theirs == "true");
        }
        for (path, theirs) in self.of(FactKind::FieldType) {
            let field = structure.record.fields.iter_mut().find(|f| f.name.as_ref().is_some_and(|n| n.value == path.of()));
            if let (Some(field), Some(theirs)) = (field, theirs) {
                field.ty = self.ty(theirs);
            }
        }
        for (path, theirs) in self.of(FactKind::FieldName) {
            let Some(theirs) = theirs else { continue };
            let names = structure.record.fields.iter_mut().filter_map(|f| f.name.as_mut());
            names.filter(|n| n.value == path.of()).for_each(|n| theirs.clone_into(&mut n.value));
            let words = structure.fields.iter_mut().flat_map(|row| std::iter::once(&mut row.name).chain(row.bytes_in.as_mut()));
            words.filter(|n| n.value == path.of()).for_each(|n| theirs.clone_into(&mut n.value));
        }
    }

    fn fields(&self, structure: &mut Struct) {
        let is_gone = |name: &str| self.of(FactKind::Field).any(|(path, theirs)| path.of() == name && theirs.is_none());
        let is_new = |name: &str| self.of(FactKind::Field).any(|(path, theirs)| path.of() == name && theirs.is_some());
        let name_of = |f: &c::Field| f.name.as_ref().map(|n| n.value.clone());
        let before = std::mem::take(&mut structure.record.fields);
        let mut fields: Vec<c::Field> = before.iter().filter(|f| f.name.is_none()).cloned().collect();
        for name in self.theirs.names(FactKind::Field) {
            if let Some(ours) = before.iter().find(|f| name_of(f).as_deref() == Some(name)) {
                fields.push(ours.clone());
            } else if is_new(name) {
                let ty = self.theirs.value(FactKind::FieldType, &[name]).unwrap_or(import::UNKNOWN);
                fields.push(c::Field { name: Some(self.fresh(name)), ty: self.ty(ty) });
            }
        }
        for (at, field) in before.iter().enumerate() {
            let Some(name) = name_of(field) else { continue };
            if !is_gone(&name) && !fields.iter().any(|f| name_of(f).as_ref() == Some(&name)) {
                fields.insert(at.min(fields.len()), field.clone());
            }
        }
        // Rows stand in the order of the fields; those of what has no name in C come first.
        let named: Vec<String> = fields.iter().filter_map(name_of).collect();
        let mut rows: Vec<FieldDoc> = structure
            .fields
            .iter()
            .filter(|r| !before.iter().any(|f| name_of(f).as_ref() == Some(&r.name.value)))
            .cloned()
            .collect();
        rows.extend(named.iter().map(|name| {
            let row = structure.fields.iter().find(|r| r.name.value == *name).cloned();
            row.unwrap_or_else(|| self.row(name))
        }));
        structure.record.fields = fields;
        structure.fields = rows;
    }

    fn row(&self, name: &str) -> FieldDoc {
        FieldDoc { name: self.fresh(name), since: None, bytes_in: None, meaning: self.unwritten() }
    }

    pub(super) fn enumeration(&self, enumeration: &mut Enum) {
        self.page(&mut enumeration.page);
        for (path, theirs) in self.of(FactKind::Variant) {
            let variants = &mut enumeration.enumeration.variants;
            if theirs.is_none() {
                variants.retain(|v| v.name.value != path.of());
                enumeration.variants.retain(|v| v.name.value != path.of());
            } else {
                let value: Option<u64> = self.theirs.value(FactKind::VariantValue, &[path.of()]).and_then(|v| v.parse().ok());
                variants.push(c::Variant { name: self.fresh(path.of()), value: value.map(c::Expr::Number) });
                enumeration.variants.push(self.row(path.of()));
            }
        }
        for (path, theirs) in self.of(FactKind::VariantValue) {
            let variant = enumeration.enumeration.variants.iter_mut().find(|v| v.name.value == path.of());
            if let (Some(variant), Some(value)) = (variant, theirs.and_then(|t| t.parse().ok())) {
                variant.value = Some(c::Expr::Number(value));
            }
        }
    }
}
