//! What the catalog is made of: plain data, as the documentation has it.

/// An event callback.
pub(crate) struct Callback {
    /// `WskReceiveEvent`.
    pub(crate) name: &'static str,
    /// `PFN_WSK_RECEIVE_EVENT`.
    pub(crate) typedef: &'static str,
    /// The dispatch table of the driver that lists it.
    pub(crate) table: &'static str,
    /// What it is for.
    pub(crate) summary: &'static str,
    /// The trait of the crate `wsk` that the attribute implements, and its method.
    pub(crate) trait_name: &'static str,
    pub(crate) method: &'static str,
    /// What a body answers, and what the function of C does.
    pub(crate) answer: &'static str,
    pub(crate) raw_answer: &'static str,
    /// The token for the highest level at which it is called.
    pub(crate) level: &'static str,
    /// The same in words.
    pub(crate) called: &'static str,
    /// The parameters of C, in their order.
    pub(crate) params: &'static [Param],
    /// What it may answer.
    pub(crate) codes: &'static [Code],
}

/// A parameter of C.
pub(crate) struct Param {
    pub(crate) name: &'static str,
    pub(crate) c_type: &'static str,
    /// The type in `wsk::sys`.
    pub(crate) raw: &'static str,
    /// `in, optional`.
    pub(crate) direction: &'static str,
    pub(crate) meaning: &'static str,
    /// The flags that it takes.
    pub(crate) flags: &'static [Flag],
    /// What the body gets of it.
    pub(crate) given: Given,
}

/// What a body gets of a parameter of C.
pub(crate) enum Given {
    /// The driver's context, by reference.
    Context,
    /// A parameter.
    As { name: &'static str, ty: &'static str },
    /// Nothing by itself: it is part of another parameter, or of the answer.
    Elsewhere,
}

/// A flag.
pub(crate) struct Flag {
    /// `WSK_FLAG_RELEASE_ASAP`.
    pub(crate) constant: &'static str,
    /// `RELEASE_ASAP`.
    pub(crate) name: &'static str,
    pub(crate) meaning: &'static str,
    /// The level that it tells.
    pub(crate) level: Option<&'static str>,
}

/// A status that a callback may answer.
pub(crate) struct Code {
    /// `STATUS_DATA_NOT_ACCEPTED`.
    pub(crate) name: &'static str,
    /// `DataNotAccepted`.
    pub(crate) variant: &'static str,
    pub(crate) meaning: &'static str,
}
