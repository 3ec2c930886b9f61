//! What the attribute makes of a function, as a whole: for each callback, for the raw form, and for a function with mistakes.

use proc_macro2::TokenStream;

use crate::callback::expand;
use crate::catalog::CALLBACKS;
use crate::model::Given;
use crate::types::shown;

/// The expansion, formatted.
fn expanded(attribute: &str, item: &str) -> String {
    let parse = |text: &str| text.parse::<TokenStream>().expect("tokens");
    let tokens = expand(parse(attribute), parse(item));
    prettyplease::unparse(&syn::parse2(tokens).expect("items"))
}

#[test]
fn each_callback_becomes_an_implementation_of_its_trait() {
    let mut all = String::new();
    for callback in CALLBACKS {
        let given: String = callback
            .params
            .iter()
            .filter_map(|p| if let Given::As { name, ty } = p.given { Some(format!(", {name}: {}", shown(ty))) } else { None })
            .collect();
        let item = format!(
            "pub(crate) fn on_it(context: &Context{given}, irql: &mut Irql<Dispatch>) -> {} {{ body() }}",
            callback.answer
        );
        all += &format!("// {}\n{}\n", callback.name, expanded(callback.name, &item));
    }
    insta::assert_snapshot!("each_callback", all);
}

#[test]
fn the_raw_form_becomes_a_function_of_c() {
    let raw = expanded(
        "WskDisconnectEvent",
        "/// Docs stay.\nunsafe fn on_disconnect(context: PVOID, flags: Number) -> NTSTATUS { first(); STATUS_SUCCESS }",
    );
    insta::assert_snapshot!("raw", raw);
}

#[test]
fn conditions_hold_for_all_that_is_made() {
    let text = expanded("WskSendBacklogEvent", "#[cfg(test)] fn on_it(_: &u32, _: usize) -> SendBacklogEventStatus { body() }");
    assert_eq!(text.matches("#[cfg(test)]").count(), 4, "{text}");
    let text = expanded("WskSendBacklogEvent", "#[cfg(test)] unsafe fn on_it(_: PVOID, _: usize) -> NTSTATUS { 0 }");
    assert_eq!(text.matches("#[cfg(test)]").count(), 2, "{text}");
}

#[test]
fn the_crate_may_have_another_name() {
    let item = "fn on_it(_: &u32, _: usize) -> SendBacklogEventStatus { body() }";
    let text = expanded("WskSendBacklogEvent, crate = crate::bindings::wsk", item);
    assert!(text.contains("impl crate::bindings::wsk::SendBacklogEventCallback for on_it"), "{text}");
    assert!(!text.contains("::wsk::Irql<::wsk"), "{text}");
}

#[test]
fn a_function_with_mistakes_leaves_its_type_behind() {
    let text = expanded("WskSendBacklogEvent", "async fn on_it(_: &u32) {}");
    assert_eq!(text.matches("compile_error").count(), 3, "{text}");
    // Whatever names it finds it, so that the mistakes are reported alone.
    assert!(text.contains("enum on_it {}") && text.contains("impl ::wsk::SendBacklogEventCallback for on_it"), "{text}");
    assert!(!text.contains("fn on_it"), "{text}");
}

/// Whatever stands under the attribute, there is an expansion or a message: never a panic.
#[test]
fn anything_at_all_is_answered() {
    let attributes =
        ["", "Wsk", "WskReceiveEvent", "WskReceiveEvent,", "=", "crate", "crate =", "a b", "\"x\", 5", "WskAbortEvent, x = 1"];
    let items = [
        "",
        "struct S;",
        "fn f() {}",
        "fn f(self) {}",
        "fn f((a, b): (u8, u8), [c]: [u8; 1]) -> impl Fn() { || () }",
        "unsafe fn f(self: Box<Self>, ...) {}",
        "fn f(a: &'static mut [dyn Fn(u8) -> u8], b: !, c: _, d: &&Irql, e: Irql<'a, 5>) -> <T as X>::Y {}",
        "impl S { fn f() {} }",
        "fn f(_: wsk::<u8>::Irql::<Dispatch>) { ReceiveEventStatus::; }",
        "5 + 5",
    ];
    for attribute in attributes {
        for item in items {
            let (Ok(attribute), Ok(item)) = (attribute.parse(), item.parse()) else { continue };
            let _ = expand(attribute, item);
        }
    }
}
