//! The vendor's set sentences on control operations → statements: IRPs, kinds and states of sockets, flags.
//!
//! A sentence is read whole or not at all. One that has the mark of such a sentence, and is not understood, is [`Statement::Unclear`].

use super::super::markup::is_identifier;
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
    Level,
}

impl About {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Irp => "whether there is an IRP",
            Self::Sockets => "on which sockets the code may be used",
            Self::State => "the state that a socket or the client must be in",
            Self::Flags => "which flags an operation takes",
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
            About::Level => None,
        };
        return Some(statement.unwrap_or_else(|| unclear(sentence, about)));
    }
    let (before, rest) = sentence.split_once(" the output buffer contains a ")?;
    let (ty, _) = rest.split_once(" structure followed by ")?;
    (before.starts_with("If the call to ") && is_identifier(ty)).then(|| Statement::OutputHolds(ty.to_owned()))
}

/// What a sentence is about, by its mark.
fn about(sentence: &str) -> Option<About> {
    let has = |words: &str| sentence.contains(words);
    if is_about_irp(sentence) {
        return Some(About::Irp);
    }
    if sentence.starts_with("This socket ") && has(" applies ") {
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
        About::Sockets | About::Flags | About::Level => None,
    };
    Statement::Unclear { about, verbs: purpose.map(verbs).unwrap_or_default() }
}

fn is_about_irp(sentence: &str) -> bool {
    sentence.contains("pointer to an IRP when ")
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
        let verbs = is_identifier(function).then(|| verbs(purpose))?;
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

/// How a clause on sockets begins and ends, and the state that it demands.
const CLAUSES: [(&str, &str, SocketState); 2] = [
    (" that have registered an extension interface ", " event callback function is defined", SocketState::WithExtension),
    (" that have been accepted on a listening socket ", " conditional accept mode enabled", SocketState::ConditionallyAccepted),
];

fn one_of_list(item: &str) -> Option<Vec<(SocketKind, SocketState)>> {
    // A socket of TCP that is connected is a connection-oriented one or a stream socket: no other kind is ever connected.
    if item == "connected TCP sockets" {
        return Some([SocketKind::Connection, SocketKind::Stream].map(|kind| (kind, SocketState::Connected)).into());
    }
    let (words, clause) = item.split_once(" sockets")?;
    let state = match clause {
        "" => SocketState::Any,
        clause => {
            CLAUSES.iter().find(|(start, end, _)| clause.starts_with(start) && clause.ends_with(end)).map(|(.., state)| *state)?
        }
    };
    if clause.split(' ').any(|word| matches!(word, "no" | "not" | "never" | "without")) {
        return None;
    }
    Some(vec![(kind(words)?, state)])
}

fn state(sentence: &str) -> Option<Statement> {
    let (used, when) = sentence.strip_prefix("If a WSK application uses ")?.split_once(", it must do so ")?;
    let (used, purpose) = used.split_once(" to ").unwrap_or((used, ""));
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

fn flags(sentence: &str) -> Option<Statement> {
    let member = |before: &str| before.rsplit(' ').next().filter(|w| is_identifier(w)).map(str::to_owned);
    let (before, after) = sentence.split_once(" member of the ")?;
    let of = member(before)?;
    if before.starts_with("A WSK application can specify a combination of event flags ")
        && before.ends_with(&format!(" in the {of}"))
    {
        let flags = OperationFlags { of, combine: Combine::Any, with: Vec::new() };
        return after.ends_with(" structure").then_some(Statement::Flags { flags, participle: None });
    }
    if !before.ends_with(&format!(" by setting the {of}")) {
        return None;
    }
    let (_, set) = after.split_once(" structure to a bitwise OR of the event ")?;
    let (combine, what, with) = match (set.strip_prefix("flags for all of the "), set.strip_prefix("flag for the ")) {
        (Some(what), _) => (Combine::Any, what, Vec::new()),
        (None, Some(what)) => {
            let (what, with) = what.split_once(" and the ")?;
            let with = with.strip_suffix(" flag").filter(|w| is_identifier(w))?;
            (Combine::One, what, vec![with.to_owned()])
        }
        (None, None) => return None,
    };
    let participle = what.rsplit_once(" being ").map(|(_, verb)| verb.to_owned()).filter(|verb| is_identifier(verb))?;
    Some(Statement::Flags { flags: OperationFlags { of, combine, with }, participle: Some(participle) })
}
