//! Words of the page chrome and of set phrases, by language: one table.
//!
//! Structure comes first: identifiers, headings with brackets, code blocks and NTSTATUS names are the same in every language. What
//! is left to words stands here, in lower case. A page may mix languages (an English body under translated chrome), so every
//! question is asked of all of them.

use std::sync::LazyLock;

use super::phrases::Any;

/// The words of one language.
pub(super) struct Words {
    /// The language, as the site's addresses have it.
    pub(super) language: &'static str,
    /// What the documentation calls a parameter that must be zero.
    pub(super) reserved: &'static [&'static str],
    /// The row of a return table that stands for all other codes.
    pub(super) other_codes: &'static [&'static str],
    /// Said of a function that returns one code and no other.
    pub(super) always: &'static [&'static str],
    /// The head of the first column of a return table.
    pub(super) return_code: &'static [&'static str],
    /// The heading above the return codes.
    pub(super) return_value: &'static [&'static str],
    /// The heading below the return codes.
    pub(super) remarks: &'static [&'static str],
    /// The row of the requirements table with the first client version.
    pub(super) minimum_client: &'static [&'static str],
    /// What the driver supplies, as the description calls it: beside its name.
    pub(super) event_callback: &'static [&'static str],
    /// What the subsystem supplies, as the description calls it: beside its name.
    pub(super) function: &'static [&'static str],
    /// An IRQL that is no limit.
    pub(super) any_level: &'static [&'static str],
    /// The word before the number of a version of Windows.
    pub(super) version: &'static [&'static str],
}

/// All languages.
pub(super) const LANGUAGES: &[Words] = &[
    Words {
        language: "en-us",
        reserved: &["is reserved", "reserved for"],
        other_codes: &["other status codes", "other status code", "other"],
        always: &["must always return", "always returns"],
        return_code: &["return code"],
        return_value: &["return value", "returns"],
        remarks: &["remarks"],
        minimum_client: &["minimum supported client"],
        event_callback: &["event callback function"],
        function: &["function"],
        any_level: &["any level", "any irql", "any"],
        version: &["versions", "version"],
    },
    Words {
        language: "de-de",
        reserved: &["reserviert"],
        other_codes: &["andere status codes", "andere statuscodes", "andere status-codes", "weitere statuscodes"],
        always: &["muss immer", "gibt immer"],
        return_code: &["rückgabecode"],
        return_value: &["rückgabewert", "rückgabe"],
        remarks: &["hinweise", "bemerkungen"],
        minimum_client: &[
            "mindestens unterstützte client",
            "unterstützte mindestversion (client)",
            "mindestens unterstützter client",
        ],
        event_callback: &["ereignisrückruffunktion", "ereignis-rückruffunktion", "rückruffunktion für ereignisse"],
        function: &["funktion"],
        any_level: &["beliebige ebene", "jede ebene", "beliebiges level"],
        version: &["version"],
    },
    Words {
        language: "fr-fr",
        reserved: &["est réservé"],
        other_codes: &["autres codes status", "autres codes d'état", "autres codes de statut", "autre code d'état"],
        always: &["toujours"],
        return_code: &["retourner le code", "code de retour", "code retourné"],
        return_value: &["valeur retournée", "valeur de retour", "valeur renvoyée"],
        remarks: &["remarques", "notes"],
        minimum_client: &["client minimal pris en charge", "client minimum pris en charge"],
        event_callback: &[
            "fonction de rappel d'événement",
            "fonction de rappel d'événements",
            "fonction de rappel des événements",
        ],
        function: &["fonction"],
        any_level: &["n'importe quel niveau", "tout niveau", "tous les niveaux"],
        version: &["version"],
    },
    Words {
        language: "es-es",
        reserved: &["está reservado", "reservado para", "se reserva para"],
        other_codes: &["otros códigos de estado", "otro código de estado"],
        always: &["siempre"],
        return_code: &["código devuelto", "código de retorno", "código de devolución"],
        return_value: &["valor devuelto", "valor de retorno"],
        remarks: &["comentarios", "observaciones", "notas"],
        minimum_client: &["cliente mínimo compatible", "cliente mínimo admitido"],
        event_callback: &["función de devolución de llamada de eventos", "función de devolución de llamada de evento"],
        function: &["función"],
        any_level: &["cualquier nivel"],
        version: &["versión"],
    },
    Words {
        language: "it-it",
        reserved: &["è riservato", "riservato all", "riservato per"],
        other_codes: &["altri codici di stato", "altro codice di stato"],
        always: &["sempre"],
        return_code: &["codice restituito", "codice di ritorno"],
        return_value: &["valore restituito", "valore di ritorno"],
        remarks: &["commenti", "osservazioni", "note"],
        minimum_client: &["client minimo supportato"],
        event_callback: &[
            "funzione di callback degli eventi",
            "funzione di callback dell'evento",
            "funzione di callback di eventi",
        ],
        function: &["funzione"],
        any_level: &["qualsiasi livello"],
        version: &["versione"],
    },
    Words {
        language: "pt-br",
        reserved: &["é reservado", "está reservado", "reservado para"],
        other_codes: &["outros códigos de status", "outro código de status", "outros códigos de estado"],
        always: &["sempre"],
        return_code: &["código de retorno", "código retornado"],
        return_value: &["retornar valor", "valor retornado", "valor de retorno", "valor retornável"],
        remarks: &["comentários", "observações"],
        minimum_client: &["de cliente com suporte mínimo", "cliente mínimo com suporte", "cliente mínimo suportado"],
        event_callback: &["função de retorno de chamada de evento", "função de retorno de chamada de eventos"],
        function: &["função"],
        any_level: &["qualquer nível"],
        version: &["versão"],
    },
    Words {
        language: "pl-pl",
        reserved: &["zarezerwowany", "jest zastrzeżony"],
        other_codes: &["inne kody stanu", "inne kody statusu", "inny kod stanu"],
        always: &["zawsze"],
        return_code: &["kod powrotny", "kod zwrotny", "kod zwracany"],
        return_value: &["wartość zwracana", "wartość zwrotna"],
        remarks: &["uwagi"],
        minimum_client: &["minimalny obsługiwany klient"],
        event_callback: &["funkcja wywołania zwrotnego zdarzenia", "funkcja wywołania zwrotnego zdarzeń"],
        function: &["funkcja"],
        any_level: &["dowolny poziom"],
        version: &["wersja"],
    },
    Words {
        language: "cs-cz",
        reserved: &["je vyhrazen", "je vyhrazený", "je rezervován", "je rezervovaný"],
        other_codes: &["další stavové kódy", "jiné stavové kódy", "ostatní stavové kódy"],
        always: &["vždy"],
        return_code: &["návratový kód", "vrácený kód"],
        return_value: &["návratová hodnota", "vrácená hodnota"],
        remarks: &["poznámky"],
        minimum_client: &["minimální podporovaný klient"],
        event_callback: &["funkce zpětného volání události", "funkce zpětného volání událostí"],
        function: &["funkce"],
        any_level: &["libovolná úroveň", "jakákoli úroveň"],
        version: &["verze"],
    },
    Words {
        language: "tr-tr",
        reserved: &["ayrılmıştır", "ayrılmış", "rezerve"],
        other_codes: &["diğer durum kodları", "diğer durum kodu"],
        always: &["her zaman"],
        return_code: &["dönüş kodu", "iade kodu"],
        return_value: &["dönüş değeri"],
        remarks: &["açıklamalar", "notlar"],
        minimum_client: &["desteklenen en düşük istemci", "desteklenen minimum istemci", "en düşük desteklenen istemci"],
        event_callback: &["olay geri çağırma işlevi", "olay geri çağrı işlevi"],
        function: &["işlevi", "işlev"],
        any_level: &["herhangi bir düzey", "herhangi bir seviye", "tüm düzeyler"],
        version: &["sürüm"],
    },
    Words {
        language: "nl-nl",
        reserved: &["is gereserveerd", "gereserveerd voor"],
        other_codes: &["andere statuscodes", "overige statuscodes"],
        always: &["altijd"],
        return_code: &["retourcode"],
        return_value: &["retourwaarde", "geretourneerde waarde"],
        remarks: &["opmerkingen"],
        minimum_client: &["minimaal ondersteunde client", "minimum ondersteunde client"],
        event_callback: &["callbackfunctie voor gebeurtenissen", "gebeurtenis-callbackfunctie", "gebeurteniscallbackfunctie"],
        function: &["functie"],
        any_level: &["elk niveau", "willekeurig niveau", "alle niveaus"],
        version: &["versie"],
    },
    Words {
        language: "sv-se",
        reserved: &["är reserverad", "reserverad för"],
        other_codes: &["andra statuskoder", "övriga statuskoder"],
        always: &["alltid"],
        return_code: &["returkod"],
        return_value: &["returvärde"],
        remarks: &["kommentarer", "anmärkningar"],
        minimum_client: &["lägsta klient som stöds", "minsta klient som stöds", "minsta klientstöd"],
        event_callback: &["funktionen för händelseåteranrop", "händelseåteranropsfunktion", "händelseåteranropsfunktionen"],
        function: &["funktionen", "funktion"],
        any_level: &["valfri nivå", "alla nivåer", "vilken nivå som helst"],
        version: &["version"],
    },
    Words {
        language: "ru-ru",
        reserved: &["зарезервирован"],
        other_codes: &["другие коды состояния", "другой код состояния", "прочие коды состояния"],
        always: &["всегда"],
        return_code: &["код возврата", "возвращаемый код"],
        return_value: &["возвращаемое значение", "возвращаемые значения"],
        remarks: &["комментарии", "примечания", "замечания"],
        minimum_client: &[
            "минимальный поддерживаемый клиент",
            "минимальная версия клиента",
            "минимальная поддерживаемая версия клиента",
        ],
        event_callback: &["функция обратного вызова события", "функция обратного вызова событий"],
        function: &["функция"],
        any_level: &["любой уровень"],
        version: &["версия"],
    },
    Words {
        language: "ja-jp",
        reserved: &["予約"],
        other_codes: &["その他の状態コード", "その他のステータス コード", "その他のステータスコード", "その他の状態 コード"],
        always: &["常に"],
        return_code: &["リターン コード", "リターンコード", "戻りコード"],
        return_value: &["戻り値"],
        remarks: &["注釈", "解説", "備考"],
        minimum_client: &[
            "サポートされる最小クライアント",
            "サポートされている最小のクライアント",
            "サポートされる最小のクライアント",
            "サポートされている最小クライアント",
            "最小要件 (クライアント)",
        ],
        event_callback: &["イベント コールバック関数", "イベントコールバック関数"],
        function: &["関数"],
        any_level: &["任意のレベル", "すべてのレベル"],
        version: &["バージョン"],
    },
    Words {
        language: "ko-kr",
        reserved: &["예약"],
        other_codes: &["기타 상태 코드", "다른 상태 코드"],
        always: &["항상"],
        return_code: &["반환 코드"],
        return_value: &["반환 값", "반환값"],
        remarks: &["발언", "설명", "비고"],
        minimum_client: &["지원되는 최소 클라이언트", "최소 지원 클라이언트", "지원되는 최소 버전(클라이언트)"],
        event_callback: &["이벤트 콜백 함수"],
        function: &["함수"],
        any_level: &["모든 수준", "임의 수준"],
        version: &["버전"],
    },
    Words {
        language: "zh-cn",
        reserved: &["保留供", "保留给", "被保留", "是保留", "为保留", "保留参数"],
        other_codes: &["其他状态代码", "其他状态码", "其它状态代码"],
        always: &["始终", "总是"],
        return_code: &["返回代码", "返回码"],
        return_value: &["返回值"],
        remarks: &["注解", "备注", "言论"],
        minimum_client: &["最低受支持的客户端", "支持的最低客户端", "最低支持的客户端", "受支持的最低客户端"],
        event_callback: &["事件回调函数", "事件回叫函数"],
        function: &["函数"],
        any_level: &["任何级别", "任意级别"],
        version: &["版本"],
    },
    Words {
        language: "zh-tw",
        reserved: &["保留供", "保留給", "被保留", "是保留", "為保留", "保留參數"],
        other_codes: &["其他狀態代碼", "其他狀態碼"],
        always: &["一律", "總是", "永遠"],
        return_code: &["傳回碼", "傳回代碼", "返回碼"],
        return_value: &["傳回值", "返回值"],
        remarks: &["言論", "備註"],
        minimum_client: &["最低支援的用戶端", "支援的最低用戶端", "最低支援用戶端"],
        event_callback: &["事件回呼函式", "事件回呼函數"],
        function: &["函式", "函數"],
        any_level: &["任何層級", "任何等級", "任意層級"],
        version: &["版本"],
    },
];

/// What the words of a question are.
pub(super) type Pick = fn(&Words) -> &'static [&'static str];

/// A text as the table has its words: lower case, plain spaces and apostrophes, no formatting, and at its end no colon, nor the dash
/// that machines put behind a German word.
pub(super) fn fold(text: &str) -> String {
    let text = text.trim().trim_end_matches([':', '：', '-', ' ']);
    let mut out = String::with_capacity(text.len());
    if text.is_ascii() {
        for byte in text.bytes() {
            match byte {
                b'*' | b'`' => {}
                // White space of Unicode that is ASCII.
                b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => {
                    if !out.ends_with(' ') {
                        out.push(' ');
                    }
                }
                byte => out.push(char::from(byte.to_ascii_lowercase())),
            }
        }
        return out;
    }
    for c in text.chars() {
        match c {
            '\u{2019}' | '\u{2018}' | '\u{b4}' => out.push('\''),
            '\u{2010}' | '\u{2011}' => out.push('-'),
            '（' => out.push_str(" ("),
            '）' => out.push(')'),
            '*' | '`' => {}
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

fn all(pick: Pick) -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().flat_map(pick).copied()
}

/// Whether a folded text contains one of the words, in any language.
pub(super) fn mentions(folded: &str, pick: Pick) -> bool {
    // Most texts are ASCII, and most words of other languages are not.
    let is_ascii = folded.is_ascii();
    all(pick).any(|word| (!is_ascii || word.is_ascii()) && folded.contains(word))
}

/// Whether a folded text is one of the words, in any language.
pub(super) fn is_one_of(folded: &str, pick: Pick) -> bool {
    all(pick).any(|word| folded == word)
}

/// Whether a folded text begins with one of the words, in any language.
pub(super) fn begins_with(folded: &str, pick: Pick) -> bool {
    all(pick).any(|word| folded.starts_with(word))
}

/// Where the words end that a text begins with, in any language: the longest of them. A hyphen is part of them, for translations put one
/// behind a noun.
pub(super) fn end_of_lead(text: &str, pick: Pick) -> Option<usize> {
    let chars = all(pick).filter(|word| fold(text).starts_with(word)).map(|word| word.chars().count()).max()?;
    // Folding keeps the number of characters of these words, for none has white space twice or a mark that is dropped.
    let end = text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
    let behind = text.get(end..)?;
    Some(end + behind.len() - behind.trim_start_matches(['-', ' ', ':']).len())
}

/// Whether a folded text ends with one of the words, in any language.
fn ends_with(folded: &str, pick: Pick) -> bool {
    all(pick).any(|word| folded.ends_with(word))
}

/// Whether a description puts one of the words beside a name: `WskConnect function`, `WskConnect-Funktion`, `fonction WskConnect`.
/// Looked at is the first place where it puts any of `also` there, too, so that what it says later of others does not count.
pub(super) fn stands_beside(description: &str, name: &str, pick: Pick, also: Pick) -> bool {
    let (folded, name) = (fold(description), name.to_lowercase());
    let gap = [' ', '-', '*', '`'];
    for (at, _) in folded.match_indices(&name) {
        let before = folded.get(..at).unwrap_or_default().trim_end_matches(gap);
        let after = folded.get(at + name.len()..).unwrap_or_default();
        // `_Name_` is the name in italics.
        let (before, after) = match (before.strip_suffix('_'), after.strip_prefix('_')) {
            (Some(before), Some(after)) => (before.trim_end_matches(gap), after),
            _ => (before, after),
        };
        if after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
            continue;
        }
        let after = after.trim_start_matches(gap);
        let says = |pick| begins_with(after, pick) || ends_with(before, pick);
        if says(pick) {
            return true;
        }
        if says(also) {
            return false;
        }
    }
    false
}

/// The words for what is reserved, in all languages, ready to be looked for: each parameter is asked.
/// What stands in the first sentence of all that say it, as far as they are ASCII, in any case.
static MAY_SAY_RESERVED: LazyLock<Any> = LazyLock::new(|| {
    let longest = all(|w| w.reserved).filter_map(|phrase| phrase.split(' ').max_by_key(|word| word.len()));
    Any::in_any_case(longest.chain(["reserved", "must"]))
});

static RESERVED: LazyLock<Any> = LazyLock::new(|| Any::new(all(|w| w.reserved)));

/// Whether a description of a parameter says that it must be zero: in its first sentence, so that a parameter some of whose
/// bits are reserved is not taken for one.
pub(super) fn says_reserved(text: &str) -> bool {
    let first = text.split(". ").next().unwrap_or(text);
    // Most say nothing of it, and folding takes long.
    if first.is_ascii() && !first.contains(['*', '`']) && !MAY_SAY_RESERVED.is_in(first) {
        return false;
    }
    let first = first.split(['。', '．']).next().unwrap_or(first);
    let first = fold(first);
    // "Reserved; must be 0": the word for itself, and not beside a thing that is reserved.
    let (_, behind) = first.strip_prefix('[').and_then(|f| f.split_once("] ")).unwrap_or(("", &first));
    let alone = behind.strip_prefix("reserved").is_some_and(|rest| {
        let next = rest.trim_start().split(' ').next().unwrap_or_default();
        !rest.starts_with(' ') && !rest.starts_with(char::is_alphanumeric)
            || matches!(next, "and" | "for" | "must" | "parameter" | "-" | "--" | "\u{2013}" | "\u{2014}")
    });
    // "Must be 0. This parameter is also reserved": what it must be comes first.
    let second = || fold(text.split(". ").nth(1).unwrap_or_default());
    let is_second = matches!(first.as_str(), "must be zero" | "must be 0" | "must be null")
        && ["this parameter is reserved", "this parameter is also reserved"].iter().any(|words| second().starts_with(words));
    RESERVED.is_in(&first) || alone || is_second || first.starts_with("[reserved]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_languages_with_all_their_words_folded() {
        let languages: Vec<&str> = LANGUAGES.iter().map(|w| w.language).collect();
        let wanted = "en-us de-de fr-fr es-es it-it pt-br pl-pl cs-cz tr-tr nl-nl sv-se ru-ru ja-jp ko-kr zh-cn zh-tw";
        assert_eq!(languages.join(" "), wanted);
        for words in LANGUAGES {
            let picks: [Pick; 11] = [
                |w| w.reserved,
                |w| w.other_codes,
                |w| w.always,
                |w| w.return_code,
                |w| w.return_value,
                |w| w.remarks,
                |w| w.minimum_client,
                |w| w.event_callback,
                |w| w.function,
                |w| w.any_level,
                |w| w.version,
            ];
            for word in picks.iter().flat_map(|pick| pick(words)) {
                assert_eq!(*word, fold(word).as_str(), "{}", words.language);
            }
            assert!(picks.iter().all(|pick| !pick(words).is_empty()), "{}", words.language);
        }
    }

    #[test]
    fn a_name_and_what_it_is_stand_beside_each_other_in_either_order() {
        let is_callback = |text: &str| stands_beside(text, "WskX", |w| w.event_callback, |w| w.function);
        for text in [
            "The WskX event callback function tells",
            "Die WskX-Ereignisrückruffunktion meldet",
            "La fonction de rappel d’événement WskX avertit",
            "WskX イベント コールバック関数は",
        ] {
            assert!(is_callback(text), "{text}");
        }
        for text in [
            "The WskX function releases what the WskY event callback function kept",
            "La fonction WskX libère",
            "The WskXY event callback function",
            "The WskX function is like the event callback function of the same name, WskX event callback function",
        ] {
            assert!(!is_callback(text), "{text}");
        }
    }

    #[test]
    fn only_the_first_sentence_makes_a_parameter_reserved() {
        assert!(says_reserved("This parameter is reserved for system use. Set it to zero."));
        assert!(says_reserved("このパラメーターは、システムで使用するために予約されています。ゼロにします。"));
        assert!(says_reserved("此参数保留供系统使用。"));
        for said in [
            "Reserved",
            "Reserved.",
            "Reserved; must be 0.",
            "Reserved, set to NULL",
            "Reserved - do not use",
            "Reserved and must be zero",
        ] {
            assert!(says_reserved(said), "{said}");
        }
        assert!(says_reserved("Must be zero. This parameter is also reserved."));
        for said in [
            "Must be zero. It is reserved for others.",
            "Reserved memory, in bytes.",
            "The reserved range.",
            "A handle of the reserved address range",
        ] {
            assert!(!says_reserved(said), "{said}");
        }
        assert!(!says_reserved("A bitwise OR of flags. The other bits are reserved for later."));
    }
}
