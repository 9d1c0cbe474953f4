//! JSON without dependencies. For `serde` see the crate `helix-agent-json`.

mod parse;

use crate::error::{Code, Error, Result};
use std::fmt;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, and what is not there.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// As it is written, so that none loses digits.
    Number(String),
    /// A string.
    Text(String),
    /// An array.
    Array(Vec<Value>),
    /// An object, in order.
    Object(Vec<(String, Value)>),
}

static NULL: Value = Value::Null;

impl Value {
    /// Reads a document; up to 128 levels.
    pub fn parse(json: &str) -> Result<Value> {
        parse::document(json)
    }

    /// The empty object.
    pub fn object() -> Value {
        Value::Object(Vec::new())
    }

    /// Sets a member. What is not an object becomes one.
    #[must_use]
    pub fn with(self, name: impl Into<String>, value: impl Into<Value>) -> Value {
        let mut members = match self {
            Value::Object(members) => members,
            _ => Vec::new(),
        };
        let name = name.into();
        members.retain(|(known, _)| *known != name);
        members.push((name, value.into()));
        Value::Object(members)
    }

    /// A member of an object; null when there is none or this is no object.
    pub fn get(&self, name: &str) -> &Value {
        self.members().iter().rev().find(|(known, _)| known == name).map_or(&NULL, |(_, value)| value)
    }

    /// Follows names and indices, divided by `/`: `labels/0/name`.
    pub fn at(&self, path: &str) -> &Value {
        path.split('/').fold(self, |value, step| match value {
            Value::Array(items) => step.parse().ok().and_then(|index: usize| items.get(index)).unwrap_or(&NULL),
            _ => value.get(step),
        })
    }

    /// The elements of an array; none of anything else.
    pub fn items(&self) -> &[Value] {
        match self {
            Value::Array(items) => items,
            _ => &[],
        }
    }

    /// The members of an object; none of anything else.
    pub fn members(&self) -> &[(String, Value)] {
        match self {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// Whether this is null, or was not there.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Whether this is an object.
    pub fn is_object(&self) -> bool {
        matches!(self, Value::Object(_))
    }

    /// Whether this is an array.
    pub fn is_array(&self) -> bool {
        matches!(self, Value::Array(_))
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number when it is written as a whole one and fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    /// The number, rounded to what a double can hold.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Bool(_) => "a truth value",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(value) => f.write_str(if *value { "true" } else { "false" }),
            Value::Number(digits) => f.write_str(digits),
            Value::Text(text) => f.write_str(&quote(text)),
            Value::Array(items) => {
                f.write_str("[")?;
                for (i, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if i > 0 { "," } else { "" })?;
                }
                f.write_str("]")
            }
            Value::Object(members) => {
                f.write_str("{")?;
                for (i, (name, value)) in members.iter().enumerate() {
                    write!(f, "{}{}:{value}", if i > 0 { "," } else { "" }, quote(name))?;
                }
                f.write_str("}")
            }
        }
    }
}

/// A text as a JSON string.
pub fn quote(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            c if c < ' ' => json.push_str(&format!("\\u{:04x}", c as u32)),
            c => json.push(c),
        }
    }
    json.push('"');
    json
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_string())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Value {
        Value::Text(text.clone())
    }
}

impl From<&Value> for Value {
    fn from(value: &Value) -> Value {
        value.clone()
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<f64> for Value {
    /// JSON has no infinity and no NaN: they become null.
    fn from(number: f64) -> Value {
        if number.is_finite() {
            Value::Number(number.to_string())
        } else {
            Value::Null
        }
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Value {
        Value::Array(items.into_iter().map(Into::into).collect())
    }
}

/// What can be read from JSON, e.g. a configuration. Derived: `#[derive(helix::Config)]`.
pub trait FromValue: Sized {
    /// The error says what was expected.
    fn from_value(value: &Value) -> Result<Self>;
}

impl FromValue for Value {
    fn from_value(value: &Value) -> Result<Value> {
        Ok(value.clone())
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Result<String> {
        value.as_str().map(String::from).ok_or_else(|| expected("a text", value))
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Result<bool> {
        value.as_bool().ok_or_else(|| expected("true or false", value))
    }
}

impl FromValue for f64 {
    fn from_value(value: &Value) -> Result<f64> {
        value.as_f64().ok_or_else(|| expected("a number", value))
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Result<Option<T>> {
        if value.is_null() {
            return Ok(None);
        }
        T::from_value(value).map(Some)
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: &Value) -> Result<Vec<T>> {
        if !value.is_array() {
            return Err(expected("a list", value));
        }
        value.items().iter().map(T::from_value).collect()
    }
}

macro_rules! whole_numbers {
    ($($number:ty)*) => {$(
        impl From<$number> for Value {
            fn from(number: $number) -> Value {
                Value::Number(number.to_string())
            }
        }

        impl FromValue for $number {
            fn from_value(value: &Value) -> Result<$number> {
                match value {
                    Value::Number(digits) => digits.parse().map_err(|_| {
                        expected(concat!("a whole number (", stringify!($number), ")"), value)
                    }),
                    _ => Err(expected("a whole number", value)),
                }
            }
        }
    )*};
}

whole_numbers!(i32 i64 u16 u32 u64 usize);

fn expected(what: &str, found: &Value) -> Error {
    let found = match found {
        Value::Number(digits) => digits,
        other => other.kind(),
    };
    Error::host(Code::Invalid, format!("must be {what}, is {found}"))
}

#[doc(hidden)] // for what the derive makes
pub fn member<T: FromValue>(object: &Value, name: &str) -> Result<T> {
    T::from_value(object.get(name)).map_err(|error| error.context(format!("'{name}'")))
}

#[doc(hidden)] // for what the derive makes
pub fn member_or<T: FromValue>(object: &Value, name: &str, default: &str) -> Result<T> {
    if object.get(name).is_null() {
        return T::from_value(&Value::parse(default)?)
            .map_err(|error| error.context(format!("the default of '{name}'")));
    }
    member(object, name)
}
