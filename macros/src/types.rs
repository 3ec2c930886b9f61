//! Types as they are written: compared by their last names, without lifetimes, for paths are the driver's own affair.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::visit::{self, Visit};
use syn::{Path, Type};

use crate::catalog::CALLBACKS;
use crate::model::Given;

/// A type of the catalog, by the paths of the crate that the driver calls `wsk`.
pub(crate) fn qualified(ty: &str, wsk: &Path) -> TokenStream {
    fn replace(tokens: TokenStream, wsk: &Path) -> TokenStream {
        let replace_one = |tree: TokenTree| match tree {
            TokenTree::Ident(ident) if ident == "wsk" => wsk.to_token_stream(),
            TokenTree::Group(group) => {
                TokenTree::Group(proc_macro2::Group::new(group.delimiter(), replace(group.stream(), wsk))).into()
            }
            tree => tree.into(),
        };
        tokens.into_iter().flat_map(replace_one).collect()
    }
    // The catalog is generated from types that were tokens before.
    replace(ty.parse().unwrap_or_default(), wsk)
}

/// A type of the catalog as a driver writes it, with everything imported.
pub(crate) fn shown(ty: &str) -> String {
    ty.replace("wsk::sys::", "").replace("wsk::", "")
}

/// A type without paths and lifetimes, to be compared.
pub(crate) fn plain(ty: &Type) -> String {
    let mut words: Vec<String> = Vec::new();
    flatten(ty.to_token_stream(), &mut words);
    // `a::b::C` → `C`.
    let mut out: Vec<String> = Vec::new();
    for word in words {
        if out.last().is_some_and(|last| last == "::") {
            out.pop();
            out.pop_if(|before| before.chars().all(|c| c.is_alphanumeric() || c == '_'));
        }
        out.push(word);
    }
    out.concat().replace("<>", "")
}

/// The same of a type of the catalog.
pub(crate) fn plain_of(ty: &str) -> String {
    syn::parse_str::<Type>(ty).map_or_else(|_| ty.to_owned(), |ty| plain(&ty))
}

/// Words and signs, without lifetimes; a word that stands before another keeps a space.
fn flatten(tokens: TokenStream, words: &mut Vec<String>) {
    let mut quote = false;
    let mut colon = false;
    for tree in tokens {
        match tree {
            TokenTree::Punct(punct) if punct.as_char() == '\'' => quote = true,
            TokenTree::Punct(punct) if punct.as_char() == ':' => {
                if colon {
                    words.push("::".to_owned());
                }
                colon = !colon;
            }
            TokenTree::Ident(_) if quote => quote = false,
            TokenTree::Ident(ident) => {
                let keyword = ident == "mut" || ident == "const" || ident == "dyn" || ident == "impl";
                words.push(if keyword { format!("{ident} ") } else { ident.to_string() });
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    _ => ("", ""),
                };
                words.push(open.to_owned());
                flatten(group.stream(), words);
                words.push(close.to_owned());
            }
            tree => words.push(tree.to_string()),
        }
    }
}

/// The names in a type: `Option`, `DataIndication`.
fn names(ty: &Type) -> Vec<Ident> {
    struct Names(Vec<Ident>);
    impl<'ast> Visit<'ast> for Names {
        fn visit_path(&mut self, path: &'ast Path) {
            self.0.extend(path.segments.last().map(|s| s.ident.clone()));
            visit::visit_path(self, path);
        }
    }
    let mut names = Names(Vec::new());
    names.visit_type(ty);
    names.0
}

/// Whether a type is one that we know, and so can be told from the one that is wanted. Of others, such as an alias, only the compiler
/// knows what they are.
pub(crate) fn is_known(ty: &Type) -> bool {
    // `a::Name`, without anything in angle brackets, may be anybody's name for the right thing.
    let Type::Path(path) = ty else { return true };
    let plain_path = path.path.segments.iter().all(|s| s.arguments.is_empty());
    !plain_path || names(ty).iter().any(is_known_name)
}

fn is_known_name(name: &Ident) -> bool {
    const COMMON: &[&str] = &[
        "bool", "u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize", "String", "NtStatus", "Irql", "ULONG",
        "SIZE_T",
    ];
    let name = name.to_string();
    COMMON.contains(&name.as_str())
        || CALLBACKS.iter().any(|callback| {
            let types = callback.params.iter().flat_map(|p| {
                let given = match p.given {
                    Given::As { ty, .. } => Some(ty),
                    Given::Context | Given::Elsewhere => None,
                };
                given.into_iter().chain([p.raw, p.c_type])
            });
            let answers = [callback.answer, callback.raw_answer];
            types.chain(answers).any(|ty| ty.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name))
        })
}

/// Whether there is `impl Trait` in a type, which makes a function generic.
pub(crate) fn find_impl(ty: &Type) -> Option<&syn::TypeImplTrait> {
    struct Find<'a>(Option<&'a syn::TypeImplTrait>);
    impl<'ast> Visit<'ast> for Find<'ast> {
        fn visit_type_impl_trait(&mut self, ty: &'ast syn::TypeImplTrait) {
            self.0.get_or_insert(ty);
        }
    }
    let mut find = Find(None);
    find.visit_type(ty);
    find.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        super::plain(&syn::parse_str(text).expect("a type"))
    }

    #[test]
    fn types_are_compared_by_their_names() {
        assert_eq!(plain("Option<wsk::DataIndication<'_>>"), "Option<DataIndication>");
        assert_eq!(plain("core::option::Option<crate::a::DataIndication<'a>>"), plain("Option<DataIndication>"));
        assert_eq!(plain("&'a mut ::wsk::Irql<wsk::Dispatch>"), "&mut Irql<Dispatch>");
        assert_eq!(plain("Option<&'_ [u8]>"), "Option<&[u8]>");
        assert_eq!(plain("*mut *const wsk::sys::X"), "*mut *const X");
    }

    #[test]
    fn what_may_be_an_alias_is_left_to_the_compiler() {
        let known = |text: &str| is_known(&syn::parse_str(text).expect("a type"));
        assert!(known("u32") && known("wsk::ReceiveEventFlags") && known("Option<Anything>") && known("&u8"));
        assert!(!known("Flags") && !known("my::Status"));
    }

    #[test]
    fn types_of_the_catalog_find_the_crate() {
        let wsk: Path = syn::parse_quote!(::my::wsk_of_mine);
        assert_eq!(
            qualified("Option<&wsk::sys::WSK_INSPECT_ID>", &wsk).to_string().replace(' ', ""),
            "Option<&::my::wsk_of_mine::sys::WSK_INSPECT_ID>"
        );
        assert_eq!(shown("Option<&wsk::sys::WSK_INSPECT_ID>"), "Option<&WSK_INSPECT_ID>");
    }
}
