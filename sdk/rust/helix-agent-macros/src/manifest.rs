use crate::json::quote;
use crate::options::{OptionValue, Options};
use crate::Wrong;
use proc_macro::{Ident, Span, TokenStream, TokenTree};
use std::env;

pub fn plugin(input: TokenStream) -> Result<TokenStream, Wrong> {
    let known = ["name", "version", "description", "capabilities", "limits", "subscribe", "emit", "samples"];
    let options = Options::parse(input, &known)?;
    let name = options.text("name")?.unwrap_or_else(|| package("NAME"));
    let version = options.text("version")?.unwrap_or_else(|| package("VERSION"));
    check_version(&version)?;
    let mut json = format!("{{\"abi\":1,\"name\":{},\"version\":{}", quote(&name), quote(&version));
    let description = options.text("description")?.unwrap_or_else(|| package("DESCRIPTION"));
    if !description.is_empty() {
        json.push_str(&format!(",\"description\":{}", quote(&description)));
    }
    for name in ["capabilities", "limits", "subscribe", "emit", "samples"] {
        if let Some(value) = options.json(name)? {
            json.push_str(&format!(",{}:{value}", quote(name)));
        }
    }
    json.push('}');
    parse(&format!("::helix::__section!(HELIX_MANIFEST, \"helix.manifest\", {json:?});"))
}

fn package(what: &str) -> String {
    env::var(format!("CARGO_PKG_{what}")).unwrap_or_default()
}

fn check_version(version: &str) -> Result<(), Wrong> {
    let parts: Vec<&str> = version.split('.').collect();
    let number = |part: &&str| (1..=6).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if parts.len() == 3 && parts.iter().all(number) {
        return Ok(());
    }
    Err(Wrong::new(Span::call_site(), format!("version must be major.minor.patch, is {version:?}")))
}

pub fn handler(kind: &str, options: TokenStream, item: TokenStream) -> Result<TokenStream, Wrong> {
    let known: &[&str] = match kind {
        "source" => &["type", "description", "config", "wake", "request"],
        _ => &["type", "description", "config"],
    };
    let options = Options::parse(options, known)?;
    let function = function(item)?;
    let agent_type = options.required_text("type")?;
    check_type(&agent_type)?;
    let export = format!("handle.{agent_type}");
    let mut json = format!("{{\"type\":{},\"kind\":\"{kind}\",\"export\":{}", quote(&agent_type), quote(&export));
    json.push_str(&format!(",\"description\":{}", quote(&options.required_text("description")?)));
    if let Some(wake) = options.find("wake") {
        json.push_str(&format!(",\"wake\":{{\"every\":{}}}", quote(&interval(wake)?)));
    }
    if let Some(request) = options.find("request") {
        json.push_str(&format!(",\"request\":{}", truth(request)?));
    }
    let parts = with_config(json, options.find("config"))?;
    let name = plain(&function);
    let section = parse(&format!("::helix::__section!(HELIX_HANDLER_{name}, \"helix.handlers\", {parts});"))?;
    let handler = parse(&format!("::helix::__handler!({kind}, {name}, {export:?});"))?;
    Ok(section.into_iter().chain(spanned(handler, &function)).collect())
}

/// The arguments of `__section!`: a schema that is a type is known only after this macro has run.
fn with_config(mut json: String, config: Option<&OptionValue>) -> Result<String, Wrong> {
    let config = match config {
        Some(config) => config,
        None => return Ok(format!("{:?}", json + "}\n")),
    };
    json.push_str(",\"config\":");
    if !config.is_object() {
        return Ok(format!("{json:?}, <{} as ::helix::ConfigSchema>::SCHEMA, \"}}\\n\"", config.value));
    }
    let schema = config.json()?;
    if !schema.contains("\"type\":\"object\"") {
        return Err(config.wrong("config must be a JSON Schema with \"type\": \"object\", or a type"));
    }
    Ok(format!("{:?}", json + &schema + "}\n"))
}

fn check_type(agent_type: &str) -> Result<(), Wrong> {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if agent_type.starts_with(|c: char| c.is_ascii_lowercase()) && agent_type.split('.').all(part) {
        return Ok(());
    }
    let what = format!("type {agent_type:?} must be small letters, digits and '-', in parts divided by dots");
    Err(Wrong::new(Span::call_site(), what))
}

fn interval(wake: &OptionValue) -> Result<String, Wrong> {
    let text = wake.text()?;
    let seconds = text.find(|c: char| !c.is_ascii_digit()).and_then(|at| {
        let unit = match &text[at..] {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86_400,
            _ => return None,
        };
        text[..at].parse::<u64>().ok()?.checked_mul(unit)
    });
    match seconds {
        Some(5..=604_800) => Ok(text),
        _ => Err(wake.wrong(format!("wake must be 5s to 7d, is {text:?}"))),
    }
}

fn truth(option: &OptionValue) -> Result<String, Wrong> {
    option
        .json()
        .ok()
        .filter(|json| json == "true" || json == "false")
        .ok_or_else(|| option.wrong(format!("{} must be true or false", option.name)))
}

pub fn init(options: TokenStream, item: TokenStream) -> Result<TokenStream, Wrong> {
    Options::parse(options, &[])?;
    let function = function(item)?;
    Ok(spanned(parse(&format!("::helix::__init!({});", plain(&function)))?, &function).collect())
}

/// The name of the function that the attribute stands on.
fn function(item: TokenStream) -> Result<Ident, Wrong> {
    let mut tokens = item.into_iter();
    for token in tokens.by_ref() {
        if let TokenTree::Ident(word) = &token {
            match word.to_string().as_str() {
                "async" => return Err(Wrong::new(word.span(), "a handler cannot be async")),
                "fn" => break,
                _ => {}
            }
        }
    }
    match tokens.next() {
        Some(TokenTree::Ident(name)) => Ok(name),
        _ => Err(Wrong::new(Span::call_site(), "must stand on a function")),
    }
}

fn plain(ident: &Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_string()
}

/// The tokens, with the name of the function where the author wrote it: an error about its shape then points there.
fn spanned(tokens: TokenStream, function: &Ident) -> impl Iterator<Item = TokenTree> + '_ {
    tokens.into_iter().map(move |token| replace(token, function))
}

fn replace(token: TokenTree, function: &Ident) -> TokenTree {
    match token {
        TokenTree::Ident(ident) if ident.to_string() == plain(function) => TokenTree::Ident(function.clone()),
        TokenTree::Group(group) => {
            let inner = group.stream().into_iter().map(|token| replace(token, function)).collect();
            TokenTree::Group(proc_macro::Group::new(group.delimiter(), inner))
        }
        other => other,
    }
}

fn parse(rust: &str) -> Result<TokenStream, Wrong> {
    rust.parse().map_err(|error| Wrong::new(Span::call_site(), format!("{error}")))
}
