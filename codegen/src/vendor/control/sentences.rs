//! The vendor's set sentences on control operations → statements: IRPs, kinds and states of sockets, flags.
//!
//! A sentence is read whole or not at all. One that has the mark of such a sentence, and is not understood, is [`Statement::Unclear`].

use super::super::markup::is_identifier;
use super::hedges::{self, is_plain};
use crate::facts::{Combine, IrpRule, OperationFlags, SocketKind, SocketState};

/// What a sentence says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Statement {
    /// Whether there is an IRP; for the operations with these verbs, or for all.
    Irp { rule: IrpRule, verbs: Vec<String> },
    /// On which sockets the code may be used.
    Sockets(Vec<(SocketKind, SocketState)>),
    /// The state of sockets of these kinds, or of all kinds, for the operations with these verbs, or for all.
    State { state: SocketState, kinds: Vec<SocketKind>, verbs: Vec<String> },
    /// The client must not have created a socket.
    BeforeSockets,
    /// Which flags an operation takes; by the participle of its verb, or all operations.
    Flags { flags: OperationFlags, participle: Option<String> },
    /// The output buffer begins with a structure of that type.
    OutputHolds(String),
    /// It is about that, and not understood; for the operations with these verbs, or for all.
    Unclear { about: About, verbs: Vec<String> },
}

impl Statement {
    /// The verbs of the operations that it is about; none for all.
    pub(super) fn verbs(&self) -> &[String] {
        match self {
            Self::Irp { verbs, .. } | Self::State { verbs, .. } | Self::Unclear { verbs, .. } => verbs,
            _ => &[],
        }
    }

    /// What it is about.
    pub(super) fn about(&self) -> About {
        match self {
            Self::Irp { .. } => About::Irp,
            Self::Sockets(_) => About::Sockets,
            Self::State { .. } | Self::BeforeSockets => About::State,
            Self::Flags { .. } => About::Flags,
            Self::OutputHolds(_) => About::Output,
            Self::Unclear { about, .. } => *about,
        }
    }

    pub(super) fn without_verbs(mut self) -> Self {
        if let Self::Irp { verbs, .. } | Self::State { verbs, .. } | Self::Unclear { verbs, .. } = &mut self {
            verbs.clear();
        }
        self
    }
}

/// What a sentence that is not understood is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum About {
    Irp,
    Sockets,
    State,
    Flags,
    Output,
    Level,
}

impl About {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Irp => "whether there is an IRP",
            Self::Sockets => "on which sockets the code may be used",
            Self::State => "the state that a socket or the client must be in",
            Self::Flags => "which flags an operation takes",
            Self::Output => "what the output buffer begins with",
            Self::Level => "the level of the call",
        }
    }
}

/// Reads a sentence, which has no full stop at its end.
pub(super) fn read(sentence: &str) -> Option<Statement> {
    if let Some(about) = about(sentence) {
        let statement = match about {
            About::Irp => irp(sentence),
            About::Sockets => sockets(sentence),
            About::State => state(sentence),
            About::Flags => flags(sentence),
            // Levels stand in tables; a sentence on one has conditions.
            About::Output | About::Level => None,
        };
        return Some(statement.unwrap_or_else(|| unclear(sentence, about)));
    }
    let (before, rest) = sentence.split_once(" the output buffer contains a ")?;
    let (ty, followed) = rest.split_once(" structure followed by ")?;
    let function = before.strip_prefix("If the call to ")?.strip_suffix(" succeeds,")?;
    let function = function.strip_prefix("the ").and_then(|f| f.strip_suffix(" function")).unwrap_or(function);
    let is_whole = is_identifier(function) && is_identifier(ty) && is_plain(followed);
    is_whole.then(|| Statement::OutputHolds(ty.to_owned()))
}

/// What a sentence is about, by its mark.
fn about(sentence: &str) -> Option<About> {
    let has = |words: &str| sentence.contains(words);
    if is_about_irp(sentence) {
        return Some(About::Irp);
    }
    let says_where = || [" supported on ", " supported for ", " supported only ", " apply to "].iter().any(|words| has(words));
    if sentence.starts_with("This socket ") && has(" applies ") || has_word(sentence, &["socket", "sockets"]) && says_where() {
        return Some(About::Sockets);
    }
    if has(" do so ") || has(" creates any socket") {
        return Some(About::State);
    }
    if has(" member of the ") && (has("bitwise OR") || has("combination of")) {
        return Some(About::Flags);
    }
    (has("IRQL") || has("_LEVEL")).then_some(About::Level)
}

/// A sentence that is not understood: what it is for may be, all the same.
fn unclear(sentence: &str, about: About) -> Statement {
    let purpose = match about {
        About::Irp => sentence.rsplit_once(" function to ").map(|(_, purpose)| purpose),
        About::State => sentence.split_once(", it ").and_then(|(used, _)| used.split_once(" to ")).map(|(_, purpose)| purpose),
        About::Sockets | About::Flags | About::Output | About::Level => None,
    };
    Statement::Unclear { about, verbs: purpose.map(verbs).unwrap_or_default() }
}

/// Whether a paragraph says no more than that the flags of a control code follow.
pub(super) fn announces_flags(text: &str) -> bool {
    let rest = text.strip_prefix("The following flags are defined for the ").and_then(|rest| rest.split_once(' '));
    rest.is_some_and(|(code, kind)| {
        let kind = kind.trim_end_matches(['.', ':']);
        is_identifier(code) && matches!(kind, "client control operation" | "socket option" | "socket I/O control operation")
    })
}

/// Whether one of the words of a sentence is one of these.
fn has_word(sentence: &str, words: &[&str]) -> bool {
    sentence.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| words.contains(&word))
}

/// Whether a sentence beside one that states something may limit it: by its words, or because it is about the same and not one of those
/// that say what the WSK subsystem does.
pub(super) fn limits(sentence: &str, about: About) -> bool {
    let is_about = match about {
        About::Irp => has_word(sentence, &["IRP", "Irp", "IRPs"]),
        About::State => has_word(sentence, &["before", "after", "bound", "connected"]),
        About::Flags => has_word(sentence, &["flag", "flags"]),
        About::Sockets | About::Output | About::Level => false,
    };
    let clause = match sentence.split_once(", ") {
        Some((case, clause)) if ["If ", "When "].iter().any(|lead| case.starts_with(lead)) => clause,
        _ => sentence,
    };
    let is_of_subsystem = ["The WSK subsystem ", "the WSK subsystem "].iter().any(|subject| clause.starts_with(subject));
    let is_completion = sentence.starts_with("When the IRP's completion routine is called, ");
    hedges::turns(sentence) || is_about && !is_of_subsystem && !is_completion
}

fn is_about_irp(sentence: &str) -> bool {
    const DEMANDS: &[&str] = &[
        "need",
        "needs",
        "needed",
        "required",
        "requires",
        "optional",
        "optionally",
        "must",
        "should",
        "may",
        "NULL",
        "without",
    ];
    // The words stand close to each other: of an IRP much is said that is not about whether there is one.
    const NEAR: usize = 4;
    let mut words = sentence.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).enumerate();
    let (mut irp, mut demand) = (None, None);
    let demands_one = words.any(|(at, word)| {
        irp = if matches!(word, "IRP" | "Irp") { Some(at) } else { irp };
        demand = if DEMANDS.contains(&word) { Some(at) } else { demand };
        irp.zip(demand).is_some_and(|(irp, demand): (usize, usize)| irp.abs_diff(demand) <= NEAR)
    });
    sentence.is_ascii() && demands_one
        || sentence.contains("pointer to an IRP when ")
        || sentence.starts_with("The Irp parameter ")
        || sentence.starts_with("An IRP is ")
        || sentence.starts_with("An IRP must ")
}

fn irp(sentence: &str) -> Option<Statement> {
    const ENDS: [&str; 3] =
        [" for this client control operation", " for this socket I/O control operation", " for this socket option"];
    if let Some((subject, purpose)) = sentence.split_once(" specify a pointer to an IRP when calling the ") {
        let rule = match subject {
            "A WSK application must" => IrpRule::Required,
            "A WSK application must not" | "A WSK application does not" => IrpRule::Forbidden,
            "A WSK application can optionally" | "A WSK application can" | "A WSK application may" => IrpRule::Optional,
            _ => return None,
        };
        let (function, purpose) = purpose.split_once(" function to ")?;
        let verbs = (is_identifier(function) && is_plain(purpose)).then(|| verbs(purpose))?;
        return (!verbs.is_empty()).then_some(Statement::Irp { rule, verbs });
    }
    let rule = match ENDS.iter().find_map(|end| sentence.strip_suffix(end))? {
        "The Irp parameter must be NULL" => IrpRule::Forbidden,
        "An IRP is required" => IrpRule::Required,
        "An IRP is optional" => IrpRule::Optional,
        _ => return None,
    };
    Some(Statement::Irp { rule, verbs: Vec::new() })
}

/// The verbs that a purpose begins with: `set or clear a fixed address` has two.
pub(super) fn verbs(purpose: &str) -> Vec<String> {
    let words = purpose.split_whitespace().map(|word| word.trim_end_matches(['.', ',']));
    let mut words = words.skip_while(|w| matches!(*w, "automatically" | "either"));
    let is_verb = |w: &&str| w.len() > 1 && w.bytes().all(|b| b.is_ascii_lowercase());
    let Some(first) = words.next().filter(is_verb) else { return Vec::new() };
    let second = words.next().filter(|w| *w == "or").and_then(|_| words.next()).filter(is_verb);
    [Some(first), second].into_iter().flatten().map(str::to_owned).collect()
}

/// The kind that words such as `connection-oriented socket` name.
fn kind(words: &str) -> Option<SocketKind> {
    Some(match words {
        "basic" => SocketKind::Basic,
        "listening" => SocketKind::Listen,
        "datagram" => SocketKind::Datagram,
        "connection-oriented" => SocketKind::Connection,
        "stream" => SocketKind::Stream,
        _ => return None,
    })
}

fn sockets(sentence: &str) -> Option<Statement> {
    let rest = sentence.strip_prefix("This socket ")?;
    let rest = rest.strip_prefix("I/O control operation ").or_else(|| rest.strip_prefix("option "))?;
    if rest == "applies to all socket types" {
        return Some(Statement::Sockets(SocketKind::ALL.map(|kind| (kind, SocketState::Any)).into()));
    }
    let list = rest.strip_prefix("applies only to ")?;
    let mut found: Vec<(SocketKind, SocketState)> = Vec::new();
    for item in list.split(", ").flat_map(|part| part.split(" and ")).map(|item| item.strip_prefix("and ").unwrap_or(item)) {
        found.extend(one_of_list(item)?);
    }
    let kinds = |at: usize| found.get(at).map(|(kind, _)| *kind);
    let is_twice = (0..found.len()).any(|at| (0..at).any(|other| kinds(at) == kinds(other)));
    (!found.is_empty() && !is_twice).then_some(Statement::Sockets(found))
}

/// The clauses on sockets, and the states that they demand.
const CLAUSES: [(&str, SocketState); 3] = [
    ("", SocketState::Any),
    (
        " that have registered an extension interface for which at least one event callback function is defined",
        SocketState::WithExtension,
    ),
    (
        " that have been accepted on a listening socket that has conditional accept mode enabled",
        SocketState::ConditionallyAccepted,
    ),
];

fn one_of_list(item: &str) -> Option<Vec<(SocketKind, SocketState)>> {
    // A socket of TCP that is connected is a connection-oriented one or a stream socket: no other kind is ever connected.
    if item == "connected TCP sockets" {
        return Some([SocketKind::Connection, SocketKind::Stream].map(|kind| (kind, SocketState::Connected)).into());
    }
    let (words, clause) = item.split_once(" sockets")?;
    let (_, state) = CLAUSES.into_iter().find(|(known, _)| *known == clause)?;
    Some(vec![(kind(words)?, state)])
}

fn state(sentence: &str) -> Option<Statement> {
    let (used, when) = sentence.strip_prefix("If a WSK application uses ")?.split_once(", it must do so ")?;
    let (used, purpose) = used.split_once(" to ").unwrap_or((used, ""));
    if !is_plain(purpose) {
        return None;
    }
    let is_socket = matches!(used, "this socket I/O control operation" | "this socket option");
    let is_client =
        used.strip_prefix("the ").and_then(|u| u.strip_suffix(" client control operation")).is_some_and(is_identifier);
    if is_client {
        return (when == "before it creates any sockets").then_some(Statement::BeforeSockets);
    }
    const STATES: [(&str, &str, SocketState); 3] = [
        ("after the ", "socket has been connected to a remote transport address", SocketState::Connected),
        ("after the ", "socket has been bound to a local transport address", SocketState::Bound),
        ("before the ", "socket is bound to a local transport address", SocketState::BeforeBind),
    ];
    let (words, state) = STATES
        .iter()
        .find_map(|(start, end, state)| Some((when.strip_prefix(start)?.strip_suffix(end)?.trim_end(), *state)))
        .filter(|_| is_socket)?;
    let mut kinds: Vec<SocketKind> = match words {
        "" => Vec::new(),
        words => vec![kind(words)?],
    };
    // `on either a listening socket or a datagram socket`
    let sockets = purpose.rsplit_once(" on ").map_or("", |(_, on)| on);
    let sockets = sockets.strip_prefix("either ").unwrap_or(sockets);
    for named in sockets.split(" or ").filter_map(|s| s.strip_suffix(" socket")?.split_once(' ')) {
        let kind = matches!(named.0, "a" | "the").then(|| kind(named.1))??;
        kinds.push(kind);
    }
    if sockets.contains(" socket") && kinds.is_empty() {
        return None;
    }
    Some(Statement::State { state, kinds, verbs: verbs(purpose) })
}

/// What `A WSK application can specify` is followed by.
fn before_last(before: &str) -> &str {
    before.strip_prefix("A WSK application can specify").unwrap_or(before)
}

fn flags(sentence: &str) -> Option<Statement> {
    let member = |before: &str| before.rsplit(' ').next().filter(|w| is_identifier(w)).map(str::to_owned);
    let (before, after) = sentence.split_once(" member of the ")?;
    let of = member(before)?;
    if before.starts_with("A WSK application can specify a combination of event flags ")
        && before.ends_with(&format!(" in the {of}"))
    {
        let flags = OperationFlags { of, combine: Combine::Any, with: Vec::new() };
        let is_whole = after.strip_suffix(" structure").is_some_and(is_identifier) && is_plain(before_last(before));
        return is_whole.then_some(Statement::Flags { flags, participle: None });
    }
    let subject = before.strip_suffix(&format!(" by setting the {of}"))?;
    // "When disabling callbacks, a WSK application …": that is the operation which the participle names.
    let subject = subject.strip_prefix("When ").and_then(|s| s.split_once(", ")).map_or(subject, |(_, subject)| subject);
    let (ty, set) = after.split_once(" structure to a bitwise OR of the event ")?;
    if !is_plain(subject) || !is_identifier(ty) {
        return None;
    }
    let (combine, what, with) = match (set.strip_prefix("flags for all of the "), set.strip_prefix("flag for the ")) {
        (Some(what), _) => (Combine::Any, what, Vec::new()),
        (None, Some(what)) => {
            let (what, with) = what.split_once(" and the ")?;
            let with = with.strip_suffix(" flag").filter(|w| is_identifier(w))?;
            (Combine::One, what, vec![with.to_owned()])
        }
        (None, None) => return None,
    };
    let (what, participle) = what.rsplit_once(" being ").filter(|(_, verb)| is_identifier(verb))?;
    let what = what.strip_suffix(" that are").or_else(|| what.strip_suffix(" that is"))?;
    let participle = is_plain(what).then(|| participle.to_owned())?;
    Some(Statement::Flags { flags: OperationFlags { of, combine, with }, participle: Some(participle) })
}
