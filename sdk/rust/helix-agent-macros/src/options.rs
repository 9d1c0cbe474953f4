use crate::json::{self, Tokens};
use crate::{literal, Wrong};
use proc_macro::{Delimiter, Ident, Span, TokenStream, TokenTree};

/// `name = value, ...`
pub struct Options {
    all: Vec<OptionValue>,
    at: Span,
}

pub struct OptionValue {
    pub name: String,
    pub at: Span,
    pub value: TokenStream,
}

impl Options {
    pub fn parse(stream: TokenStream, known: &[&str]) -> Result<Options, Wrong> {
        let mut options = Options { all: Vec::new(), at: Span::call_site() };
        let mut tokens = stream.into_iter().peekable();
        while let Some(token) = tokens.next() {
            let ident = match token {
                TokenTree::Ident(ident) => ident,
                other => return Err(Wrong::new(other.span(), format!("must be one of {}", known.join(", ")))),
            };
            options.add(&ident, known, &mut tokens)?;
        }
        Ok(options)
    }

    fn add(&mut self, ident: &Ident, known: &[&str], tokens: &mut Tokens) -> Result<(), Wrong> {
        let name = ident.to_string().trim_start_matches("r#").to_string();
        if !known.contains(&name.as_str()) {
            return Err(Wrong::new(ident.span(), format!("unknown option {name}; known are {}", known.join(", "))));
        }
        if self.find(&name).is_some() {
            return Err(Wrong::new(ident.span(), format!("{name} is there twice")));
        }
        json::require(tokens, '=', ident.span())?;
        let value = until_comma(tokens);
        self.all.push(OptionValue { name, at: ident.span(), value });
        Ok(())
    }

    pub fn find(&self, name: &str) -> Option<&OptionValue> {
        self.all.iter().find(|option| option.name == name)
    }

    pub fn text(&self, name: &str) -> Result<Option<String>, Wrong> {
        self.find(name).map(OptionValue::text).transpose()
    }

    pub fn required_text(&self, name: &str) -> Result<String, Wrong> {
        let text = self.text(name)?.filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| Wrong::new(self.at, format!("{name} = \"...\" is missing")))
    }

    pub fn json(&self, name: &str) -> Result<Option<String>, Wrong> {
        self.find(name).map(OptionValue::json).transpose()
    }
}

impl OptionValue {
    pub fn text(&self) -> Result<String, Wrong> {
        let mut tokens = self.value.clone().into_iter();
        let text = match (tokens.next(), tokens.next()) {
            (Some(TokenTree::Literal(literal)), None) => literal::text(&literal)?,
            _ => None,
        };
        text.ok_or_else(|| Wrong::new(self.at, format!("{} must be a text in quotes", self.name)))
    }

    pub fn json(&self) -> Result<String, Wrong> {
        json::only(self.value.clone(), self.at)
    }

    pub fn is_object(&self) -> bool {
        match self.value.clone().into_iter().next() {
            Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
            _ => false,
        }
    }

    pub fn wrong(&self, what: impl Into<String>) -> Wrong {
        Wrong::new(self.at, what)
    }
}

/// Angle brackets are no groups: a comma inside of them belongs to a type.
pub fn until_comma(tokens: &mut Tokens) -> TokenStream {
    let mut taken = Vec::new();
    let mut angles = 0;
    for token in tokens.by_ref() {
        if let TokenTree::Punct(punct) = &token {
            match punct.as_char() {
                '<' => angles += 1,
                '>' => angles -= 1,
                ',' if angles == 0 => break,
                _ => {}
            }
        }
        taken.push(token);
    }
    taken.into_iter().collect()
}
