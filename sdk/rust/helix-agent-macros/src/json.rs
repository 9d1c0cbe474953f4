use crate::{literal, Wrong};
use proc_macro::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
use std::iter::Peekable;

pub type Tokens = Peekable<proc_macro::token_stream::IntoIter>;

/// Writes the JSON value that the next tokens spell: JSON is a subset of what Rust can lex, but for some escapes.
pub fn value(tokens: &mut Tokens, end: Span) -> Result<String, Wrong> {
    match tokens.next() {
        Some(TokenTree::Group(group)) => nested(&group),
        Some(TokenTree::Literal(literal)) => scalar(&literal),
        Some(TokenTree::Ident(ident)) => word(&ident),
        Some(TokenTree::Punct(minus)) if minus.as_char() == '-' => match tokens.next() {
            Some(TokenTree::Literal(literal)) => number(&literal).map(|digits| format!("-{digits}")),
            _ => Err(Wrong::new(minus.span(), "a number must follow")),
        },
        Some(other) => Err(Wrong::new(other.span(), "not JSON")),
        None => Err(Wrong::new(end, "a JSON value is missing")),
    }
}

/// Exactly one value.
pub fn only(stream: TokenStream, at: Span) -> Result<String, Wrong> {
    let mut tokens = stream.into_iter().peekable();
    let json = value(&mut tokens, at)?;
    match tokens.next() {
        Some(extra) => Err(Wrong::new(extra.span(), "a comma is missing before this")),
        None => Ok(json),
    }
}

fn nested(group: &Group) -> Result<String, Wrong> {
    match group.delimiter() {
        Delimiter::Brace => object(group),
        Delimiter::Bracket => array(group),
        Delimiter::None => only(group.stream(), group.span()),
        Delimiter::Parenthesis => Err(Wrong::new(group.span(), "JSON has no parentheses")),
    }
}

fn object(group: &Group) -> Result<String, Wrong> {
    let mut members: Vec<(String, String)> = Vec::new();
    let mut tokens = group.stream().into_iter().peekable();
    while let Some(token) = tokens.next() {
        let at = token.span();
        let name = match &token {
            TokenTree::Literal(literal) => literal::text(literal)?,
            _ => None,
        };
        let name = name.ok_or_else(|| Wrong::new(at, "the name of a member, in quotes, is missing"))?;
        if members.iter().any(|(known, _)| *known == name) {
            return Err(Wrong::new(at, format!("{name} is there twice")));
        }
        require(&mut tokens, ':', at)?;
        members.push((name, value(&mut tokens, at)?));
        comma(&mut tokens)?;
    }
    let members: Vec<String> = members.iter().map(|(name, value)| format!("{}:{value}", quote(name))).collect();
    Ok(format!("{{{}}}", members.join(",")))
}

fn array(group: &Group) -> Result<String, Wrong> {
    let mut items = Vec::new();
    let mut tokens = group.stream().into_iter().peekable();
    while tokens.peek().is_some() {
        items.push(value(&mut tokens, group.span())?);
        comma(&mut tokens)?;
    }
    Ok(format!("[{}]", items.join(",")))
}

/// A comma, or the end.
pub fn comma(tokens: &mut Tokens) -> Result<(), Wrong> {
    match tokens.next() {
        None => Ok(()),
        Some(TokenTree::Punct(comma)) if comma.as_char() == ',' => Ok(()),
        Some(other) => Err(Wrong::new(other.span(), "a comma is missing before this")),
    }
}

pub fn require(tokens: &mut Tokens, wanted: char, at: Span) -> Result<(), Wrong> {
    match tokens.next() {
        Some(TokenTree::Punct(found)) if found.as_char() == wanted => Ok(()),
        Some(other) => Err(Wrong::new(other.span(), format!("'{wanted}' is missing before this"))),
        None => Err(Wrong::new(at, format!("'{wanted}' is missing after this"))),
    }
}

fn word(ident: &Ident) -> Result<String, Wrong> {
    match ident.to_string().as_str() {
        word @ ("true" | "false" | "null") => Ok(word.to_string()),
        _ => Err(Wrong::new(ident.span(), "not JSON: texts stand in quotes")),
    }
}

fn scalar(literal: &Literal) -> Result<String, Wrong> {
    match literal::text(literal)? {
        Some(text) => Ok(quote(&text)),
        None => number(literal),
    }
}

fn number(literal: &Literal) -> Result<String, Wrong> {
    let digits = literal.to_string();
    if is_json_number(&digits) {
        return Ok(digits);
    }
    Err(Wrong::new(literal.span(), format!("{digits} is not a number of JSON")))
}

fn is_json_number(text: &str) -> bool {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], text[at + 1..].trim_start_matches(['+', '-'])),
        None => (text, "0"),
    };
    let (whole, part) = match mantissa.find('.') {
        Some(at) => (&mantissa[..at], &mantissa[at + 1..]),
        None => (mantissa, "0"),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(part) && digits(exponent) && (whole == "0" || !whole.starts_with('0'))
}

pub fn quote(text: &str) -> String {
    let mut json = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            c if c < ' ' => json.push_str(&format!("\\u{:04x}", c as u32)),
            c => json.push(c),
        }
    }
    json.push('"');
    json
}
