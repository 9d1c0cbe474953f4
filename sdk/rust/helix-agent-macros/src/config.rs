use crate::json::{quote, Tokens};
use crate::options::{until_comma, Options};
use crate::{literal, Wrong};
use proc_macro::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

pub fn derive(item: TokenStream) -> Result<TokenStream, Wrong> {
    let (name, fields) = structure(item)?;
    let fields = fields.into_iter().map(Field::describe).collect::<Result<Vec<_>, _>>()?;
    let code = format!(
        "impl ::helix::ConfigSchema for {name} {{ const SCHEMA: &'static str = {schema:?}; }}
         impl ::helix::FromValue for {name} {{
             fn from_value(value: &::helix::Value) -> ::helix::Result<Self> {{
                 ::core::result::Result::Ok({name} {{ {members} }})
             }}
         }}",
        schema = schema(&fields),
        members = fields.iter().map(Described::member).collect::<String>(),
    );
    code.parse().map_err(|error| Wrong::new(name.span(), format!("{error}")))
}

fn schema(fields: &[Described]) -> String {
    let properties: Vec<String> =
        fields.iter().map(|field| format!("{}:{}", quote(&field.name), field.schema)).collect();
    let required: Vec<String> = fields.iter().filter(|field| field.required).map(|field| quote(&field.name)).collect();
    format!(
        "{{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{{{}}},\"required\":[{}]}}",
        properties.join(","),
        required.join(",")
    )
}

struct Field {
    docs: String,
    options: TokenStream,
    ident: Ident,
    kind: TokenStream,
}

/// What is told of a field in the schema and in the code that reads it.
struct Described {
    ident: Ident,
    name: String,
    schema: String,
    default: Option<String>,
    required: bool,
}

impl Field {
    fn describe(self) -> Result<Described, Wrong> {
        let known = ["default", "min", "max", "pattern", "one_of", "name"];
        let options = Options::parse(self.options, &known)?;
        let kind: String = self.kind.to_string().chars().filter(|c| !c.is_whitespace()).collect();
        let (optional, shape) = match argument(&kind, "Option") {
            Some(inner) => (true, shape(inner)),
            None => (false, shape(&kind)),
        };
        let mut members = shape.ok_or_else(|| {
            let what = "must be String, bool, a number, or Vec or Option of them; give the schema as JSON otherwise";
            Wrong::new(self.ident.span(), what)
        })?;
        if !self.docs.is_empty() {
            members.push(("description", quote(&self.docs)));
        }
        let bounds = [
            ("default", "default"),
            ("min", "minimum"),
            ("max", "maximum"),
            ("pattern", "pattern"),
            ("one_of", "enum"),
        ];
        for (option, member) in bounds {
            if let Some(json) = options.json(option)? {
                members.retain(|(known, _)| *known != member);
                members.push((member, json));
            }
        }
        let members: Vec<String> = members.iter().map(|(name, json)| format!("{}:{json}", quote(name))).collect();
        let default = options.json("default")?;
        let ident = self.ident.to_string();
        Ok(Described {
            name: options.text("name")?.unwrap_or_else(|| ident.trim_start_matches("r#").to_string()),
            ident: self.ident,
            schema: format!("{{{}}}", members.join(",")),
            required: !optional && default.is_none(),
            default,
        })
    }
}

impl Described {
    fn member(&self) -> String {
        let Described { ident, name, .. } = self;
        match &self.default {
            Some(default) => format!("{ident}: ::helix::json::member_or(value, {name:?}, {default:?})?,"),
            None => format!("{ident}: ::helix::json::member(value, {name:?})?,"),
        }
    }
}

fn shape(kind: &str) -> Option<Vec<(&'static str, String)>> {
    let plain = |name: &str| vec![("type", quote(name))];
    Some(match kind {
        "String" | "::std::string::String" | "std::string::String" => plain("string"),
        "bool" => plain("boolean"),
        "f64" => plain("number"),
        "i32" | "i64" => plain("integer"),
        "u16" | "u32" | "u64" | "usize" => vec![("type", quote("integer")), ("minimum", "0".to_string())],
        _ => {
            let members = shape(argument(kind, "Vec")?)?;
            let items: Vec<String> = members.iter().map(|(name, json)| format!("{}:{json}", quote(name))).collect();
            vec![("type", quote("array")), ("items", format!("{{{}}}", items.join(",")))]
        }
    })
}

/// `T` of `Outer<T>`.
fn argument<'a>(kind: &'a str, outer: &str) -> Option<&'a str> {
    kind.strip_prefix(outer)?.strip_prefix('<')?.strip_suffix('>')
}

fn structure(item: TokenStream) -> Result<(Ident, Vec<Field>), Wrong> {
    let wrong = |at| Wrong::new(at, "must be a struct with named members and without parameters");
    let mut tokens = item.into_iter();
    let found = tokens.by_ref().any(|token| matches!(&token, TokenTree::Ident(word) if word.to_string() == "struct"));
    let name = match (found, tokens.next()) {
        (true, Some(TokenTree::Ident(name))) => name,
        _ => return Err(wrong(Span::call_site())),
    };
    match tokens.next() {
        Some(TokenTree::Group(body)) if body.delimiter() == Delimiter::Brace => Ok((name, fields(&body)?)),
        _ => Err(wrong(name.span())),
    }
}

fn fields(body: &Group) -> Result<Vec<Field>, Wrong> {
    let mut fields = Vec::new();
    let mut tokens = body.stream().into_iter().peekable();
    while tokens.peek().is_some() {
        fields.push(field(&mut tokens, body.span())?);
    }
    Ok(fields)
}

fn field(tokens: &mut Tokens, at: Span) -> Result<Field, Wrong> {
    let mut docs = Vec::new();
    let mut options = TokenStream::new();
    let mut name = None;
    for token in tokens.by_ref() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ':' => break,
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                attribute(&group, &mut docs, &mut options)?;
            }
            TokenTree::Ident(ident) => name = Some(ident), // the last one; `pub` may stand before
            _ => {}
        }
    }
    let ident = name.ok_or_else(|| Wrong::new(at, "a member has no name"))?;
    Ok(Field { docs: docs.join(" "), options, ident, kind: until_comma(tokens) })
}

fn attribute(group: &Group, docs: &mut Vec<String>, options: &mut TokenStream) -> Result<(), Wrong> {
    let mut tokens = group.stream().into_iter();
    let name = tokens.next().map(|token| token.to_string()).unwrap_or_default();
    match (name.as_str(), tokens.next(), tokens.next()) {
        ("doc", _, Some(TokenTree::Literal(text))) => {
            docs.extend(literal::text(&text)?.map(|line| line.trim().to_string()).filter(|line| !line.is_empty()));
        }
        ("config", Some(TokenTree::Group(inner)), _) => options.extend(inner.stream()),
        _ => {}
    }
    Ok(())
}
