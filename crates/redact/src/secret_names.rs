//! What the name that a value is assigned to says of the value: a password, a token, a key.
//!
//! In: a name as it is written. Out: what kind of value it promises. Not here: the value itself
//! (`secrecy`).

/// What the last words of a name say about its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Password,
    Token,
    /// `key`, `auth`, `api`: say little, so that the value has to say more.
    Weak,
    /// A telling word somewhere in a longer name.
    Buried,
}

/// Words that may stand behind the word that says it: `password1`, `token_value`.
const BEHIND: &[&str] = &[
    "value",
    "val",
    "string",
    "str",
    "text",
    "plain",
    "hex",
    "base64",
    "b64",
    "prod",
    "production",
    "dev",
    "test",
    "live",
    "staging",
    "default",
    "current",
    "old",
    "new",
    "v1",
    "v2",
    "v3",
    "main",
    "confirmation",
    "confirm",
    "again",
    "repeat",
    "primary",
    "secondary",
    "backup",
    "env",
    "raw",
    "local",
    "header",
    "code",
    "hash",
    "is",
    "a",
    "b",
];

/// Names in which `key` or `token` means something else.
const NOT_SECRET: &[&str] = &[
    "public",
    "primary",
    "foreign",
    "sort",
    "partition",
    "cache",
    "row",
    "map",
    "dict",
    "index",
    "lookup",
    "unique",
    "natural",
    "composite",
    "hot",
    "shift",
    "alt",
    "ctrl",
    "function",
    "arrow",
    "next",
    "page",
    "continuation",
    "max",
    "min",
    "total",
    "input",
    "output",
    "num",
    "count",
    "pad",
    "eos",
    "bos",
    "unk",
    "sep",
    "mask",
    "stop",
    "start",
    "end",
    "parse",
    "lex",
    "syntax",
    "csrf",
    "json",
    "object",
    "s3",
    "translation",
    "message",
    "i18n",
    "group",
    "event",
    "field",
    "column",
    "property",
    "setting",
    "metadata",
    "idempotency",
    "dedup",
    "checksum",
    "issue",
    "ticket",
    "jira",
    "answer",
    "order",
    "subkey",
    "pubkey",
    "publishable",
    "recv",
    "site",
    "first",
    "last",
    "missing",
    "invalid",
    "no",
    "use",
    "has",
    "with",
    "without",
    "require",
    "show",
    "hide",
    "toggle",
    "reset",
    "forgot",
    "change",
    "confirm",
    "enter",
    "match",
    "fingerprint",
    "thumbprint",
    "content",
];

/// Names in which it often means something else: the value has to look drawn by chance.
const SELDOM_SECRET: &[&str] = &[
    "search", "registry", "data", "config", "project", "product", "license", "licence",
];

/// The words of a name: split at `_`, `-`, `.`, spaces and humps. `lower` is the name in lower case.
pub(crate) fn words_of<'a>(name: &str, lower: &'a str) -> Vec<&'a str> {
    let mut words = Vec::with_capacity(8);
    let mut from = 0;
    let bytes = name.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let hump = byte.is_ascii_uppercase() && at > 0 && bytes[at - 1].is_ascii_lowercase();
        let is_mark = byte.is_ascii() && !byte.is_ascii_alphanumeric();
        if is_mark || hump {
            if from < at {
                words.push(&lower[from..at]);
            }
            from = if is_mark { at + 1 } else { at };
        }
    }
    if from < lower.len() {
        words.push(&lower[from..]);
    }
    words
}

/// `pswd`, `passwrd`, `psswrd`, `pasword`: the word without its vowels, each letter once.
fn is_misspelt(word: &str) -> bool {
    if word.len() < 3 || !word.starts_with('p') {
        return false;
    }
    let mut bones = String::new();
    for letter in word.chars().filter(|letter| !"aeiou".contains(*letter)) {
        if !bones.ends_with(letter) {
            bones.push(letter);
        }
    }
    matches!(bones.as_str(), "pswrd" | "pswd" | "pswrt")
}

/// What the last words of `name` say, in which `found` was found.
pub(crate) fn kind_of(name: &str, found: &str) -> Option<Kind> {
    if !found.is_ascii() {
        return Some(Kind::Password);
    }
    let kind = promised(name)?;
    let seldom = || {
        let lower = name.to_ascii_lowercase();
        let mut words = words_of(name, &lower).into_iter();
        words.any(|word| SELDOM_SECRET.contains(&word))
    };
    if matches!(kind, Kind::Token | Kind::Weak) && seldom() {
        return Some(Kind::Buried);
    }
    Some(kind)
}

fn promised(name: &str) -> Option<Kind> {
    let lower = name.to_ascii_lowercase();
    // `password for admin`: what it is of stands behind.
    let lower = match lower.find(" for ") {
        Some(at) if at > 0 => lower[..at].to_owned(),
        _ => lower,
    };
    let mut words = words_of(&name[..lower.len()], &lower);
    while let Some(last) = words.last() {
        let is_number = last.bytes().all(|byte| byte.is_ascii_digit());
        if words.len() > 1 && (is_number || BEHIND.contains(last)) {
            words.pop();
        } else {
            break;
        }
    }
    let last = words.pop()?;
    let last = last.trim_end_matches(|c: char| c.is_ascii_digit());
    let before = words.last().copied().unwrap_or_default();
    let says_not = || words.iter().any(|word| NOT_SECRET.contains(word));
    let ends = |ends: &[&str]| ends.iter().any(|end| last.ends_with(end));
    if matches!(last, "bypass" | "compass" | "reisepass")
        || (last == "pass" && matches!(before, "by" | "test"))
    {
        return None;
    }
    if matches!(
        last,
        "pass"
            | "pwd"
            | "pw"
            | "passwd"
            | "password"
            | "passphrase"
            | "passcode"
            | "psw"
            | "pword"
            | "userpwd"
            | "mdp"
    ) || ends(&[
        "password",
        "passwd",
        "passphrase",
        "userpwd",
        "passwort",
        "kennwort",
        "wachtwoord",
        "adgangskode",
        "salasana",
        "senha",
        "heslo",
    ]) || matches!(
        last,
        "clave" | "jelszo" | "lozinka" | "kodeord" | "kodeordet"
    ) || ["parol", "adgangskode", "passord", "salasana"]
        .iter()
        .any(|begin| last.starts_with(begin))
        || (last == "passe" && matches!(before, "de" | "palavra"))
        || (ends(&["pwd", "pass"])
            && !ends(&["bypass", "compass", "trespass", "surpass", "buypass"])
            && last.len() <= 10)
        || (last.len() <= 6 && last.ends_with("pw"))
    {
        return Some(Kind::Password);
    }
    if last == "passwords" || is_misspelt(last) {
        return Some(Kind::Password);
    }
    if ends(&["secret", "secrets"]) {
        let says_not = words
            .iter()
            .any(|word| *word != "s3" && NOT_SECRET.contains(word));
        return (!says_not).then_some(Kind::Token);
    }
    if ends(&[
        "token",
        "apikey",
        "credential",
        "credentials",
        "creds",
        "bearer",
        "jwt",
        "pat",
    ]) && last != "pat"
        || last == "pat" && !before.is_empty()
    {
        return (!says_not()).then_some(Kind::Token);
    }
    if matches!(
        last,
        "authorization"
            | "auth"
            | "authentication"
            | "nonce"
            | "salt"
            | "signature"
            | "cookie"
            | "session"
            | "sessionid"
            | "sid"
            | "certificate"
            | "cert"
    ) || matches!(last, "sig")
    {
        return (!says_not()).then_some(Kind::Weak);
    }
    if ends(&["key", "keys"]) || last == "api" {
        let strong = matches!(
            before,
            "api"
                | "secret"
                | "access"
                | "private"
                | "auth"
                | "encryption"
                | "encrypt"
                | "signing"
                | "sign"
                | "master"
                | "client"
                | "account"
                | "service"
                | "app"
                | "application"
                | "admin"
                | "session"
                | "storage"
                | "shared"
                | "aes"
                | "hmac"
                | "rsa"
                | "ssh"
                | "subscription"
                | "consumer"
                | "user"
                | "webhook"
                | "deploy"
                | "read"
                | "write"
        ) || matches!(
            last,
            "secretkey"
                | "accesskey"
                | "privatekey"
                | "authkey"
                | "accountkey"
                | "sharedaccesskey"
                | "pkey"
                | "aeskey"
        );
        if says_not()
            || ends(&[
                "pubkey",
                "publickey",
                "monkey",
                "turkey",
                "hotkey",
                "donkey",
                "whiskey",
                "hockey",
                "jockey",
                "keykey",
            ])
        {
            return None;
        }
        return Some(if strong { Kind::Token } else { Kind::Weak });
    }
    None
}

/// Whether a name holds a telling word and none that says that its value is something else.
pub(crate) fn buried(name: &str) -> Option<Kind> {
    const TELLING: [&str; 6] = [
        "password",
        "passwd",
        "secret",
        "token",
        "apikey",
        "credential",
    ];
    const ELSE: [&str; 22] = [
        "url",
        "uri",
        "file",
        "name",
        "type",
        "size",
        "length",
        "count",
        "version",
        "endpoint",
        "expir",
        "expires",
        "ttl",
        "format",
        "pattern",
        "regex",
        "class",
        "tokenizer",
        "digest",
        "sha",
        "checksum",
        "commit",
    ];
    let lower = name.to_ascii_lowercase();
    if !TELLING.iter().any(|word| lower.contains(word)) {
        return None;
    }
    let says_not = words_of(name, &lower)
        .iter()
        .any(|word| NOT_SECRET.contains(word) || ELSE.contains(word));
    (!says_not).then_some(Kind::Buried)
}
