//! What the vendor's pages say of a set of codes, by language: that others may come, that none do, or that some might.
//!
//! One table, as in [`super::locale`], in lower case; the phrases of a question stand in one text, with `|` between them, and `…` in a
//! phrase for some words. Of a language that is not here nothing is concluded.

use std::sync::LazyLock;

use memchr::memmem::Finder;

/// The phrases of one language.
struct Phrases {
    /// The language, as the site's addresses have it.
    #[cfg_attr(not(test), expect(dead_code, reason = "for people, and for the test that no language is missing"))]
    language: &'static str,
    /// Said where codes may come that are not named.
    opens: &'static str,
    /// Said where no other codes come than those of a list.
    closes: &'static str,
    /// Said of what only may happen: it takes from `closes` what it says.
    perhaps: &'static str,
}

/// The phrases of one language, ready to be looked for.
pub(super) struct Compiled {
    pub(super) opens: Vec<Phrase>,
    pub(super) closes: Vec<Phrase>,
    pub(super) perhaps: Vec<Phrase>,
}

/// The parts of a phrase, between which there may be other words.
pub(super) struct Phrase(Vec<Finder<'static>>);

/// What is looked for.
pub(super) type Pick = fn(&Compiled) -> &[Phrase];

/// All languages, English first. Texts are looked through for hundreds of phrases, so each is prepared once.
pub(super) static LANGUAGES: LazyLock<Vec<Compiled>> = LazyLock::new(|| {
    let compiled = |text: &'static str| text.split('|').map(Phrase::new).collect();
    let of = |p: &Phrases| Compiled { opens: compiled(p.opens), closes: compiled(p.closes), perhaps: compiled(p.perhaps) };
    PHRASES.iter().map(of).collect()
});

impl Phrase {
    fn new(text: &'static str) -> Self {
        Self(text.split('…').map(|part| Finder::new(part.trim())).collect())
    }

    fn is_in(&self, folded: &str) -> bool {
        let mut rest = folded.as_bytes();
        self.0.iter().all(|part| match part.find(rest) {
            Some(at) => {
                rest = rest.get(at + part.needle().len()..).unwrap_or_default();
                true
            }
            None => false,
        })
    }
}

/// Whether a folded text has one of the phrases of those languages.
pub(super) fn has(folded: &str, languages: &[Compiled], pick: Pick) -> bool {
    languages.iter().flat_map(pick).any(|phrase| phrase.is_in(folded))
}

/// All languages.
const PHRASES: &[Phrases] = &[
    Phrases {
        language: "en-us",
        opens: "such as|not limited to|for example|e.g.|other ntstatus|other nt status|other status|other error|\
                other hresult|other return|other value|other possible|other code|other failure|other result|\
                other standard|another status|another ntstatus|another error|another value|another hresult|\
                another code|another result|additional return|additional error|additional status|additional value|\
                appropriate|possible return|possible error|possible status|possible value|possible code|\
                values include|value includes|codes include|include the following|includes the following|including|\
                some of the possible|some of the return|some of the error|some of the status|some of the code|\
                some of the value|defined in|winerror.h|ntstatus.h|standard com error|an error code|an error status|\
                an error value|an error result|an error ntstatus|error ntstatus|ntstatus error|hresult error|\
                returns an error|return an error|or an error|a failure code|a failure status|error values|\
                status value for which|status values for which|any other|any valid|any ntstatus|any error|\
                any of the error|error specific to|and so on|etc.|various|typically|among|does not contain all|\
                status returned by|error returned by|returned by the",
        closes: "one of the following|one of these|any of the following|either of the following|one of the … listed|\
                one of the … in the following table|one of the … described",
        perhaps: "might|may return|may also",
    },
    Phrases {
        language: "de-de",
        opens: "z. b.|zum beispiel|beispielsweise|nicht beschränkt auf|andere ntstatus|anderen ntstatus|\
                weitere ntstatus|andere statuscodes|andere werte|andere status|anderen wert|andere fehlercodes|\
                entsprechenden fehlercode|entsprechender fehlercode|unter anderem|mögliche rückgabewerte|\
                zusätzliche rückgabewerte",
        closes: "einen der folgenden|eine der folgenden|einer der folgenden|eines der folgenden",
        perhaps: "möglicherweise|vielleicht",
    },
    Phrases {
        language: "fr-fr",
        opens: "par exemple|tel que|tels que|telle que|telles que|sans s'y limiter|autres valeurs|autre valeur|\
                autres codes|autre code|d'autres ntstatus|code d'erreur approprié|notamment|valeurs possibles",
        closes: "l'un des … suivant|l'une des … suivant|un des … suivant|une des … suivant",
        perhaps: "peut-être|éventuellement|pourrait",
    },
    Phrases {
        language: "es-es",
        opens: "por ejemplo|como por|tales como|tal como|sin limitarse a|entre otros|entre otras|otros valores|\
                otro valor|otros códigos|otro código|código de error adecuado|código de error apropiado|\
                posibles valores",
        closes: "uno de los siguientes|una de las siguientes|uno de los … siguientes|una de las … siguientes",
        perhaps: "quizás|podría|es posible",
    },
    Phrases {
        language: "it-it",
        opens: "ad esempio|per esempio|tra cui|ad altri|altri valori|altro valore|altri codici|altro codice|\
                non limitato a|non limitati a|codice di errore appropriato|valori possibili",
        closes: "uno dei … seguenti|una delle … seguenti|uno dei seguenti|una delle seguenti",
        perhaps: "forse|potrebbe|eventualmente",
    },
    Phrases {
        language: "pt-br",
        opens: "por exemplo|tais como|tal como|não se limitando|não limitado a|entre outros|outros valores|\
                outro valor|outros códigos|outro código|código de erro apropriado|possíveis valores",
        closes: "um dos seguintes|uma das seguintes|um dos … a seguir|uma das … a seguir|um dos … seguintes",
        perhaps: "talvez|poderá|pode ser que",
    },
    Phrases {
        language: "pl-pl",
        opens: "na przykład|takie jak|taki jak|między innymi|inne wartości|inną wartość|inne kody|inny kod|\
                odpowiedni kod błędu|możliwe wartości",
        closes: "jeden z następujących|jedną z następujących|jedno z następujących|jeden z poniższych|\
                jedną z poniższych",
        perhaps: "może zwrócić|być może",
    },
    Phrases {
        language: "cs-cz",
        opens: "například|jako je|jako jsou|mimo jiné|jiné hodnoty|jinou hodnotu|další hodnoty|jiné kódy|další kódy|\
                jiný kód|příslušný kód chyby|možné hodnoty",
        closes: "jeden z následujících|jednu z následujících|jedno z následujících",
        perhaps: "možná|může vrátit",
    },
    Phrases {
        language: "tr-tr",
        opens: "örneğin|gibi|bunlarla sınırlı olmamak|diğer değerler|başka bir değer|diğer kodlar|diğer ntstatus|\
                uygun bir hata|uygun hata|olası değerler",
        closes: "aşağıdaki … birini|aşağıdakilerden birini",
        perhaps: "olabilir|belki",
    },
    Phrases {
        language: "nl-nl",
        opens: "bijvoorbeeld|zoals|niet beperkt tot|onder andere|andere waarden|een andere waarde|andere codes|\
                een andere code|andere ntstatus|juiste foutcode|mogelijke waarden",
        closes: "een van de volgende|één van de volgende",
        perhaps: "mogelijk|misschien",
    },
    Phrases {
        language: "sv-se",
        opens: "till exempel|t.ex.|såsom|inte begränsat till|bland annat|andra värden|ett annat värde|andra koder|\
                en annan kod|andra ntstatus|lämplig felkod|möjliga värden",
        closes: "en av följande|ett av följande|någon av följande|något av följande",
        perhaps: "kanske|eventuellt",
    },
    Phrases {
        language: "ru-ru",
        opens: "например|такие как|такой как|не ограничиваясь|другие значения|другое значение|другие коды|\
                другой код|другие ntstatus|соответствующий код ошибки|возможные значения|в том числе",
        closes: "один из следующих|одно из следующих|одну из следующих|один из … следующих",
        perhaps: "возможно|может быть",
    },
    Phrases {
        language: "ja-jp",
        opens: "たとえば|例えば|などの|など、|他の ntstatus|他の値|他のコード|その他の|適切なエラー|これらに限定されません|考えられる",
        closes: "次の … いずれか|以下の … いずれか|次のいずれか|以下のいずれか",
        perhaps: "場合があります|可能性があります",
    },
    Phrases {
        language: "ko-kr",
        opens: "예를 들어|와 같은|과 같은|등의|다른 ntstatus|다른 값|다른 코드|기타|적절한 오류|국한되지|가능한 값",
        closes: "다음 … 중 하나|다음 중 하나",
        perhaps: "있습니다만|수도 있",
    },
    Phrases {
        language: "zh-cn",
        opens: "例如|诸如|比如|不限于|其他 ntstatus|其他ntstatus|其他值|其他代码|其他状态|其他错误|相应的错误|适当的|包括|可能的值",
        closes: "以下 … 之一|下列 … 之一|以下之一|下列之一|以下 … 中的一个",
        perhaps: "也许|可能会",
    },
    Phrases {
        language: "zh-tw",
        opens: "例如|諸如|比如|不限於|其他 ntstatus|其他ntstatus|其他值|其他代碼|其他狀態|其他錯誤|適當的|包括|可能的值",
        closes: "下列 … 其中一個|以下 … 其中一個|下列 … 之一|以下 … 之一|下列其中一個|以下其中一個|以下之一|下列之一",
        perhaps: "也許|可能會",
    },
];

#[cfg(test)]
mod tests {
    use super::super::locale;
    use super::*;

    #[test]
    fn the_languages_are_those_of_the_other_table_and_all_phrases_are_folded() {
        assert!(PHRASES.iter().map(|p| p.language).eq(locale::LANGUAGES.iter().map(|w| w.language)));
        for phrases in PHRASES {
            for phrase in [phrases.opens, phrases.closes, phrases.perhaps].iter().flat_map(|p| p.split('|')) {
                assert!(!phrase.is_empty() && phrase == locale::fold(phrase), "{}: {phrase:?}", phrases.language);
            }
        }
    }

    #[test]
    fn a_phrase_may_have_words_between() {
        let closes = |text: &str| has(text, &LANGUAGES, |p| &p.closes);
        assert!(closes("retourne l'un des codes ntstatus suivants"));
        assert!(!closes("retourne les codes suivants, l'un des"));
    }
}
