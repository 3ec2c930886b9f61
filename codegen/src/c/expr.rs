//! Constant expressions: what a `#define` or an array length holds.

use std::fmt;

use crate::source::Spanned;

/// A constant expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// A number.
    Number(u64),
    /// The name of a constant, or of a parameter of a macro.
    Name(Spanned<String>),
    /// An operator with one operand.
    Unary(UnaryOp, Box<Expr>),
    /// An operator with two operands.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// A macro with arguments.
    Call(Spanned<String>, Vec<Expr>),
}

/// An operator with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Minus,
    /// `~`
    Complement,
}

/// An operator with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `<<`
    Shl,
    /// `>>`
    Shr,
    /// `&`
    And,
    /// `|`
    Or,
    /// `^`
    Xor,
}

impl BinaryOp {
    /// The operator as C and Rust write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Shl => "<<",
            Self::Shr => ">>",
            Self::And => "&",
            Self::Or => "|",
            Self::Xor => "^",
        }
    }
}

/// Gives the value of a name, or of a macro with arguments.
pub type Lookup<'a> = &'a dyn Fn(&Spanned<String>, &[u64]) -> Result<u64, EvalError>;

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvalError {
    /// A name that nothing defines.
    Unknown(Spanned<String>),
    /// The value does not fit 64 bits, or a shift is too wide.
    Overflow,
    /// A macro was given another number of arguments than it takes.
    Arguments(Spanned<String>),
    /// A definition leads back to itself.
    Cycle,
    /// A definition leads through too many others.
    TooDeep,
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "nothing defines `{name}`"),
            Self::Overflow => f.write_str("the value does not fit 64 bits"),
            Self::Arguments(name) => write!(f, "`{name}` takes another number of arguments"),
            Self::Cycle => f.write_str("the definition leads back to itself"),
            Self::TooDeep => f.write_str("the definition leads through too many others"),
        }
    }
}

impl Expr {
    /// The value, where `lookup` gives that of a name or of a call.
    ///
    /// # Errors
    /// As `lookup`, and where the value does not fit.
    pub fn eval(&self, lookup: Lookup<'_>) -> Result<u64, EvalError> {
        match self {
            Self::Number(n) => Ok(*n),
            Self::Name(name) => lookup(name, &[]),
            Self::Call(name, args) => {
                let args = args.iter().map(|a| a.eval(lookup)).collect::<Result<Vec<_>, _>>()?;
                lookup(name, &args)
            }
            Self::Unary(op, operand) => {
                let value = operand.eval(lookup)?;
                Ok(match op {
                    UnaryOp::Minus => value.wrapping_neg(),
                    UnaryOp::Complement => !value,
                })
            }
            Self::Binary(op, left, right) => {
                let (left, right) = (left.eval(lookup)?, right.eval(lookup)?);
                let shift = u32::try_from(right).ok().filter(|s| *s < 64);
                match op {
                    BinaryOp::Add => left.checked_add(right),
                    BinaryOp::Sub => left.checked_sub(right),
                    BinaryOp::Mul => left.checked_mul(right),
                    BinaryOp::Shl => shift.filter(|s| *s <= left.leading_zeros()).map(|s| left << s),
                    BinaryOp::Shr => shift.map(|s| left >> s),
                    BinaryOp::And => Some(left & right),
                    BinaryOp::Or => Some(left | right),
                    BinaryOp::Xor => Some(left ^ right),
                }
                .ok_or(EvalError::Overflow)
            }
        }
    }

    /// The expression in C, every nested operation in parentheses.
    #[must_use]
    pub fn spelling(&self) -> String {
        match self {
            Self::Number(n) if *n > 255 => format!("0x{n:X}"),
            Self::Number(n) => n.to_string(),
            Self::Name(name) => name.value.clone(),
            Self::Unary(op, operand) => {
                let sign = match op {
                    UnaryOp::Minus => '-',
                    UnaryOp::Complement => '~',
                };
                format!("{sign}{}", operand.nested())
            }
            Self::Binary(op, left, right) => format!("{} {} {}", left.nested(), op.as_str(), right.nested()),
            Self::Call(name, args) => format!("{name}({})", args.iter().map(Self::spelling).collect::<Vec<_>>().join(", ")),
        }
    }

    fn nested(&self) -> String {
        match self {
            Self::Binary(..) => format!("({})", self.spelling()),
            _ => self.spelling(),
        }
    }

    /// All names and calls within.
    pub fn names(&self, visit: &mut dyn FnMut(&Spanned<String>)) {
        match self {
            Self::Number(_) => {}
            Self::Name(name) => visit(name),
            Self::Unary(_, operand) => operand.names(visit),
            Self::Binary(_, left, right) => {
                left.names(visit);
                right.names(visit);
            }
            Self::Call(name, args) => {
                visit(name);
                args.iter().for_each(|a| a.names(visit));
            }
        }
    }
}
