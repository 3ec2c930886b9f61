//! Rendered pages in every language and form, built from our own pages in the shape of the vendor's: all give the same facts, and what
//! is lost is said.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use std::fmt::Write as _;

use common::load_spec;
use wsk_codegen::contract;
use wsk_codegen::facts::{ApiKind, Direction};
use wsk_codegen::source::{Report, Severity, Sources};
use wsk_codegen::spec::{Api, Spec, When};
use wsk_codegen::vendor;

/// The chrome and the set phrases of a language, as its pages have them. `X` stands for the name, `@` for the version.
struct Language {
    code: &'static str,
    function: &'static str,
    callback: &'static str,
    syntax: &'static str,
    parameters: &'static str,
    reserved: &'static str,
    return_value: &'static str,
    returns: &'static str,
    return_code: [&'static str; 2],
    other: &'static str,
    remarks: &'static str,
    requirements: &'static str,
    client: &'static str,
    server: &'static str,
    since: &'static str,
    header: &'static str,
}

const LANGUAGES: &[Language] = &[
    Language {
        code: "en-us",
        function: "The X function does what it does.",
        callback: "The X event callback function tells what happened.",
        syntax: "Syntax",
        parameters: "Parameters",
        reserved: "This parameter is reserved for system use. It must be zero.",
        return_value: "Return value",
        returns: "X returns one of the following NTSTATUS codes:",
        return_code: ["Return code", "Description"],
        other: "Other status codes",
        remarks: "Remarks",
        requirements: "Requirements",
        client: "Minimum supported client",
        server: "Minimum supported server",
        since: "Available in @ and later versions of the Windows operating systems.",
        header: "Header",
    },
    Language {
        code: "de-de",
        function: "Die X-Funktion tut, was sie tut.",
        callback: "Die X-Ereignisrückruffunktion meldet, was geschehen ist.",
        syntax: "Syntax",
        parameters: "Parameter",
        reserved: "Dieser Parameter ist für die Systemverwendung reserviert.",
        return_value: "Rückgabewert",
        returns: "X gibt einen der folgenden NTSTATUS-Codes zurück:",
        return_code: ["Rückgabecode", "Beschreibung"],
        other: "Andere status Codes",
        remarks: "Hinweise",
        requirements: "Anforderungen",
        client: "Unterstützte Mindestversion (Client)",
        server: "Unterstützte Mindestversion (Server)",
        since: "Verfügbar in @ und höheren Versionen der Windows-Betriebssysteme.",
        header: "Header",
    },
    Language {
        code: "fr-fr",
        function: "La fonction X fait ce qu’elle fait.",
        callback: "La fonction de rappel d’événement X signale un événement.",
        syntax: "Syntaxe",
        parameters: "Paramètres",
        reserved: "Ce paramètre est réservé à l’utilisation du système.",
        return_value: "Valeur retournée",
        returns: "X retourne l’un des codes NTSTATUS suivants :",
        return_code: ["Code de retour", "Description"],
        other: "Autres codes d’état",
        remarks: "Remarques",
        requirements: "Spécifications",
        client: "Client minimal pris en charge",
        server: "Serveur minimal pris en charge",
        since: "Disponible dans @ et versions ultérieures des systèmes d’exploitation Windows.",
        header: "En-tête",
    },
    Language {
        code: "es-es",
        function: "La función X hace lo que hace.",
        callback: "La función de devolución de llamada de eventos X avisa.",
        syntax: "Sintaxis",
        parameters: "Parámetros",
        reserved: "Este parámetro está reservado para el uso del sistema.",
        return_value: "Valor devuelto",
        returns: "X devuelve uno de los siguientes códigos NTSTATUS:",
        return_code: ["Código devuelto", "Descripción"],
        other: "Otros códigos de estado",
        remarks: "Comentarios",
        requirements: "Requisitos",
        client: "Cliente mínimo compatible",
        server: "Servidor mínimo compatible",
        since: "Disponible en @ y versiones posteriores de los sistemas operativos Windows.",
        header: "Encabezado",
    },
    Language {
        code: "it-it",
        function: "La funzione X fa ciò che fa.",
        callback: "La funzione di callback degli eventi X avvisa.",
        syntax: "Sintassi",
        parameters: "Parametri",
        reserved: "Questo parametro è riservato all'uso del sistema.",
        return_value: "Valore restituito",
        returns: "X restituisce uno dei codici NTSTATUS seguenti:",
        return_code: ["Codice restituito", "Descrizione"],
        other: "Altri codici di stato",
        remarks: "Commenti",
        requirements: "Requisiti",
        client: "Client minimo supportato",
        server: "Server minimo supportato",
        since: "Disponibile in @ e versioni successive dei sistemi operativi Windows.",
        header: "Intestazione",
    },
    Language {
        code: "pt-br",
        function: "A função X faz o que faz.",
        callback: "A função de retorno de chamada de evento X avisa.",
        syntax: "Sintaxe",
        parameters: "Parâmetros",
        reserved: "Esse parâmetro é reservado para uso do sistema.",
        return_value: "Valor retornado",
        returns: "X retorna um dos seguintes códigos NTSTATUS:",
        return_code: ["Código de retorno", "Descrição"],
        other: "Outros códigos de status",
        remarks: "Comentários",
        requirements: "Requisitos",
        client: "Cliente mínimo com suporte",
        server: "Servidor mínimo com suporte",
        since: "Disponível no @ e em versões posteriores dos sistemas operacionais Windows.",
        header: "Cabeçalho",
    },
    Language {
        code: "pl-pl",
        function: "Funkcja X robi to, co robi.",
        callback: "Funkcja wywołania zwrotnego zdarzenia X powiadamia.",
        syntax: "Składnia",
        parameters: "Parametry",
        reserved: "Ten parametr jest zarezerwowany do użytku systemowego.",
        return_value: "Wartość zwracana",
        returns: "X zwraca jeden z następujących kodów NTSTATUS:",
        return_code: ["Kod powrotny", "Opis"],
        other: "Inne kody stanu",
        remarks: "Uwagi",
        requirements: "Wymagania",
        client: "Minimalny obsługiwany klient",
        server: "Minimalny obsługiwany serwer",
        since: "Dostępne w systemach @ i nowszych wersjach systemów operacyjnych Windows.",
        header: "Nagłówek",
    },
    Language {
        code: "cs-cz",
        function: "Funkce X dělá, co dělá.",
        callback: "Funkce zpětného volání události X oznamuje.",
        syntax: "Syntaxe",
        parameters: "Parametry",
        reserved: "Tento parametr je vyhrazen pro použití systémem.",
        return_value: "Návratová hodnota",
        returns: "X vrací jeden z následujících kódů NTSTATUS:",
        return_code: ["Návratový kód", "Popis"],
        other: "Jiné stavové kódy",
        remarks: "Poznámky",
        requirements: "Požadavky",
        client: "Minimální podporovaný klient",
        server: "Minimální podporovaný server",
        since: "K dispozici ve verzi @ a novějších verzích operačních systémů Windows.",
        header: "Hlavička",
    },
    Language {
        code: "tr-tr",
        function: "X işlevi yaptığını yapar.",
        callback: "X olay geri çağırma işlevi bildirir.",
        syntax: "Sözdizimi",
        parameters: "Parametreler",
        reserved: "Bu parametre sistem kullanımı için ayrılmıştır.",
        return_value: "Dönüş değeri",
        returns: "X aşağıdaki NTSTATUS kodlarından birini döndürür:",
        return_code: ["Dönüş kodu", "Açıklama"],
        other: "Diğer durum kodları",
        remarks: "Açıklamalar",
        requirements: "Gereksinimler",
        client: "Desteklenen en düşük istemci",
        server: "Desteklenen en düşük sunucu",
        since: "@ ve Windows işletim sistemlerinin sonraki sürümlerinde kullanılabilir.",
        header: "Üst bilgi",
    },
    Language {
        code: "nl-nl",
        function: "De functie X doet wat hij doet.",
        callback: "De callbackfunctie voor gebeurtenissen X meldt iets.",
        syntax: "Syntaxis",
        parameters: "Parameters",
        reserved: "Deze parameter is gereserveerd voor systeemgebruik.",
        return_value: "Retourwaarde",
        returns: "X retourneert een van de volgende NTSTATUS-codes:",
        return_code: ["Retourcode", "Beschrijving"],
        other: "Andere statuscodes",
        remarks: "Opmerkingen",
        requirements: "Vereisten",
        client: "Minimaal ondersteunde client",
        server: "Minimaal ondersteunde server",
        since: "Beschikbaar in @ en latere versies van de Windows-besturingssystemen.",
        header: "Koptekst",
    },
    Language {
        code: "sv-se",
        function: "Funktionen X gör vad den gör.",
        callback: "Funktionen för händelseåteranrop X meddelar.",
        syntax: "Syntax",
        parameters: "Parametrar",
        reserved: "Den här parametern är reserverad för systemanvändning.",
        return_value: "Returvärde",
        returns: "X returnerar en av följande NTSTATUS-koder:",
        return_code: ["Returkod", "Beskrivning"],
        other: "Andra statuskoder",
        remarks: "Kommentarer",
        requirements: "Krav",
        client: "Lägsta klient som stöds",
        server: "Lägsta server som stöds",
        since: "Tillgänglig i @ och senare versioner av Windows-operativsystemen.",
        header: "Rubrik",
    },
    Language {
        code: "ru-ru",
        function: "Функция X делает то, что делает.",
        callback: "Функция обратного вызова события X уведомляет.",
        syntax: "Синтаксис",
        parameters: "Параметры",
        reserved: "Этот параметр зарезервирован для использования системой.",
        return_value: "Возвращаемое значение",
        returns: "X возвращает один из следующих кодов NTSTATUS:",
        return_code: ["Код возврата", "Описание"],
        other: "Другие коды состояния",
        remarks: "Комментарии",
        requirements: "Требования",
        client: "Минимальный поддерживаемый клиент",
        server: "Минимальный поддерживаемый сервер",
        since: "Доступно в @ и более поздних версиях операционных систем Windows.",
        header: "Верхняя часть",
    },
    Language {
        code: "ja-jp",
        function: "X 関数は、することをします。",
        callback: "X イベント コールバック関数は、知らせます。",
        syntax: "構文",
        parameters: "パラメーター",
        reserved: "このパラメーターは、システムで使用するために予約されています。 ゼロにします。",
        return_value: "戻り値",
        returns: "X は、次のいずれかの NTSTATUS コードを返します。",
        return_code: ["リターン コード", "説明"],
        other: "その他の状態コード",
        remarks: "注釈",
        requirements: "要件",
        client: "サポートされている最小のクライアント",
        server: "サポートされている最小のサーバー",
        since: "@ 以降のバージョンの Windows オペレーティング システムで使用できます。",
        header: "Header",
    },
    Language {
        code: "ko-kr",
        function: "X 함수는 하는 일을 합니다.",
        callback: "X 이벤트 콜백 함수는 알립니다.",
        syntax: "구문",
        parameters: "매개 변수",
        reserved: "이 매개 변수는 시스템 사용을 위해 예약되어 있습니다.",
        return_value: "반환 값",
        returns: "X는 다음 NTSTATUS 코드 중 하나를 반환합니다.",
        return_code: ["반환 코드", "설명"],
        other: "기타 상태 코드",
        remarks: "설명",
        requirements: "요구 사항",
        client: "지원되는 최소 클라이언트",
        server: "지원되는 최소 서버",
        since: "@ 이상 버전의 Windows 운영 체제에서 사용할 수 있습니다.",
        header: "헤더",
    },
    Language {
        code: "zh-cn",
        function: "X 函数做它所做的事。",
        callback: "X 事件回调函数发出通知。",
        syntax: "语法",
        parameters: "参数",
        reserved: "此参数保留供系统使用。",
        return_value: "返回值",
        returns: "X 返回以下 NTSTATUS 代码之一：",
        return_code: ["返回代码", "说明"],
        other: "其他状态代码",
        remarks: "注解",
        requirements: "要求",
        client: "最低受支持的客户端",
        server: "最低受支持的服务器",
        since: "在 @ 和更高版本的 Windows 操作系统中可用。",
        header: "标头",
    },
    Language {
        code: "zh-tw",
        function: "X 函式會執行它所做的事。",
        callback: "X 事件回呼函式會發出通知。",
        syntax: "語法",
        parameters: "參數",
        reserved: "此參數保留供系統使用。",
        return_value: "傳回值",
        returns: "X 會傳回下列其中一個 NTSTATUS 代碼：",
        return_code: ["傳回碼", "描述"],
        other: "其他狀態代碼",
        remarks: "備註",
        requirements: "需求",
        client: "最低支援的用戶端",
        server: "最低支援的伺服器",
        since: "適用於 @ 和更新版本的 Windows 作業系統。",
        header: "標頭",
    },
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    /// Text without empty lines, in which tables are tables: what tools make that take the text out of a page.
    Dense,
    /// Text in which each cell of a table is a paragraph: the old library.
    Cells,
    Markdown,
    Html,
}

const FORMS: [Form; 5] = [Form::Plain, Form::Dense, Form::Cells, Form::Markdown, Form::Html];

/// What is done to a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loss {
    Nothing,
    CodeColumn,
    SectionsSwapped,
    Directions,
}

/// A piece of a page before it has a form.
enum Piece {
    Title(String),
    Section(String),
    Text(String),
    Code(String),
    /// What begins the description of a parameter.
    Entry(String),
    /// What begins the description of a value.
    Value(String),
    /// The head, and rows.
    Table(Vec<String>, Vec<Vec<String>>),
    /// The same, with its code column lost.
    LostTable(Vec<String>, Vec<String>),
}

fn pieces(api: &Api, language: &Language, loss: Loss) -> Vec<Piece> {
    let name = api.page.name.value.as_str();
    let pointer = api.typedef.as_ref().map_or(name.to_owned(), |_| format!("Pfn{name}"));
    let title = api.typedef.as_ref().map_or(name, |t| t.value.as_str());
    let brackets = |i: usize| {
        let param = &api.params[i];
        if param.reserved || loss == Loss::Directions {
            return String::new();
        }
        let optional = if param.optional { ", optional" } else { "" };
        format!("[{}{optional}]", param.direction.as_str())
    };
    let sentence = if *api.kind == ApiKind::Callback { language.callback } else { language.function };
    let mut code = api.typedef.as_ref().map(|t| format!("{t} {pointer};\n\n")).unwrap_or_default();
    writeln!(code, "{} {pointer}(", api.signature.ret.spelling()).unwrap();
    for (i, param) in api.signature.params.iter().enumerate() {
        let name = param.name.as_ref().map_or("", |n| n.value.as_str());
        let comma = if i + 1 < api.signature.params.len() { "," } else { "" };
        writeln!(code, "  {:<19} {}{comma}", brackets(i), param.ty.declaration(name)).unwrap();
    }
    code += if api.typedef.is_some() { ")\n{...}\n" } else { ");\n" };

    let mut out = vec![
        Piece::Title(format!("{title} (wsk.h)")),
        Piece::Text(sentence.replace('X', name)),
        Piece::Section(language.syntax.to_owned()),
        Piece::Code(code),
    ];
    let mut parameters = vec![Piece::Section(language.parameters.to_owned())];
    for (i, param) in api.params.iter().enumerate() {
        parameters.push(Piece::Entry(format!("{} {}", brackets(i), param.name).trim().to_owned()));
        let text = if param.reserved { language.reserved.to_owned() } else { param.meaning.value.clone() };
        parameters.push(Piece::Text(text));
        for row in api.values.iter().filter(|t| t.of.value == param.name.value).flat_map(|t| &t.rows) {
            parameters.push(Piece::Value(row.constant.value.clone()));
            parameters.push(Piece::Text(row.meaning.value.clone()));
        }
    }
    let mut returns = Vec::new();
    if !api.signature.ret.is_void() {
        returns.push(Piece::Section(language.return_value.to_owned()));
        returns.push(Piece::Text(language.returns.replace('X', name)));
        let mut rows: Vec<Vec<String>> =
            api.returns.codes.iter().map(|c| vec![c.name.value.clone(), c.meaning.value.clone()]).collect();
        rows.extend(api.returns.other.iter().map(|o| vec![language.other.to_owned(), o.meaning().value.clone()]));
        let head = language.return_code.map(str::to_owned).to_vec();
        returns.push(if loss == Loss::CodeColumn {
            Piece::LostTable(head, rows.into_iter().map(|mut r| r.remove(1)).collect())
        } else {
            Piece::Table(head, rows)
        });
    }
    if loss == Loss::SectionsSwapped {
        std::mem::swap(&mut parameters, &mut returns);
    }
    out.extend(parameters);
    out.extend(returns);
    let level = match api.irql.as_slice() {
        [one] if matches!(one.when.value, When::Always) => one.range.spelling(),
        _ => "<= DISPATCH_LEVEL (see Remarks section)".to_owned(),
    };
    out.extend([
        Piece::Section(language.remarks.to_owned()),
        Piece::Text("Runs at IRQL = PASSIVE_LEVEL if nothing else is said, on Windows 95; see also ntddk.h.".to_owned()),
        Piece::Section(language.requirements.to_owned()),
        Piece::Table(
            vec!["?".to_owned(), "?".to_owned()],
            [
                [language.client, &language.since.replace('@', api.page.since.as_str())],
                [language.server, "Windows Server 2022"],
                [language.header, "wsk.h (include Wsk.h)"],
                ["IRQL", &level],
            ]
            .into_iter()
            // What links a function that is exported is a row more.
            .chain((api.kind.value == ApiKind::Export).then_some(["Library", "Netio.lib"]))
            .map(|row| row.map(str::to_owned).to_vec())
            .collect(),
        ),
        Piece::Section("?".to_owned()),
        Piece::Text("WSK_SOCKET".to_owned()),
        Piece::Text(name.to_owned()),
    ]);
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn write(pieces: &[Piece], form: Form, language: &str) -> String {
    let mut out = String::new();
    if form == Form::Html {
        out = format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\"><head><title>T</title><script>if (a<b) {{}}</script></head><body>\
             <nav><table><tr><td>IRQL</td><td>any level</td></tr></table></nav>\n<main>\n"
        );
    }
    for piece in pieces {
        let text = match (piece, form) {
            (
                Piece::Title(t) | Piece::Section(t) | Piece::Text(t) | Piece::Entry(t) | Piece::Value(t),
                Form::Plain | Form::Dense | Form::Cells,
            ) => t.clone() + "\n",
            (Piece::Code(t), Form::Plain | Form::Cells) => t.clone(),
            (Piece::Code(t), Form::Dense) => {
                let words = |l: &str| l.split_whitespace().collect::<Vec<_>>().join(" ");
                t.lines().filter(|l| !l.is_empty()).map(|l| words(l) + "\n").collect()
            }
            (Piece::Table(head, rows), Form::Dense) => {
                let is_requirements = head[0] == "?";
                let rows = rows.iter().map(|r| r.join(if is_requirements { " | " } else { " |\n" }) + " |\n");
                format!("{} |\n---|---|\n{}", head.join(" | "), rows.collect::<String>())
            }
            (Piece::LostTable(head, rows), Form::Dense) => {
                let rows = rows.iter().map(|r| format!("|\n{r} |\n"));
                format!("{} |\n---|---|\n{}", head.join(" | "), rows.collect::<String>())
            }
            (Piece::Table(head, rows), Form::Plain) => {
                // A table of two columns with long cells is copied as lines, one with short cells as rows.
                let is_requirements = head[0] == "?";
                let rows = rows.iter().map(|r| r.join(if is_requirements { " " } else { "\n" }) + "\n");
                head.join(" ") + "\n" + &rows.collect::<String>()
            }
            (Piece::Table(head, rows), Form::Cells) => {
                let rows = rows.iter().map(|r| r.join("\n\n\t\n\n") + "\n\n");
                // The requirements have no head here.
                let head = if head[0] == "?" { String::new() } else { head.join("\t") + "\n\n" };
                head + &rows.collect::<String>()
            }
            (Piece::LostTable(head, rows), Form::Cells) => head.join("\t") + "\n\n" + &rows.join("\n\n\t\n\n") + "\n",
            (Piece::LostTable(head, rows), Form::Plain) => head.join(" ") + "\n" + &rows.join("\n") + "\n",
            (Piece::Title(t), Form::Markdown) => format!("# {t}\n"),
            (Piece::Section(t), Form::Markdown) => format!("## {t}\n"),
            (Piece::Text(t), Form::Markdown) => t.replace('_', "\\_").replace('<', "\\<") + "\n",
            (Piece::Code(t), Form::Markdown) => format!("```cpp\n{t}```\n"),
            (Piece::Entry(t), Form::Markdown) => format!("`{t}`\n"),
            (Piece::Value(t), Form::Markdown) => format!("#### {t}\n"),
            (Piece::Table(head, rows), Form::Markdown) => {
                let rows = rows.iter().map(|r| format!("| **{}** | {} |\n", r[0], r[1].replace('|', "\\|")));
                format!("| {} |\n| --- | --- |\n{}", head.join(" | "), rows.collect::<String>())
            }
            (Piece::LostTable(head, rows), Form::Markdown) => {
                format!(
                    "| {} |\n| --- |\n{}",
                    head[1],
                    rows.iter().map(|r| format!("| {} |\n", r.replace('|', "\\|"))).collect::<String>()
                )
            }
            (Piece::Title(t), Form::Html) => format!("<h1 id=\"t\">{}</h1><p>10/11/2026</p><button>Copy</button>", escaped(t)),
            (Piece::Section(t), Form::Html) => format!("<h2 class=\"heading-anchor\">{}</h2>", escaped(t)),
            (Piece::Text(t), Form::Html) => format!("<p>{}</p>", escaped(t)),
            (Piece::Code(t), Form::Html) => {
                let code = escaped(t).replace("NTSTATUS", "<span class=\"hljs-type\">NTSTATUS</span>");
                format!(
                    "<div><span>C++</span><button>Copy</button></div><pre tabindex=\"0\"><code class=\"lang-cpp\">{code}</code></pre>"
                )
            }
            (Piece::Entry(t), Form::Html) => format!("<p><code>{}</code></p>", escaped(t)),
            (Piece::Value(t), Form::Html) => format!("<dl><dt><b>{t}</b></dt></dl>"),
            (Piece::Table(head, rows), Form::Html) => {
                let rows = rows.iter().map(|r| {
                    format!(
                        "<tr>\n<td width=\"40%\"><dl><dt><b>{}</b></dt></dl></td>\n<td>\n{}\n</td></tr>\n",
                        escaped(&r[0]),
                        escaped(&r[1])
                    )
                });
                format!(
                    "<table><thead><tr><th>{}</th></tr></thead><tbody>{}</tbody></table>",
                    head.join("</th><th>"),
                    rows.collect::<String>()
                )
            }
            (Piece::LostTable(head, rows), Form::Html) => {
                let rows = rows.iter().map(|r| format!("<tr><td>{}</td></tr>", escaped(r)));
                format!("<table><thead><tr><th>{}</th></tr></thead><tbody>{}</tbody></table>", head[1], rows.collect::<String>())
            }
        };
        out += &text;
        if form != Form::Dense {
            out.push('\n');
        }
    }
    if form == Form::Html {
        out += "</main><footer><p>wsk.h</p></footer></body></html>\n";
    }
    out
}

/// The facts of a page as JSON, and what was said of it as `code: message`.
fn import(text: &str) -> (serde_json::Value, Vec<(Severity, String)>) {
    let mut sources = Sources::new();
    let mut report = Report::new();
    let file = sources.add("page", text);
    let page = vendor::read(&sources, file, &mut report);
    let mut found = contract::of_pages(page.as_slice(), &sources, Vec::new());
    // Each form has its own lines.
    found.apis.iter_mut().for_each(|api| api.places = contract::Places::default());
    let said = report.diagnostics().iter().map(|d| (d.severity, format!("{}: {}", d.code, d.message)));
    (serde_json::to_value(&found).unwrap(), said.collect())
}

fn apis(spec: &Spec) -> impl Iterator<Item = &Api> {
    spec.apis.iter()
}

#[test]
fn every_language_and_form_gives_the_facts_of_our_pages() {
    let loaded = load_spec();
    assert_eq!(LANGUAGES.len(), 16);
    let mut count = 0;
    for api in apis(&loaded.spec) {
        let name = api.page.name.value.as_str();
        let mut first: Option<serde_json::Value> = None;
        for language in LANGUAGES {
            for form in FORMS {
                let page = write(&pieces(api, language, Loss::Nothing), form, language.code);
                let (facts, said) = import(&page);
                let context = format!("{name} {} {form:?}\n{page}\n{said:?}", language.code);
                let is_conditional = api.irql.len() > 1;
                assert!(
                    said.iter().all(|(_, s)| is_conditional && s.starts_with("vendor::irql: this level depends")),
                    "{context}"
                );
                match &first {
                    Some(first) => assert_eq!(&facts, first, "{context}"),
                    None => {
                        is_ours(api, &facts["apis"][0], &context);
                        first = Some(facts);
                    }
                }
                count += 1;
            }
        }
    }
    println!("{count} pages");
    assert!(count > 2000);
}

/// The facts are those of our page.
fn is_ours(api: &Api, facts: &serde_json::Value, context: &str) {
    assert_eq!(facts["name"], api.page.name.value, "{context}");
    assert_eq!(facts["typedef"].as_str(), api.typedef.as_ref().map(|t| t.value.as_str()), "{context}");
    assert_eq!(facts["kind"], api.kind.as_str(), "{context}");
    assert_eq!((facts["header"].as_str(), facts["since"].as_str()), (Some("wsk.h"), Some(api.page.since.as_str())), "{context}");
    let params = facts["params"].as_array().unwrap();
    assert_eq!(params.len(), api.params.len(), "{context}");
    for (theirs, ours) in params.iter().zip(&api.params) {
        assert_eq!(theirs["name"], ours.name.value, "{context}");
        assert_eq!(theirs["type"], api.param_type(&ours.name).unwrap().spelling(), "{context}");
        let direction = match *ours.direction {
            Direction::In => "in",
            Direction::Out => "out",
            Direction::InOut => "inout",
        };
        assert_eq!(theirs["direction"], direction, "{context}");
        assert_eq!(theirs["optional"], ours.optional, "{context}");
        assert_eq!(theirs["reserved"], ours.reserved, "{context}");
        let values = api.values.iter().filter(|t| t.of.value == ours.name.value).flat_map(|t| &t.rows);
        let values: Vec<&str> = values.map(|r| r.constant.value.as_str()).collect();
        let found: Vec<&str> = theirs["values"].as_array().into_iter().flatten().filter_map(|v| v.as_str()).collect();
        assert_eq!(found, values, "{context}");
    }
    let codes: Vec<&str> = facts["returns"]["codes"].as_array().unwrap().iter().filter_map(|c| c.as_str()).collect();
    assert_eq!(codes, api.returns.codes.iter().map(|c| c.name.value.as_str()).collect::<Vec<_>>(), "{context}");
    if !api.signature.ret.is_void() {
        assert_eq!(facts["returns"]["open"], api.returns.other.is_some(), "{context}");
    }
    assert_eq!(facts["irql"].as_array().unwrap().len(), 1, "{context}");
}

#[test]
fn what_is_lost_is_said_in_every_language_and_form() {
    let loaded = load_spec();
    let api = apis(&loaded.spec).find(|a| a.page.name.value == "WskConnect").unwrap();
    for language in LANGUAGES {
        for form in FORMS {
            let whole = import(&write(&pieces(api, language, Loss::Nothing), form, language.code)).0;
            let lossy = |loss| import(&write(&pieces(api, language, loss), form, language.code));
            let context = format!("{} {form:?}", language.code);

            let (facts, said) = lossy(Loss::CodeColumn);
            let lost = "vendor::returns: the return table has no codes: its code column was lost";
            assert!(said.iter().any(|(s, m)| *s == Severity::Error && m == lost), "{context}: {said:?}");
            assert_eq!(facts["apis"][0]["returns"]["codes"], serde_json::json!([]), "{context}");

            let (facts, said) = lossy(Loss::SectionsSwapped);
            assert_eq!(facts, whole, "{context}");
            let swapped = "vendor::order: the return value comes before the parameters";
            assert!(matches!(said.as_slice(), [(Severity::Warning, m)] if m.starts_with(swapped)), "{context}: {said:?}");

            let (facts, said) = lossy(Loss::Directions);
            for param in ["Socket", "RemoteAddress", "Irp"] {
                let silent = format!("vendor::silent: the page does not say the direction of `{param}`");
                assert!(said.iter().any(|(_, m)| *m == silent), "{context}: {said:?}");
            }
            assert_eq!(facts["apis"][0]["params"][0]["direction"], serde_json::Value::Null, "{context}");
            assert_eq!(said.len(), 3, "{context}: {said:?}");
        }
    }
}

/// The words of one language on the vendor's site are not always the same: each translation of a page is made anew, by machines.
#[test]
fn other_words_of_the_site_give_the_same_facts() {
    const SEEN: &[(&str, &[(&str, &str)])] = &[
        ("de-de", &[("Hinweise", "Bemerkungen")]),
        (
            "de-de",
            &[
                ("Unterstützte Mindestversion (Client)", "mindestens unterstützte Client-"),
                ("Header", "Header-"),
                ("IRQL", "IRQL-"),
            ],
        ),
        ("de-de", &[("Header", "Kopfzeile")]),
        (
            "fr-fr",
            &[("Valeur retournée", "Valeur de retour"), ("Code de retour", "Retourner le code"), ("Spécifications", "Exigences")],
        ),
        ("fr-fr", &[("Autres codes d’état", "Autres codes status"), ("Spécifications", "Configuration requise")]),
        (
            "es-es",
            &[("Comentarios", "Observaciones"), ("Cliente mínimo compatible", "cliente mínimo admitido"), ("IRQL", "irQL")],
        ),
        ("it-it", &[("Commenti", "Osservazioni:"), ("Intestazione", "intestazione")]),
        ("pt-br", &[("Valor retornado", "Retornar valor"), ("Cabeçalho", "cabeçalho")]),
        (
            "pt-br",
            &[
                ("Valor retornado", "Valor de retorno"),
                ("Comentários", "Observações"),
                ("Cliente mínimo com suporte", "de cliente com suporte mínimo"),
            ],
        ),
        ("ru-ru", &[("Верхняя часть", "Заголовок"), ("Комментарии", "Замечания")]),
        (
            "ja-jp",
            &[("注釈", "備考"), ("サポートされている最小のクライアント", "サポートされる最小クライアント"), ("説明", "形容")],
        ),
        ("ko-kr", &[("구문", "통사론"), ("wsk.h (include Wsk.h)", "wsk.h(Wsk.h 포함)")]),
        ("zh-cn", &[("标头", "Header"), ("注解", "言论"), ("最低受支持的客户端", "最低支持的客户端")]),
        ("zh-tw", &[("備註", "言論"), ("需求", "規格需求")]),
    ];
    let loaded = load_spec();
    for name in ["WskReceive", "WskReceiveEvent", "WskRegister"] {
        let api = apis(&loaded.spec).find(|a| a.page.name.value == name).unwrap();
        for (code, words) in SEEN {
            let language = LANGUAGES.iter().find(|l| l.code == *code).unwrap();
            for form in FORMS {
                let page = write(&pieces(api, language, Loss::Nothing), form, language.code);
                let mut other = page.clone();
                for (from, to) in *words {
                    assert!(page.contains(from) || name != "WskReceive", "{code}: no {from} in {page}");
                    // Sentences, too, may have the word: what stands there is not to matter.
                    other = other.replace(from, to);
                }
                let mut found = import(&other);
                let wanted = import(&page);
                // The words that a level was read from are the page's.
                found.0["apis"][0]["irql_text"] = wanted.0["apis"][0]["irql_text"].clone();
                assert_eq!(found, wanted, "{name} {code} {form:?} {words:?}\n{other}");
            }
        }
    }
}

/// Some tools put a code and its description in one line; some sites show the syntax before they say what it is.
#[test]
fn a_code_and_its_description_in_one_line() {
    let page = "PFN_WSK_SEND - Site\n\nPFN_WSK_SEND PfnWskSend;\n\nNTSTATUS PfnWskSend(\n  [in] PWSK_SOCKET Socket,\n  [in, out] PIRP Irp\n)\n{...}\n\n\
                PFN_WSK_SEND callback function\n\nDescription\n\nThe WskSend function sends.\n\nParameters\n\nSocket [in]\n\nWhere to.\n\nIrp [in, out]\n\nFor what.\n\n\
                Return value\n\nWskSend returns one of these:\n\nReturn code Description\nSTATUS_SUCCESS It is sent.\nSTATUS_PENDING\tLater.\n@\n\nRemarks\n\nSTATUS_NOT_SUPPORTED is not of this table.\n";
    let two = serde_json::json!(["STATUS_SUCCESS", "STATUS_PENDING"]);
    for (line, open, complaint) in [
        ("Other status codes An error.", serde_json::json!(true), None),
        ("Andre statuskoder Fejl.", serde_json::Value::Null, Some("a line after the last code may stand for other codes")),
    ] {
        let (facts, said) = import(&page.replace('@', line));
        let api = &facts["apis"][0];
        assert_eq!((api["name"].as_str(), api["kind"].as_str()), (Some("WskSend"), Some("function")), "{said:?}");
        assert_eq!((&api["returns"]["codes"], &api["returns"]["open"]), (&two, &open), "{said:?}");
        assert_eq!(said.iter().find(|(_, m)| m.contains("vendor::returns")).is_some(), complaint.is_some(), "{said:?}");
        assert!(complaint.is_none_or(|c| said.iter().any(|(_, m)| m.contains(c))), "{said:?}");
    }
}

/// A table that says which flag goes with which structure is no table of constants for the pointer to that structure.
#[test]
fn constants_are_of_parameters_that_can_hold_them() {
    let loaded = load_spec();
    let api = apis(&loaded.spec).find(|a| a.page.name.value == "WskSocket").unwrap();
    let mut all = pieces(api, &LANGUAGES[0], Loss::Nothing);
    let dispatch = all.iter().position(|p| matches!(p, Piece::Entry(t) if t.ends_with(" Dispatch"))).unwrap();
    let row = ["WSK_FLAG_LISTEN_SOCKET", "WSK_CLIENT_LISTEN_DISPATCH"].map(str::to_owned).to_vec();
    all.insert(dispatch + 2, Piece::Table(vec!["Flag".to_owned(), "Structure".to_owned()], vec![row]));
    let wanted = import(&write(&pieces(api, &LANGUAGES[0], Loss::Nothing), Form::Plain, "en-us"));
    for form in FORMS {
        assert_eq!(import(&write(&all, form, "en-us")), wanted, "{form:?}");
    }
}

#[test]
fn a_table_of_flags_that_lost_its_names_is_said() {
    let loaded = load_spec();
    let api = apis(&loaded.spec).find(|a| a.page.name.value == "WskReceiveEvent").unwrap();
    let mut all = pieces(api, &LANGUAGES[0], Loss::Nothing);
    let flags = all.iter().position(|p| matches!(p, Piece::Entry(t) if t.ends_with(" Flags"))).unwrap();
    let head = vec!["Value".to_owned(), "Meaning".to_owned()];
    all.insert(flags + 2, Piece::Table(head, vec![vec![String::new(), "What it means.".to_owned()]]));
    for form in [Form::Dense, Form::Html] {
        let (_, said) = import(&write(&all, form, "en-us"));
        let lost = "vendor::values: a table of `Flags` has no names: its first column was lost";
        assert!(matches!(said.as_slice(), [(Severity::Error, m)] if m == lost), "{form:?}: {said:?}");
    }
}

/// Writes the seeds of the fuzz targets: a page of each kind, in each form, in three languages.
#[test]
#[ignore = "writes codegen/fuzz/seeds; run it when the shape of the pages changes"]
fn seeds() {
    let loaded = load_spec();
    for (form, target, prefix) in [
        (Form::Plain, "plain", ""),
        (Form::Dense, "plain", "Dense"),
        (Form::Cells, "plain", "Cells"),
        (Form::Markdown, "markdown", ""),
        (Form::Html, "html", ""),
    ] {
        let folder = common::root().join("codegen/fuzz/seeds").join(target);
        std::fs::create_dir_all(&folder).unwrap();
        for (name, language) in [("WskConnect", 1), ("WskReceiveEvent", 12), ("WskInspectEvent", 0), ("WskDeregister", 2)] {
            let api = apis(&loaded.spec).find(|a| a.page.name.value == name).unwrap();
            let language = &LANGUAGES[language];
            std::fs::write(
                folder.join(format!("{prefix}{name}")),
                write(&pieces(api, language, Loss::Nothing), form, language.code),
            )
            .unwrap();
        }
    }
}
