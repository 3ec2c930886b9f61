//! `#[wsk_callback]`: an event callback of the Winsock Kernel (WSK) as an ordinary function, checked against the documentation.
//!
//! In: the attribute with the callback's name, and a function. Out: the function, a type of the same name that stands for it in a table
//! of callbacks, and all mistakes at once, each at its token. What the documentation says is in `catalog`, which is generated; the
//! function of C that calls the body is in the crate `wsk`, so a driver's own crate needs no `unsafe`.

mod arguments;
mod body;
mod callback;
#[rustfmt::skip]
mod catalog;
mod model;
mod raw;
mod report;
mod signature;
#[cfg(test)]
mod tests;
mod types;

use proc_macro::TokenStream;

/// Makes a function an event callback of WSK.
///
/// The attribute names the callback: `#[wsk_callback(WskReceiveEvent)]`. The function is safe. It takes the context by reference, then
/// what the callback is given, as the trait of the callback in the crate `wsk` lists it (`wsk::ReceiveEventCallback`), and, if it wants
/// one, a token for the level, `irql: &mut Irql<Dispatch>` or `irql: &Irql<Dispatch>`. It returns the status, by its type.
///
/// A type of the same name stands for the function in a table of callbacks: `ConnectionCallbacks::new().receive_event::<on_receive>()`.
/// The type of the context is part of it, so that the table cannot be attached to a socket with another context.
///
/// At run time the level is asserted where levels are (in debug builds, and with the feature `irql-checks` of `wsk`). A panic in the body
/// does not leave the callback: where panics unwind, it ends the process; in a driver the panic handler has the last word anyway.
///
/// What does not compile: an unknown callback, parameters that are missing, too many, swapped or of another type, another return type,
/// `async`, generics, `self`, another ABI, a status that the callback does not answer, a context that is not `Sync`, a token for a level
/// that the documentation does not promise, and asking for another token inside the body: a callback must not wait for WSK, even where
/// it runs at PASSIVE_LEVEL.
///
/// # The raw form
///
/// `unsafe fn` makes it a function of exactly the type in the C interface, with the parameters of C, for a table of `wsk::sys`. The types
/// are checked, and the level is asserted; all else is as in C.
///
/// # Arguments
///
/// `crate = path` says where the crate `wsk` is, if it goes by another name: `#[wsk_callback(WskReceiveEvent, crate = my_wsk)]`.
#[proc_macro_attribute]
pub fn wsk_callback(arguments: TokenStream, item: TokenStream) -> TokenStream {
    callback::expand(arguments.into(), item.into()).into()
}
