//! Text → declarations, by way of the `lang-c` grammar.
//!
//! C cannot be parsed without knowing which names are types. Here every identifier that stands where only a type can stand is
//! taken for one; whether such a type exists is asked later, by `lint`, which can then name the nearest that does.

use std::collections::BTreeSet;
use std::ops::Range;

use lang_c::ast;
use lang_c::driver::{Config, Flavor, parse_preprocessed};
use lang_c::span::Node;

use super::{
    BinaryOp, CType, Declared, Enumeration, Expr, Field, Function, Item, Param, Record, Tag, TypeName, UnaryOp, Variant, limits,
};
use crate::source::{Diagnostic, Report, Span, Spanned};

const KEYWORDS: &[&str] = &[
    "auto", "char", "const", "double", "enum", "extern", "float", "inline", "int", "long", "register", "restrict", "short",
    "signed", "sizeof", "static", "struct", "typedef", "union", "unsigned", "void", "volatile", "_Bool",
];

/// Reads declarations: function prototypes, `typedef struct`, `typedef enum`, other typedefs.
///
/// What cannot be read is reported at its place, and nothing is returned for the whole text.
pub fn parse_declarations(text: &str, place: Span, report: &mut Report) -> Option<Vec<Item>> {
    let unit = parse_unit(text, place, report, "a C declaration")?;
    let mut items = Vec::new();
    let mut failed = false;
    for node in unit.tree {
        match node.node {
            ast::ExternalDeclaration::Declaration(declaration) => match unit.cx.declaration(&declaration.node) {
                Ok(mut found) => items.append(&mut found),
                Err(problem) => {
                    failed = true;
                    problem.report(report);
                }
            },
            ast::ExternalDeclaration::StaticAssert(_) | ast::ExternalDeclaration::FunctionDefinition(_) => {
                failed = true;
                Problem::new(unit.cx.span(&node.span), "only declarations are expected here").report(report);
            }
        }
    }
    (!failed).then_some(items)
}

/// Reads a constant expression.
pub fn parse_expression(text: &str, place: Span, report: &mut Report) -> Option<Expr> {
    // The grammar's entry point is a whole file, so the expression is dressed as the value of an enumerator.
    const BEFORE: &str = "enum { V = (";
    let dressed = format!("{BEFORE}{text}) }};");
    let mut inner = Report::new();
    // Offsets in `dressed` are `BEFORE.len()` too high; places are taken back below.
    let wide = Span { file: place.file, start: place.start, end: place.end };
    let unit = parse_unit_shifted(&dressed, wide, BEFORE.len(), &mut inner, "a constant expression");
    report.append(inner);
    let unit = unit?;
    let node = unit.tree.into_iter().next()?;
    let ast::ExternalDeclaration::Declaration(declaration) = node.node else { return None };
    for specifier in declaration.node.specifiers {
        if let ast::DeclarationSpecifier::TypeSpecifier(ty) = specifier.node
            && let ast::TypeSpecifier::Enum(body) = ty.node
            && let Some(value) = body.node.enumerators.into_iter().next().and_then(|e| e.node.expression)
        {
            return match unit.cx.expr(&value) {
                Ok(expr) => Some(expr),
                Err(problem) => {
                    problem.report(report);
                    None
                }
            };
        }
    }
    None
}

struct Unit {
    tree: Vec<Node<ast::ExternalDeclaration>>,
    cx: Context,
}

/// Turns offsets of the dressed-up text back into places.
struct Context {
    place: Span,
    shift: usize,
}

struct Problem {
    span: Span,
    message: String,
}

impl Problem {
    fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }

    fn report(self, report: &mut Report) {
        report.push(
            Diagnostic::error("c::unsupported", self.message)
                .at(self.span)
                .help("write the declaration in plain C, as the header would after preprocessing"),
        );
    }
}

fn parse_unit(text: &str, place: Span, report: &mut Report, what: &str) -> Option<Unit> {
    parse_unit_shifted(text, place, 0, report, what)
}

fn parse_unit_shifted(text: &str, place: Span, shift: usize, report: &mut Report, what: &str) -> Option<Unit> {
    let text = without_comments(text);
    let text = text.as_str();
    if let Err(excess) = limits::check(text) {
        report.push(
            Diagnostic::error("c::too-large", format!("this is too long or too deeply nested to be {what}"))
                .at(place)
                .help(excess),
        );
        return None;
    }
    let mut source = String::new();
    for name in type_names(text) {
        source.push_str("typedef int ");
        source.push_str(name);
        source.push_str(";\n");
    }
    let prelude = source.len();
    let typedefs = source.lines().count();
    source.push_str(text);
    let config = Config { cpp_command: String::new(), cpp_options: Vec::new(), flavor: Flavor::StdC11 };
    let cx = Context { place, shift: prelude + shift };
    match parse_preprocessed(&config, source) {
        Ok(parse) => Some(Unit { tree: parse.unit.0.into_iter().skip(typedefs).collect(), cx }),
        Err(error) => {
            let at = cx.range(error.offset..error.offset + 1);
            let mut expected: Vec<&str> = error.expected.iter().copied().filter(|e| !e.starts_with('[')).collect();
            expected.sort_unstable();
            expected.truncate(6);
            let found =
                text.get(error.offset.saturating_sub(prelude)..).and_then(|t| t.split_whitespace().next()).unwrap_or("the end");
            let found: String = found.chars().take(40).collect();
            let mut diagnostic =
                Diagnostic::error("c::syntax", format!("this is not {what}: `{found}` is not expected here")).at(at);
            if !expected.is_empty() {
                diagnostic = diagnostic.help(format!("expected one of: {}", expected.join(" ")));
            }
            report.push(diagnostic);
            None
        }
    }
}

/// Puts as many spaces as it has bytes in the place of every comment: the grammar is that of preprocessed text.
pub(crate) fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('/') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let len = if from.starts_with("//") {
            from.find('\n').unwrap_or(from.len())
        } else if from.starts_with("/*") {
            from.get(2..).and_then(|inner| inner.find("*/")).map_or(from.len(), |end| end + 4)
        } else {
            0
        };
        let (comment, after) = from.split_at(len);
        out.extend(comment.bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }));
        rest = match after.strip_prefix('/').filter(|_| len == 0) {
            Some(after) => {
                out.push('/');
                after
            }
            None => after,
        };
    }
    out.push_str(rest);
    out
}

/// What stands between a pair of brackets.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    /// Declarations, each begun by a type and ended by `;`: a file or the body of a structure.
    Declarations,
    /// Parameters, each begun by a type and ended by `,`.
    Parameters,
    /// A declarator in parentheses.
    Declarator,
    /// Values: an array length, the body of an enumeration, arguments.
    Values,
}

/// The identifiers that stand where a declaration, a field or a parameter begins.
fn type_names(text: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let mut stack = vec![Inside::Declarations];
    let mut at_start = true;
    let mut keyword = "";
    let mut tokens = tokens(text).peekable();
    while let Some(token) = tokens.next() {
        let inside = stack.last().copied().unwrap_or(Inside::Declarations);
        match token {
            "{" => {
                stack.push(if keyword == "enum" || inside == Inside::Values { Inside::Values } else { Inside::Declarations });
                (at_start, keyword) = (true, "");
            }
            "(" => {
                stack.push(match inside {
                    Inside::Values => Inside::Values,
                    _ if tokens.peek() == Some(&"*") => Inside::Declarator,
                    _ => Inside::Parameters,
                });
                at_start = true;
            }
            "[" => stack.push(Inside::Values),
            ")" | "]" | "}" => {
                stack.pop();
                at_start = false;
            }
            ";" => at_start = inside == Inside::Declarations,
            "," => at_start = inside == Inside::Parameters,
            "const" | "volatile" | "typedef" | "extern" | "static" => {}
            "struct" | "union" | "enum" => (at_start, keyword) = (false, token),
            word if word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') => {
                let begins = matches!(inside, Inside::Declarations | Inside::Parameters);
                if at_start && begins && !KEYWORDS.contains(&word) {
                    names.insert(word);
                }
                at_start = false;
            }
            _ => at_start = false,
        }
    }
    names
}

/// Identifiers, numbers and single punctuation marks.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let len = if first.is_alphanumeric() || first == '_' {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, tail) = rest.split_at(len);
        rest = tail;
        Some(token)
    })
}

/// The parts of declaration specifiers that matter.
#[derive(Default)]
struct Specifiers<'a> {
    is_typedef: bool,
    is_const: bool,
    words: Vec<&'static str>,
    named: Option<&'a Node<ast::Identifier>>,
    record: Option<&'a Node<ast::StructType>>,
    enumeration: Option<&'a Node<ast::EnumType>>,
    first: Option<Range<usize>>,
}

impl Context {
    fn range(&self, range: Range<usize>) -> Span {
        self.place.part(range.start.saturating_sub(self.shift)..range.end.saturating_sub(self.shift))
    }

    fn span(&self, span: &lang_c::span::Span) -> Span {
        self.range(span.start..span.end)
    }

    fn name(&self, identifier: &Node<ast::Identifier>) -> Spanned<String> {
        Spanned::new(identifier.node.name.clone(), self.span(&identifier.span))
    }

    fn declaration(&self, declaration: &ast::Declaration) -> Result<Vec<Item>, Problem> {
        let mut specifiers = Specifiers::default();
        for specifier in &declaration.specifiers {
            match &specifier.node {
                ast::DeclarationSpecifier::StorageClass(class) => {
                    specifiers.is_typedef |= class.node == ast::StorageClassSpecifier::Typedef
                }
                ast::DeclarationSpecifier::TypeSpecifier(ty) => self.type_specifier(ty, &mut specifiers)?,
                ast::DeclarationSpecifier::TypeQualifier(q) => specifiers.is_const |= q.node == ast::TypeQualifier::Const,
                _ => return Err(Problem::new(self.span(&specifier.span), "this specifier is not supported")),
            }
        }
        let declarators: Vec<&Node<ast::Declarator>> = declaration.declarators.iter().map(|d| &d.node.declarator).collect();

        if let Some(body) = specifiers.record.filter(|r| r.node.declarations.is_some()) {
            let record = self.record(&body.node)?;
            let base = self.own_name(record.tag.as_ref(), &declarators, self.span(&body.span), Tag::Struct)?;
            let names = self.declared(&declarators, &base)?;
            return Ok(vec![Item::Record { record, names }]);
        }
        if let Some(body) = specifiers.enumeration.filter(|e| !e.node.enumerators.is_empty()) {
            let enumeration = self.enumeration(&body.node)?;
            let base = self.own_name(enumeration.tag.as_ref(), &declarators, self.span(&body.span), Tag::Enum)?;
            let names = self.declared(&declarators, &base)?;
            return Ok(vec![Item::Enumeration { enumeration, names }]);
        }
        let base = self.base_type(&specifiers)?;
        self.declared(&declarators, &base)?
            .into_iter()
            .map(|declared| match declared.ty {
                CType::Function(function) if !specifiers.is_typedef => {
                    Ok(Item::Function { name: declared.name, function: *function })
                }
                _ if specifiers.is_typedef => Ok(Item::Typedef(declared)),
                _ => Err(Problem::new(
                    declared.name.span,
                    format!("`{}` declares a variable; a function or a type is expected", declared.name),
                )),
            })
            .collect()
    }

    /// The type that a body's declarators build on: its first plain declarator, or its tag.
    fn own_name(
        &self,
        tag: Option<&Spanned<String>>,
        declarators: &[&Node<ast::Declarator>],
        at: Span,
        keyword: Tag,
    ) -> Result<CType, Problem> {
        for declarator in declarators {
            if let (ast::DeclaratorKind::Identifier(name), true) =
                (&declarator.node.kind.node, declarator.node.derived.is_empty())
            {
                return Ok(CType::Named(TypeName { tag: None, name: self.name(name), is_const: false }));
            }
        }
        match tag {
            Some(tag) => Ok(CType::Named(TypeName { tag: Some(keyword), name: tag.clone(), is_const: false })),
            None => Err(Problem::new(at, "this has neither a tag nor a name")),
        }
    }

    fn declared(&self, declarators: &[&Node<ast::Declarator>], base: &CType) -> Result<Vec<Declared>, Problem> {
        declarators
            .iter()
            .map(|declarator| {
                let (name, ty) = self.declarator(Some(declarator), base.clone())?;
                let name = name.ok_or_else(|| Problem::new(self.span(&declarator.span), "a name is expected"))?;
                Ok(Declared { name, ty })
            })
            .collect()
    }

    fn type_specifier<'a>(&self, ty: &'a Node<ast::TypeSpecifier>, into: &mut Specifiers<'a>) -> Result<(), Problem> {
        into.first.get_or_insert(ty.span.start..ty.span.end);
        match &ty.node {
            ast::TypeSpecifier::Void => into.words.push("void"),
            ast::TypeSpecifier::Char => into.words.push("char"),
            ast::TypeSpecifier::Short => into.words.push("short"),
            ast::TypeSpecifier::Int => into.words.push("int"),
            ast::TypeSpecifier::Long => into.words.push("long"),
            ast::TypeSpecifier::Float => into.words.push("float"),
            ast::TypeSpecifier::Double => into.words.push("double"),
            ast::TypeSpecifier::Signed => into.words.push("signed"),
            ast::TypeSpecifier::Unsigned => into.words.push("unsigned"),
            ast::TypeSpecifier::Bool => into.words.push("_Bool"),
            ast::TypeSpecifier::TypedefName(name) => into.named = Some(name),
            ast::TypeSpecifier::Struct(body) => into.record = Some(body),
            ast::TypeSpecifier::Enum(body) => into.enumeration = Some(body),
            _ => return Err(Problem::new(self.span(&ty.span), "this kind of type is not supported")),
        }
        Ok(())
    }

    fn base_type(&self, specifiers: &Specifiers<'_>) -> Result<CType, Problem> {
        let at = self.range(specifiers.first.clone().unwrap_or(self.shift..self.shift));
        let is_const = specifiers.is_const;
        if let Some(name) = specifiers.named {
            return Ok(CType::Named(TypeName { tag: None, name: self.name(name), is_const }));
        }
        if let Some(body) = specifiers.record {
            if body.node.declarations.is_some() {
                return Ok(CType::Record(Box::new(self.record(&body.node)?)));
            }
            let tag = if body.node.kind.node == ast::StructKind::Union { Tag::Union } else { Tag::Struct };
            let name = body.node.identifier.as_ref().ok_or_else(|| Problem::new(at, "a tag is expected"))?;
            return Ok(CType::Named(TypeName { tag: Some(tag), name: self.name(name), is_const }));
        }
        if let Some(body) = specifiers.enumeration {
            let name = body.node.identifier.as_ref().ok_or_else(|| Problem::new(at, "a tag is expected"))?;
            return Ok(CType::Named(TypeName { tag: Some(Tag::Enum), name: self.name(name), is_const }));
        }
        if specifiers.words.is_empty() {
            return Err(Problem::new(at, "a type is expected"));
        }
        let name = if specifiers.words == ["void"] { "VOID".to_owned() } else { specifiers.words.join(" ") };
        Ok(CType::Named(TypeName { tag: None, name: Spanned::new(name, at), is_const }))
    }

    /// Wraps `base` in what the declarator adds, and gives the name that it declares.
    fn declarator(
        &self,
        declarator: Option<&Node<ast::Declarator>>,
        base: CType,
    ) -> Result<(Option<Spanned<String>>, CType), Problem> {
        let Some(declarator) = declarator else { return Ok((None, base)) };
        let mut ty = base;
        // Pointers bind in the order they are written; arrays and parameter lists bind from the last to the first.
        for derived in &declarator.node.derived {
            if let ast::DerivedDeclarator::Pointer(qualifiers) = &derived.node {
                let is_const = qualifiers
                    .iter()
                    .any(|q| matches!(&q.node, ast::PointerQualifier::TypeQualifier(t) if t.node == ast::TypeQualifier::Const));
                ty = CType::Pointer { to: Box::new(ty), is_const };
            }
        }
        for derived in declarator.node.derived.iter().rev() {
            ty = match &derived.node {
                ast::DerivedDeclarator::Pointer(_) => ty,
                ast::DerivedDeclarator::Array(array) => {
                    let len = match &array.node.size {
                        ast::ArraySize::Unknown => None,
                        ast::ArraySize::VariableExpression(len) => Some(self.expr(len)?),
                        _ => return Err(Problem::new(self.span(&array.span), "this array length is not supported")),
                    };
                    CType::Array { of: Box::new(ty), len }
                }
                ast::DerivedDeclarator::Function(function) => {
                    if function.node.ellipsis == ast::Ellipsis::Some {
                        return Err(Problem::new(self.span(&function.span), "variable arguments are not supported"));
                    }
                    CType::Function(Box::new(Function { ret: ty, params: self.params(&function.node.parameters)? }))
                }
                ast::DerivedDeclarator::KRFunction(names) if names.is_empty() => {
                    CType::Function(Box::new(Function { ret: ty, params: Vec::new() }))
                }
                _ => return Err(Problem::new(self.span(&derived.span), "parameters need types")),
            };
        }
        match &declarator.node.kind.node {
            ast::DeclaratorKind::Abstract => Ok((None, ty)),
            ast::DeclaratorKind::Identifier(name) => Ok((Some(self.name(name)), ty)),
            ast::DeclaratorKind::Declarator(inner) => self.declarator(Some(inner), ty),
        }
    }

    fn params(&self, parameters: &[Node<ast::ParameterDeclaration>]) -> Result<Vec<Param>, Problem> {
        let mut params = Vec::new();
        for parameter in parameters {
            let mut specifiers = Specifiers::default();
            for specifier in &parameter.node.specifiers {
                match &specifier.node {
                    ast::DeclarationSpecifier::TypeSpecifier(ty) => self.type_specifier(ty, &mut specifiers)?,
                    ast::DeclarationSpecifier::TypeQualifier(q) => specifiers.is_const |= q.node == ast::TypeQualifier::Const,
                    _ => return Err(Problem::new(self.span(&specifier.span), "this specifier is not supported")),
                }
            }
            let base = self.base_type(&specifiers)?;
            let (name, ty) = self.declarator(parameter.node.declarator.as_ref(), base)?;
            params.push(Param { name, ty });
        }
        if let [Param { name: None, ty }] = params.as_slice()
            && ty.is_void()
        {
            params.clear();
        }
        Ok(params)
    }

    fn record(&self, body: &ast::StructType) -> Result<Record, Problem> {
        let mut fields = Vec::new();
        for declaration in body.declarations.iter().flatten() {
            let ast::StructDeclaration::Field(field) = &declaration.node else {
                return Err(Problem::new(self.span(&declaration.span), "only fields are expected here"));
            };
            let mut specifiers = Specifiers::default();
            for specifier in &field.node.specifiers {
                match &specifier.node {
                    ast::SpecifierQualifier::TypeSpecifier(ty) => self.type_specifier(ty, &mut specifiers)?,
                    ast::SpecifierQualifier::TypeQualifier(q) => specifiers.is_const |= q.node == ast::TypeQualifier::Const,
                    ast::SpecifierQualifier::Extension(_) => {
                        return Err(Problem::new(self.span(&specifier.span), "this specifier is not supported"));
                    }
                }
            }
            let base = self.base_type(&specifiers)?;
            if field.node.declarators.is_empty() {
                fields.push(Field { name: None, ty: base });
                continue;
            }
            for declarator in &field.node.declarators {
                if declarator.node.bit_width.is_some() {
                    return Err(Problem::new(
                        self.span(&declarator.span),
                        "bit fields are not supported: their layout is not fixed",
                    ));
                }
                let (name, ty) = self.declarator(declarator.node.declarator.as_ref(), base.clone())?;
                fields.push(Field { name, ty });
            }
        }
        Ok(Record {
            is_union: body.kind.node == ast::StructKind::Union,
            tag: body.identifier.as_ref().map(|t| self.name(t)),
            fields,
        })
    }

    fn enumeration(&self, body: &ast::EnumType) -> Result<Enumeration, Problem> {
        let variants = body
            .enumerators
            .iter()
            .map(|e| {
                let value = e.node.expression.as_ref().map(|v| self.expr(v)).transpose()?;
                Ok(Variant { name: self.name(&e.node.identifier), value })
            })
            .collect::<Result<_, Problem>>()?;
        Ok(Enumeration { tag: body.identifier.as_ref().map(|t| self.name(t)), variants })
    }

    fn expr(&self, expr: &Node<ast::Expression>) -> Result<Expr, Problem> {
        let unsupported = || Problem::new(self.span(&expr.span), "this kind of expression is not supported");
        Ok(match &expr.node {
            ast::Expression::Identifier(name) => Expr::Name(self.name(name)),
            ast::Expression::Constant(constant) => match &constant.node {
                ast::Constant::Integer(integer) => {
                    let radix = match integer.base {
                        ast::IntegerBase::Decimal => 10,
                        ast::IntegerBase::Octal => 8,
                        ast::IntegerBase::Hexadecimal => 16,
                        ast::IntegerBase::Binary => 2,
                    };
                    let value = u64::from_str_radix(&integer.number, radix)
                        .map_err(|_| Problem::new(self.span(&constant.span), "this number does not fit 64 bits"))?;
                    Expr::Number(value)
                }
                _ => return Err(unsupported()),
            },
            ast::Expression::UnaryOperator(unary) => {
                let operand = Box::new(self.expr(&unary.node.operand)?);
                match unary.node.operator.node {
                    ast::UnaryOperator::Minus => Expr::Unary(UnaryOp::Minus, operand),
                    ast::UnaryOperator::Complement => Expr::Unary(UnaryOp::Complement, operand),
                    ast::UnaryOperator::Plus => *operand,
                    _ => return Err(unsupported()),
                }
            }
            ast::Expression::BinaryOperator(binary) => {
                let op = match binary.node.operator.node {
                    ast::BinaryOperator::Plus => BinaryOp::Add,
                    ast::BinaryOperator::Minus => BinaryOp::Sub,
                    ast::BinaryOperator::Multiply => BinaryOp::Mul,
                    ast::BinaryOperator::ShiftLeft => BinaryOp::Shl,
                    ast::BinaryOperator::ShiftRight => BinaryOp::Shr,
                    ast::BinaryOperator::BitwiseAnd => BinaryOp::And,
                    ast::BinaryOperator::BitwiseOr => BinaryOp::Or,
                    ast::BinaryOperator::BitwiseXor => BinaryOp::Xor,
                    _ => return Err(unsupported()),
                };
                Expr::Binary(op, Box::new(self.expr(&binary.node.lhs)?), Box::new(self.expr(&binary.node.rhs)?))
            }
            ast::Expression::Call(call) => {
                let ast::Expression::Identifier(name) = &call.node.callee.node else { return Err(unsupported()) };
                let args = call.node.arguments.iter().map(|a| self.expr(a)).collect::<Result<_, _>>()?;
                Expr::Call(self.name(name), args)
            }
            _ => return Err(unsupported()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn place(text: &str) -> Span {
        let mut sources = Sources::new();
        let file = sources.add("t.c", text);
        sources.whole(file)
    }

    fn items(text: &str) -> Vec<Item> {
        let mut report = Report::new();
        let items = parse_declarations(text, place(text), &mut report);
        assert!(report.is_empty(), "{text}: {:?}", report.diagnostics());
        items.expect("an empty report comes with items")
    }

    fn field_types(text: &str) -> Vec<(String, String)> {
        match items(text).as_slice() {
            [Item::Record { record, .. }] => record
                .fields
                .iter()
                .map(|f| (f.name.as_ref().map_or_else(String::new, |n| n.value.clone()), f.ty.spelling()))
                .collect(),
            other => panic!("not one record: {other:?}"),
        }
    }

    #[test]
    fn a_prototype_keeps_every_pointer_and_const() {
        let text = "NTSTATUS WskAcceptEvent(PVOID SocketContext, const WSK_CLIENT_CONNECTION_DISPATCH **Dispatch, SIZE_T *const Size, \
                    ULONG Pair[2], VOID (*Callback)(PVOID, struct _X *));";
        let items = items(text);
        let [Item::Function { name, function }] = items.as_slice() else { panic!("not a function: {items:?}") };
        assert_eq!(name.value, "WskAcceptEvent");
        let types: Vec<String> = function.params.iter().map(|p| p.ty.spelling()).collect();
        assert_eq!(
            types,
            ["PVOID", "const WSK_CLIENT_CONNECTION_DISPATCH **", "SIZE_T *const", "ULONG[2]", "VOID (*)(PVOID, struct _X *)"]
        );
    }

    #[test]
    fn nested_anonymous_members_and_arrays() {
        let text = "typedef struct _X { union { struct { ULONG Low; LONG High; }; ULONGLONG Whole; } u; UCHAR Grid[2][3]; \
                    struct _X *Next; PFN_X Callback; VOID (*Free)(VOID); } X, *PX;";
        let expected = [
            ("u", "union { struct { ULONG Low; LONG High; }; ULONGLONG Whole; }"),
            ("Grid", "UCHAR[2][3]"),
            ("Next", "struct _X *"),
            ("Callback", "PFN_X"),
            ("Free", "VOID (*)(VOID)"),
        ];
        assert_eq!(field_types(text), expected.map(|(n, t)| (n.to_owned(), t.to_owned())));
    }

    #[test]
    fn an_enumeration_keeps_its_values() {
        let items = items("typedef enum { A = 0, B, C = 1 << 4 } E, *PE;");
        let [Item::Enumeration { enumeration, names }] = items.as_slice() else { panic!("not an enumeration: {items:?}") };
        let values: Vec<_> =
            enumeration.variants.iter().map(|v| (v.name.as_str(), v.value.as_ref().map(Expr::spelling))).collect();
        assert_eq!(values, [("A", Some("0".to_owned())), ("B", None), ("C", Some("1 << 4".to_owned()))]);
        let names: Vec<_> = names.iter().map(|n| n.ty.declaration(&n.name)).collect();
        assert_eq!(names, ["E E", "E *PE"]);
    }

    #[test]
    fn function_pointer_typedefs() {
        let items = items("typedef NTSTATUS (*PFN_X)(PVOID Context, ULONG Flags);");
        let [Item::Typedef(declared)] = items.as_slice() else { panic!("not a typedef: {items:?}") };
        assert_eq!(declared.ty.declaration(&declared.name), "NTSTATUS (*PFN_X)(PVOID Context, ULONG Flags)");
    }

    #[test]
    fn expressions_have_values() {
        let mut report = Report::new();
        let lookup = |name: &Spanned<String>, args: &[u64]| match (name.as_str(), args) {
            ("A", []) => Ok(0x80),
            ("TWICE", [x]) => Ok(x * 2),
            _ => Err(EvalErrorFor(name).into()),
        };
        for (text, value) in
            [("1 + 2 * 3", 7), ("A | 0x0F", 0x8F), ("(1 << 31) - 1", 0x7FFF_FFFF), ("TWICE(A) + 1", 0x101), ("~0 & 0xFFUL", 0xFF)]
        {
            let expr = parse_expression(text, place(text), &mut report).expect(text);
            assert_eq!(expr.eval(&lookup), Ok(value), "{text}");
        }
        assert!(report.is_empty());
        let expr = parse_expression("B", place("B"), &mut report).expect("a name");
        assert!(matches!(expr.eval(&lookup), Err(super::super::EvalError::Unknown(n)) if n.value == "B"));
    }

    struct EvalErrorFor<'a>(&'a Spanned<String>);
    impl From<EvalErrorFor<'_>> for super::super::EvalError {
        fn from(e: EvalErrorFor<'_>) -> Self {
            Self::Unknown(e.0.clone())
        }
    }

    #[test]
    fn comments_are_passed_over_and_places_stay() {
        let text = "// Declaration\nNTSTATUS /* the outcome:\n a/b */ F(ULONG A, /**/ B *C); // end";
        let items = items(text);
        let [Item::Function { name, function }] = items.as_slice() else { panic!("not a function: {items:?}") };
        assert_eq!(text.get(name.span.start..name.span.end), Some("F"));
        assert_eq!(function.params.iter().map(|p| p.ty.spelling()).collect::<Vec<_>>(), ["ULONG", "B *"]);
        assert_eq!(without_comments("a / b /* open"), "a / b        ");
    }

    #[test]
    fn errors_point_at_the_token() {
        let mut sources = Sources::new();
        let text = "NTSTATUS WskBind(\n  PWSK_SOCKET Socket\n  ULONG Flags);";
        let file = sources.add("t.c", text);
        let mut report = Report::new();
        assert!(parse_declarations(text, sources.whole(file), &mut report).is_none());
        let diagnostic = report.diagnostics().first().expect("one diagnostic");
        let (_, at) = diagnostic.place(&sources);
        assert_eq!((at.line, at.column), (3, 3), "{}", diagnostic.message);
    }

    #[test]
    fn hostile_nesting_is_refused_quickly() {
        for text in ["(".repeat(100_000), format!("int x{};", "[1]".repeat(20)), "{".repeat(13), "a".repeat(70_000)] {
            let mut report = Report::new();
            let _ = parse_declarations(&text, place(&text), &mut report);
        }
        let deep = format!("int {}f{}(void);", "(".repeat(11), ")".repeat(11));
        let start = std::time::Instant::now();
        let mut report = Report::new();
        let _ = parse_declarations(&deep, place(&deep), &mut report);
        assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    }

    /// Found by fuzzing: a line of dashes after a colon took longer than anyone would wait.
    #[test]
    fn long_rows_of_operators_are_refused_before_they_are_tried() {
        for row in ["-".repeat(78), "- ".repeat(40), "!".repeat(40), "~\n".repeat(40), "*&".repeat(30), "sizeof ".repeat(40)] {
            let text = format!("typedef struct _X {{\n  PVOID A: b{row}\n- c;\n}} X;");
            let mut report = Report::new();
            let started = std::time::Instant::now();
            assert!(parse_declarations(&text, place(&text), &mut report).is_none(), "{row}");
            assert!(report.has_errors());
            assert!(started.elapsed().as_secs() < 5, "{row}");
        }
        // A line of dashes in a comment is none.
        let text = format!("typedef struct _X {{\n  PVOID A; // {}\n}} X;", "-".repeat(78));
        assert_eq!(items(&text).len(), 1);
    }
}
