//! What the vendor's pages say of a set of codes, by language: that others may come, or that none do.
//!
//! One table, as in [`super::locale`], in lower case; the phrases of a question stand in one text, with `|` between them, and `…` in a
//! phrase for some words. Of a language that is not here nothing is concluded.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use memchr::memmem::Finder;

use super::locale;

/// The phrases of one language.
struct Phrases {
    /// The language, as the site's addresses have it.
    language: &'static str,
    /// Said where codes may come that are not named.
    opens: &'static str,
    /// Said where no other codes come than those of a list.
    closes: &'static str,
    /// The other words that a sentence may have which closes a set; with any other word it may say something else. Empty for English,
    /// whose sentences are read by [`super::sentence`].
    around: &'static str,
}

/// The phrases of one language, ready to be looked for.
pub(super) struct Compiled {
    pub(super) opens: Any,
    /// Those that open a set in the description of a code, too.
    pub(super) opens_in_descriptions: Any,
    closes: Vec<Phrase>,
    /// All words of the phrases that close, and those that may stand around them, the longest first.
    words: Vec<&'static str>,
}

/// The parts of a phrase, between which there may be other words.
struct Phrase(Vec<Finder<'static>>);

/// Phrases that are looked for all at once. Where they could not be prepared, any text has one.
pub(super) struct Any(Option<AhoCorasick>);

impl Any {
    /// Prepares phrases without words between their parts.
    pub(super) fn new(phrases: impl IntoIterator<Item = &'static str>) -> Self {
        Self(AhoCorasick::new(phrases).ok())
    }

    /// Prepares phrases whose letters of ASCII may stand in either case.
    pub(super) fn in_any_case(phrases: impl IntoIterator<Item = &'static str>) -> Self {
        Self(AhoCorasick::builder().ascii_case_insensitive(true).build(phrases).ok())
    }

    /// Whether a text has one of them.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.0.as_ref().is_none_or(|all| all.is_match(text))
    }
}

/// What is looked for.
pub(super) type Pick = fn(&Compiled) -> &Any;

/// All languages, English first. Texts are looked through for hundreds of phrases, so each is prepared once.
pub(super) static LANGUAGES: LazyLock<Vec<Compiled>> = LazyLock::new(|| {
    let compiled = |text: &'static str| text.split('|').map(Phrase::new).collect();
    let of = |p: &Phrases| Compiled {
        opens: Any::new(p.opens.split('|')),
        opens_in_descriptions: Any::new(p.opens.split('|').filter(|phrase| !OF_CASES.contains(phrase))),
        closes: compiled(p.closes),
        words: {
            let always = locale::LANGUAGES.iter().filter(|l| l.language == p.language).flat_map(|l| l.always.iter().copied());
            let of_phrases = always.chain([p.closes]).flat_map(|text| text.split(['|', ' ', '\'', '…']));
            let mut words: Vec<&str> = of_phrases.chain(p.around.split('|')).filter(|w| !w.is_empty()).collect();
            words.sort_by_key(|w| std::cmp::Reverse(w.len()));
            words
        },
    };
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

/// Said of the cases in which a code is returned, in its description, and of codes elsewhere.
const OF_CASES: &[&str] = &[
    "such as",
    "for example",
    "e.g.",
    "including",
    "typically",
    "among",
    "various",
    "and so on",
    "etc.",
    "appropriate",
    "defined in",
];

/// Whether a folded text has one of the phrases of those languages.
pub(super) fn has(folded: &str, languages: &[Compiled], pick: Pick) -> bool {
    languages.iter().any(|language| pick(language).is_in(folded))
}

/// Whether a sentence of another language than English says that a list is whole; `None` where not all of its words are known in one
/// language. `words` are its words but for names.
pub(super) fn understood<'s>(folded: &str, words: impl Iterator<Item = &'s str> + Clone) -> Option<bool> {
    let known = |language: &Compiled, word: &str| {
        let mut rest = word;
        while !rest.is_empty() {
            // Some languages have no spaces; in the others a word is known whole.
            let runs_on = word.chars().all(|c| c > '\u{2e7f}');
            let found = language.words.iter().find(|w| if runs_on { rest.starts_with(**w) } else { rest == **w });
            let Some(found) = found else { return false };
            rest = rest.get(found.len()..).unwrap_or_default();
        }
        true
    };
    let language = LANGUAGES.iter().skip(1).find(|language| words.clone().all(|word| known(language, word)))?;
    Some(language.closes.iter().any(|phrase| phrase.is_in(folded)))
}

/// All languages.
const PHRASES: &[Phrases] = &[
    Phrases {
        language: "en-us",
        around: "",
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
                any of the error|some values|some codes|a status code indicating|an error code indicating|error specific to|and so on|etc.|various|typically|among|does not contain all|\
                status returned by|error returned by|returned by the",
        closes: "one of the following|one of these|any of the following|either of the following|one of the … listed|\
                one of the … in the following table|one of the … described",
    },
    Phrases {
        language: "de-de",
        around: "gibt|zurück|die|das|der|des|ntstatus|codes|code|werte|statuscodes|rückgabewerte|status|funktion|routine|methode|diese|es|sie|muss|rückruffunktion|ereignisrückruffunktion",
        opens: "z. b.|zum beispiel|beispielsweise|nicht beschränkt auf|andere ntstatus|anderen ntstatus|\
                weitere ntstatus|andere statuscodes|andere werte|andere status|anderen wert|andere fehlercodes|\
                entsprechenden fehlercode|entsprechender fehlercode|unter anderem|mögliche rückgabewerte|\
                zusätzliche rückgabewerte",
        closes: "einen der folgenden|eine der folgenden|einer der folgenden|eines der folgenden",
    },
    Phrases {
        language: "fr-fr",
        around: "retourne|renvoie|la|le|l|fonction|routine|méthode|cette|elle|de|d|codes|code|valeurs|ntstatus|état|retour|suivants|suivantes|doit|rappel|événement",
        opens: "par exemple|tel que|tels que|telle que|telles que|sans s'y limiter|autres valeurs|autre valeur|\
                autres codes|autre code|d'autres ntstatus|code d'erreur approprié|notamment|valeurs possibles",
        closes: "l'un des … suivant|l'une des … suivant|un des … suivant|une des … suivant",
    },
    Phrases {
        language: "es-es",
        around: "devuelve|la|el|los|las|función|rutina|método|esta|códigos|código|valores|ntstatus|de|estado|retorno|debe",
        opens: "por ejemplo|como por|tales como|tal como|sin limitarse a|entre otros|entre otras|otros valores|\
                otro valor|otros códigos|otro código|código de error adecuado|código de error apropiado|\
                posibles valores",
        closes: "uno de los siguientes|una de las siguientes|uno de los … siguientes|una de las … siguientes",
    },
    Phrases {
        language: "it-it",
        around: "restituisce|la|il|i|funzione|routine|metodo|questa|codici|codice|valori|ntstatus|di|stato|deve",
        opens: "ad esempio|per esempio|tra cui|ad altri|altri valori|altro valore|altri codici|altro codice|\
                non limitato a|non limitati a|codice di errore appropriato|valori possibili",
        closes: "uno dei … seguenti|una delle … seguenti|uno dei seguenti|una delle seguenti",
    },
    Phrases {
        language: "pt-br",
        around: "retorna|a|o|os|as|função|rotina|método|esta|códigos|código|valores|ntstatus|de|status|retorno|deve",
        opens: "por exemplo|tais como|tal como|não se limitando|não limitado a|entre outros|outros valores|\
                outro valor|outros códigos|outro código|código de erro apropriado|possíveis valores",
        closes: "um dos seguintes|uma das seguintes|um dos … a seguir|uma das … a seguir|um dos … seguintes",
    },
    Phrases {
        language: "pl-pl",
        around: "zwraca|funkcja|ta|procedura|metoda|kodów|kody|wartości|ntstatus|stanu|powrotnych|musi|zwrócić",
        opens: "na przykład|takie jak|taki jak|między innymi|inne wartości|inną wartość|inne kody|inny kod|\
                odpowiedni kod błędu|możliwe wartości",
        closes: "jeden z następujących|jedną z następujących|jedno z następujących|jeden z poniższych|\
                jedną z poniższych",
    },
    Phrases {
        language: "cs-cz",
        around: "vrací|vrátí|funkce|tato|rutina|metoda|kódů|kódy|hodnot|ntstatus|stavu",
        opens: "například|jako je|jako jsou|mimo jiné|jiné hodnoty|jinou hodnotu|další hodnoty|jiné kódy|další kódy|\
                jiný kód|příslušný kód chyby|možné hodnoty",
        closes: "jeden z následujících|jednu z následujících|jedno z následujících",
    },
    Phrases {
        language: "tr-tr",
        around: "döndürür|işlevi|işlev|bu|yordam|yöntem|ntstatus|kodlarından|değerlerinden|durum|dönüş|kodundan|değerinden",
        opens: "örneğin|gibi|bunlarla sınırlı olmamak|diğer değerler|başka bir değer|diğer kodlar|diğer ntstatus|\
                uygun bir hata|uygun hata|olası değerler",
        closes: "aşağıdaki … birini|aşağıdakilerden birini",
    },
    Phrases {
        language: "nl-nl",
        around: "retourneert|geeft|terug|de|functie|routine|methode|deze|codes|code|waarden|ntstatus|status|statuscodes|moet",
        opens: "bijvoorbeeld|zoals|niet beperkt tot|onder andere|andere waarden|een andere waarde|andere codes|\
                een andere code|andere ntstatus|juiste foutcode|mogelijke waarden",
        closes: "een van de volgende|één van de volgende",
    },
    Phrases {
        language: "sv-se",
        around: "returnerar|funktionen|rutinen|metoden|den|koder|kod|värden|ntstatus|status|statuskoder|måste|returnera",
        opens: "till exempel|t.ex.|såsom|inte begränsat till|bland annat|andra värden|ett annat värde|andra koder|\
                en annan kod|andra ntstatus|lämplig felkod|möjliga värden",
        closes: "en av följande|ett av följande|någon av följande|något av följande",
    },
    Phrases {
        language: "ru-ru",
        around: "возвращает|функция|эта|подпрограмма|метод|кодов|кода|значений|ntstatus|состояния|должна|возвращать",
        opens: "например|такие как|такой как|не ограничиваясь|другие значения|другое значение|другие коды|\
                другой код|другие ntstatus|соответствующий код ошибки|возможные значения|в том числе",
        closes: "один из следующих|одно из следующих|одну из следующих|один из … следующих",
    },
    Phrases {
        language: "ja-jp",
        around: "関数|ルーチン|メソッド|この|コールバック|は|を|が|の|に|ntstatus|コード|値|状態|ステータス|返します|返す|必要があります|戻り値",
        opens: "たとえば|例えば|などの|など、|他の ntstatus|他の値|他のコード|その他の|適切なエラー|これらに限定されません|考えられる",
        closes: "次の … いずれか|以下の … いずれか|次のいずれか|以下のいずれか",
    },
    Phrases {
        language: "ko-kr",
        around: "함수는|함수|루틴은|메서드는|콜백|이|는|은|ntstatus|코드|값|상태|반환|반환합니다|를|을|하나를|해야|합니다",
        opens: "예를 들어|와 같은|과 같은|등의|다른 ntstatus|다른 값|다른 코드|기타|적절한 오류|국한되지|가능한 값",
        closes: "다음 … 중 하나|다음 중 하나",
    },
    Phrases {
        language: "zh-cn",
        around: "返回|函数|例程|方法|回调|该|此|必须|将|会|ntstatus|代码|值|状态|的",
        opens: "例如|诸如|比如|不限于|其他 ntstatus|其他ntstatus|其他值|其他代码|其他状态|其他错误|相应的错误|适当的|包括|可能的值",
        closes: "以下 … 之一|下列 … 之一|以下之一|下列之一|以下 … 中的一个",
    },
    Phrases {
        language: "zh-tw",
        around: "會傳回|傳回|函式|函數|常式|方法|回呼|該|此|必須|將|ntstatus|代碼|值|狀態|的",
        opens: "例如|諸如|比如|不限於|其他 ntstatus|其他ntstatus|其他值|其他代碼|其他狀態|其他錯誤|適當的|包括|可能的值",
        closes: "下列 … 其中一個|以下 … 其中一個|下列 … 之一|以下 … 之一|下列其中一個|以下其中一個|以下之一|下列之一",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_languages_are_those_of_the_other_table_and_all_phrases_are_folded() {
        assert!(PHRASES.iter().map(|p| p.language).eq(locale::LANGUAGES.iter().map(|w| w.language)));
        for phrases in PHRASES {
            for phrase in [phrases.opens, phrases.closes].iter().flat_map(|p| p.split('|')) {
                assert!(!phrases.opens.contains('…'), "{}", phrases.language);
                assert!(!phrase.is_empty() && phrase == locale::fold(phrase), "{}: {phrase:?}", phrases.language);
            }
        }
    }

    #[test]
    fn a_phrase_may_have_words_between() {
        let closes = |text: &str| LANGUAGES.iter().any(|l| l.closes.iter().any(|phrase| phrase.is_in(text)));
        assert!(closes("retourne l'un des codes ntstatus suivants"));
        assert!(!closes("retourne les codes suivants, l'un des"));
    }
}
