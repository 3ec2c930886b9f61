//! What a name of the model stands for: types, their layouts, and the values of constants.

use std::collections::BTreeMap;

use super::{Api, Constant, Enum, Layout, Layouts, Macro, Spec, Struct, TypeKind};
use crate::c::{CType, EvalError, Expr, Record, Tag, TypeName};
use crate::source::Spanned;

/// What a type name stands for.
#[derive(Debug, Clone, Copy)]
pub enum Named<'s> {
    /// A number of another header, by its Rust type.
    Scalar(&'s str),
    /// A type of another crate.
    External(&'s str, Option<Layouts>),
    /// Another name for a type.
    Alias(&'s CType),
    /// A structure of the interface.
    Struct(&'s Struct),
    /// An enumeration of the interface.
    Enum(&'s Enum),
    /// A function-pointer type of the interface.
    FunctionPointer(&'s Api),
}

/// Names that are followed one within another: which, and how many there were. What a page defines may lead from name to name without end,
/// or to twice as many at each; no header needs more than this.
#[derive(Debug, Default)]
struct Path {
    names: Vec<String>,
    steps: usize,
}

impl Path {
    /// The most names within each other.
    const DEEPEST: usize = 64;
    /// The most names in all.
    const LONGEST: usize = 10_000;

    /// Follows a name; whether it leads back to itself, or too far.
    fn follow(&mut self, name: &str) -> Result<(), Lost> {
        self.steps += 1;
        if self.names.iter().any(|n| n == name) {
            return Err(Lost::Cycle);
        }
        if self.names.len() >= Self::DEEPEST || self.steps > Self::LONGEST {
            return Err(Lost::TooFar);
        }
        self.names.push(name.to_owned());
        Ok(())
    }

    /// Comes back from the last name.
    fn back(&mut self) {
        self.names.pop();
    }
}

/// Where a name leads that is not followed.
enum Lost {
    /// Back to itself.
    Cycle,
    /// Too far.
    TooFar,
}

/// Why a type has no layout.
#[derive(Debug, Clone)]
pub enum LayoutError {
    /// Nothing defines the name.
    Unknown(Spanned<String>),
    /// The type has no size: void, or a type of another crate whose size the type table does not give.
    Opaque(Spanned<String>),
    /// A function, which is no value; a pointer to it was meant.
    Function(String),
    /// A structure that contains itself.
    Cycle(Spanned<String>),
    /// Too many types within each other.
    TooDeep(Spanned<String>),
    /// More bytes than can be counted.
    TooLarge,
    /// An array length without a value.
    Length(EvalError),
}

/// The layout of a structure for both pointer widths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordLayout {
    /// Of the whole.
    pub whole: Layouts,
    /// The offset of each field, with 64-bit and with 32-bit pointers.
    pub offsets: Vec<(u64, u64)>,
}

/// An index of the model.
#[derive(Debug)]
pub struct Names<'s> {
    types: BTreeMap<&'s str, Named<'s>>,
    tags: BTreeMap<&'s str, Named<'s>>,
    constants: BTreeMap<&'s str, &'s Constant>,
    enumerators: BTreeMap<&'s str, (&'s Enum, usize)>,
    macros: BTreeMap<&'s str, &'s Macro>,
}

impl<'s> Names<'s> {
    /// Indexes a model. Where a name is taken twice the first stays; `lint` reports the second.
    #[must_use]
    pub fn new(spec: &'s Spec) -> Self {
        let mut types = BTreeMap::new();
        let mut tags = BTreeMap::new();
        for definition in &spec.types {
            let named = match &definition.is {
                TypeKind::Scalar(rust) => Named::Scalar(rust),
                TypeKind::External { path, layout, .. } => Named::External(path, *layout),
                TypeKind::Alias(ty) => Named::Alias(&ty.value),
            };
            types.entry(definition.name.as_str()).or_insert(named);
        }
        for structure in &spec.structs {
            types.entry(structure.page.name.as_str()).or_insert(Named::Struct(structure));
            for other in structure.names.iter().filter(|n| n.name.value != structure.page.name.value) {
                types.entry(other.name.as_str()).or_insert(Named::Alias(&other.ty));
            }
            if let Some(tag) = &structure.record.tag {
                tags.entry(tag.as_str()).or_insert(Named::Struct(structure));
            }
        }
        let mut enumerators = BTreeMap::new();
        for enumeration in &spec.enums {
            types.entry(enumeration.page.name.as_str()).or_insert(Named::Enum(enumeration));
            for other in enumeration.names.iter().filter(|n| n.name.value != enumeration.page.name.value) {
                types.entry(other.name.as_str()).or_insert(Named::Alias(&other.ty));
            }
            if let Some(tag) = &enumeration.enumeration.tag {
                tags.entry(tag.as_str()).or_insert(Named::Enum(enumeration));
            }
            for (i, variant) in enumeration.enumeration.variants.iter().enumerate() {
                enumerators.entry(variant.name.as_str()).or_insert((enumeration, i));
            }
        }
        for api in &spec.apis {
            if let Some(typedef) = &api.typedef {
                types.entry(typedef.as_str()).or_insert(Named::FunctionPointer(api));
            }
        }
        Self {
            types,
            tags,
            constants: spec.constants.iter().rev().map(|c| (c.name.as_str(), c)).collect(),
            enumerators,
            macros: spec.macros.iter().rev().map(|m| (m.name.as_str(), m)).collect(),
        }
    }

    /// What a type name stands for.
    #[must_use]
    pub fn named(&self, name: &TypeName) -> Option<Named<'s>> {
        let table = if name.tag.is_some() { &self.tags } else { &self.types };
        let found = table.get(name.name.as_str()).copied();
        match (name.tag, found) {
            (Some(Tag::Enum), Some(Named::Struct(_))) | (Some(Tag::Struct | Tag::Union), Some(Named::Enum(_))) => None,
            (_, found) => found,
        }
    }

    /// The structure of that name.
    #[must_use]
    pub fn structure(&self, name: &str) -> Option<&'s Struct> {
        match self.types.get(name) {
            Some(Named::Struct(structure)) => Some(structure),
            _ => None,
        }
    }

    /// All names of types and tags.
    pub fn type_names(&self) -> impl Iterator<Item = &'s str> + '_ {
        self.types.keys().chain(self.tags.keys()).copied()
    }

    /// All names that have a number.
    pub fn constant_names(&self) -> impl Iterator<Item = &'s str> + '_ {
        self.constants.keys().chain(self.enumerators.keys()).copied()
    }

    /// The constant with that name.
    #[must_use]
    pub fn constant(&self, name: &str) -> Option<&'s Constant> {
        self.constants.get(name).copied()
    }

    /// The enumeration that has an enumerator of that name.
    #[must_use]
    pub fn enumerator(&self, name: &str) -> Option<&'s Enum> {
        self.enumerators.get(name).map(|(e, _)| *e)
    }

    /// Whether a constant or an enumerator has that name.
    #[must_use]
    pub fn has_value(&self, name: &str) -> bool {
        self.constants.contains_key(name) || self.enumerators.contains_key(name)
    }

    /// The value of an expression.
    ///
    /// # Errors
    /// Where a name has no value, or the value does not fit.
    pub fn eval(&self, expr: &Expr) -> Result<u64, EvalError> {
        self.eval_within(expr, &mut Path::default(), &[])
    }

    fn eval_within(&self, expr: &Expr, path: &mut Path, locals: &[(&str, u64)]) -> Result<u64, EvalError> {
        let path = std::cell::RefCell::new(path);
        expr.eval(&|name, args| {
            if let Some((_, value)) = locals.iter().find(|(local, _)| *local == name.as_str())
                && args.is_empty()
            {
                return Ok(*value);
            }
            let mut path = path.borrow_mut();
            path.follow(name).map_err(|lost| match lost {
                Lost::Cycle => EvalError::Cycle,
                Lost::TooFar => EvalError::TooDeep,
            })?;
            let value = self.value_of(name, args, &mut path);
            path.back();
            value
        })
    }

    fn value_of(&self, name: &Spanned<String>, args: &[u64], path: &mut Path) -> Result<u64, EvalError> {
        if let Some(constant) = self.constants.get(name.as_str()) {
            return self.eval_within(&constant.expr, path, &[]);
        }
        if let Some((enumeration, at)) = self.enumerators.get(name.as_str()) {
            return self.variant_within(enumeration, *at, path);
        }
        let found = self.macros.get(name.as_str()).ok_or_else(|| EvalError::Unknown(name.clone()))?;
        if found.params.len() != args.len() {
            return Err(EvalError::Arguments(name.clone()));
        }
        let locals: Vec<(&str, u64)> = found.params.iter().map(|p| p.as_str()).zip(args.iter().copied()).collect();
        self.eval_within(&found.expr, path, &locals)
    }

    /// The value of an enumerator: its own expression, or one more than the one before it.
    ///
    /// # Errors
    /// Where an expression has no value.
    pub fn variant(&self, enumeration: &Enum, at: usize) -> Result<u64, EvalError> {
        self.variant_within(enumeration, at, &mut Path::default())
    }

    fn variant_within(&self, enumeration: &Enum, at: usize, path: &mut Path) -> Result<u64, EvalError> {
        // Only what stands after the last expression counts on.
        let before = enumeration.enumeration.variants.get(..=at).unwrap_or_default();
        let last = before.iter().enumerate().rev().find_map(|(i, v)| Some((i, v.value.as_ref()?)));
        let (first, value) = match last {
            Some((i, expr)) => (i, self.eval_within(expr, path, &[])?),
            None => (0, 0),
        };
        Ok(value.wrapping_add((at - first) as u64))
    }

    /// Whether a value of that type is a pointer, after all names are followed.
    #[must_use]
    pub fn is_pointer(&self, ty: &CType) -> bool {
        self.is_pointer_within(ty, &mut Path::default())
    }

    fn is_pointer_within(&self, ty: &CType, path: &mut Path) -> bool {
        match ty {
            CType::Pointer { .. } | CType::Array { .. } => true,
            CType::Named(name) => match self.named(name) {
                Some(Named::Alias(ty)) => path.follow(&name.name).is_ok() && self.is_pointer_within(ty, path),
                Some(Named::FunctionPointer(_)) => true,
                // Opaque handles of other crates are the size of a pointer and are used as one.
                Some(Named::External(_, layout)) => layout.is_some_and(|l| l.wide.size == 8 && l.narrow.size == 4),
                _ => false,
            },
            CType::Function(_) | CType::Record(_) => false,
        }
    }

    /// The size and alignment of a type.
    ///
    /// # Errors
    /// Where it has none.
    pub fn layout(&self, ty: &CType) -> Result<Layouts, LayoutError> {
        self.layout_within(ty, &mut Path::default())
    }

    /// The layout of a structure with the offset of each field.
    ///
    /// # Errors
    /// Where a field has no size.
    pub fn record_layout(&self, record: &Record) -> Result<RecordLayout, LayoutError> {
        self.record_within(record, &mut Path::default())
    }

    fn layout_within(&self, ty: &CType, path: &mut Path) -> Result<Layouts, LayoutError> {
        match ty {
            CType::Pointer { .. } => Ok(POINTER),
            CType::Array { of, len } => {
                let one = self.layout_within(of, path)?;
                let count = match len {
                    Some(len) => self.eval(len).map_err(LayoutError::Length)?,
                    None => 0,
                };
                let times = |l: Layout| {
                    l.size
                        .checked_mul(count)
                        .map(|size| Layout { size, align: l.align })
                        .ok_or(LayoutError::Length(EvalError::Overflow))
                };
                Ok(Layouts { wide: times(one.wide)?, narrow: times(one.narrow)? })
            }
            CType::Function(function) => Err(LayoutError::Function(function.ret.spelling())),
            CType::Record(record) => Ok(self.record_within(record, path)?.whole),
            CType::Named(name) => {
                let unknown = || LayoutError::Unknown(name.name.clone());
                match self.named(name).ok_or_else(unknown)? {
                    Named::Scalar(rust) => scalar(rust).ok_or_else(|| LayoutError::Opaque(name.name.clone())),
                    Named::External(_, layout) => layout.ok_or_else(|| LayoutError::Opaque(name.name.clone())),
                    Named::Enum(_) => Ok(Layouts { wide: Layout { size: 4, align: 4 }, narrow: Layout { size: 4, align: 4 } }),
                    Named::FunctionPointer(_) => Ok(POINTER),
                    Named::Alias(ty) => self.guarded(name, path, |this, path| this.layout_within(ty, path)),
                    Named::Struct(s) => self.guarded(name, path, |this, path| Ok(this.record_within(&s.record, path)?.whole)),
                }
            }
        }
    }

    fn guarded<T>(
        &self,
        name: &TypeName,
        path: &mut Path,
        inner: impl FnOnce(&Self, &mut Path) -> Result<T, LayoutError>,
    ) -> Result<T, LayoutError> {
        path.follow(&name.name).map_err(|lost| match lost {
            Lost::Cycle => LayoutError::Cycle(name.name.clone()),
            Lost::TooFar => LayoutError::TooDeep(name.name.clone()),
        })?;
        let result = inner(self, path);
        path.back();
        result
    }

    fn record_within(&self, record: &Record, path: &mut Path) -> Result<RecordLayout, LayoutError> {
        let mut offsets = Vec::new();
        let mut wide = Placing::default();
        let mut narrow = Placing::default();
        for field in &record.fields {
            let layouts = self.layout_within(&field.ty, path)?;
            let placed = wide.place(layouts.wide, record.is_union).zip(narrow.place(layouts.narrow, record.is_union));
            offsets.push(placed.ok_or(LayoutError::TooLarge)?);
        }
        let whole = wide.finish().zip(narrow.finish()).map(|(wide, narrow)| Layouts { wide, narrow });
        Ok(RecordLayout { whole: whole.ok_or(LayoutError::TooLarge)?, offsets })
    }
}

const POINTER: Layouts = Layouts { wide: Layout { size: 8, align: 8 }, narrow: Layout { size: 4, align: 4 } };

/// Places fields one after another, as the C compiler of the platform does; `None` where there are more bytes than can be counted.
#[derive(Default)]
struct Placing {
    end: u64,
    align: u64,
}

impl Placing {
    fn place(&mut self, layout: Layout, is_union: bool) -> Option<u64> {
        let align = layout.align.max(1);
        let at = if is_union { 0 } else { self.end.checked_next_multiple_of(align)? };
        self.end = self.end.max(at.checked_add(layout.size)?);
        self.align = self.align.max(align);
        Some(at)
    }

    fn finish(&self) -> Option<Layout> {
        let align = self.align.max(1);
        Some(Layout { size: self.end.checked_next_multiple_of(align)?, align })
    }
}

/// The layout of a Rust number on Windows, where every number is aligned to its size.
fn scalar(rust: &str) -> Option<Layouts> {
    let both = |size| Some(Layouts { wide: Layout { size, align: size }, narrow: Layout { size, align: size } });
    match rust {
        "u8" | "i8" | "bool" => both(1),
        "u16" | "i16" => both(2),
        "u32" | "i32" | "f32" => both(4),
        "u64" | "i64" | "f64" => both(8),
        "usize" | "isize" => Some(POINTER),
        _ => None,
    }
}
