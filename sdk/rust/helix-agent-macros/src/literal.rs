use crate::Wrong;
use proc_macro::Literal;

/// The text that a string literal stands for; `None` when it is another literal.
pub fn text(literal: &Literal) -> Result<Option<String>, Wrong> {
    let source = literal.to_string();
    if let Some(raw) = source.strip_prefix('r') {
        let quoted = raw.trim_matches('#');
        return Ok(quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).map(String::from));
    }
    let inner = match source.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner,
        None => return Ok(None),
    };
    unescape(inner).map(Some).ok_or_else(|| Wrong::new(literal.span(), "an escape that is not understood here"))
}

fn unescape(inner: &str) -> Option<String> {
    let mut text = String::new();
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next()? {
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            '0' => text.push('\0'),
            c @ ('\\' | '"' | '\'') => text.push(c),
            'x' => text.push(code(&[chars.next()?, chars.next()?])?),
            'u' => {
                let digits: Vec<char> =
                    chars.by_ref().take_while(|c| *c != '}').filter(|c| *c != '{' && *c != '_').collect();
                text.push(code(&digits)?);
            }
            '\n' => while chars.next_if(|c| c.is_whitespace()).is_some() {},
            _ => return None,
        }
    }
    Some(text)
}

fn code(digits: &[char]) -> Option<char> {
    let digits: String = digits.iter().collect();
    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
}
