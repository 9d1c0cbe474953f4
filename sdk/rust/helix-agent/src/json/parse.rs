use super::Value;
use crate::error::{Code, Error, Result};

const MAX_DEPTH: usize = 128;

pub fn document(json: &str) -> Result<Value> {
    let mut parser = Parser { json, at: 0, depth: 0 };
    let value = parser.value()?;
    parser.space();
    if parser.at < json.len() {
        return Err(parser.wrong("more than one value"));
    }
    Ok(value)
}

struct Parser<'a> {
    json: &'a str,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn value(&mut self) -> Result<Value> {
        self.space();
        match self.peek() {
            Some(b'{') => self.nested(Parser::object),
            Some(b'[') => self.nested(Parser::array),
            Some(b'"') => self.string().map(Value::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(_) => Err(self.wrong("no value")),
            None => Err(self.wrong("unexpected end")),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value>) -> Result<Value> {
        if self.depth == MAX_DEPTH {
            return Err(self.wrong("nested too deeply"));
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Value> {
        let mut members = Vec::new();
        while self.another(b'}', members.is_empty())? {
            let name = self.string()?;
            self.space();
            self.require(b':')?;
            members.push((name, self.value()?));
        }
        Ok(Value::Object(members))
    }

    fn array(&mut self) -> Result<Value> {
        let mut items = Vec::new();
        while self.another(b']', items.is_empty())? {
            items.push(self.value()?);
        }
        Ok(Value::Array(items))
    }

    /// Whether another element follows; otherwise the end has been read.
    fn another(&mut self, end: u8, first: bool) -> Result<bool> {
        self.space();
        if self.peek() == Some(end) {
            self.at += 1;
            return Ok(false);
        }
        if !first {
            self.require(b',')?;
            self.space();
        }
        Ok(true)
    }

    fn string(&mut self) -> Result<String> {
        self.require(b'"')?;
        let mut text = String::new();
        loop {
            let rest = &self.json[self.at..];
            let plain = rest.find(|c| c == '"' || c == '\\' || c < ' ').unwrap_or(rest.len());
            text.push_str(&rest[..plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.wrong("a control character in a string")),
                None => return Err(self.wrong("unexpected end")),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        self.at += 1;
        let c = match self.peek() {
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err(self.wrong("an unknown escape")),
        };
        self.at += 1;
        Ok(c)
    }

    /// Half a surrogate pair stands for no character and becomes U+FFFD.
    fn unicode(&mut self) -> Result<char> {
        let first = self.four_digits()?;
        let after = self.at;
        if (0xd800..0xdc00).contains(&first) && self.json[self.at..].starts_with("\\u") {
            self.at += 2;
            let second = self.four_digits()?;
            if (0xdc00..0xe000).contains(&second) {
                let pair = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(pair).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = after;
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn four_digits(&mut self) -> Result<u32> {
        let digits = self.json.get(self.at..self.at + 4).filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()));
        let number = digits.and_then(|text| u32::from_str_radix(text, 16).ok());
        let number = number.ok_or_else(|| self.wrong("\\u needs four hexadecimal digits"))?;
        self.at += 4;
        Ok(number)
    }

    fn number(&mut self) -> Result<Value> {
        let start = self.at;
        self.skip(b'-');
        if !self.skip(b'0') {
            self.digits()?;
        }
        if self.skip(b'.') {
            self.digits()?;
        }
        if self.skip(b'e') || self.skip(b'E') {
            let _sign = self.skip(b'+') || self.skip(b'-');
            self.digits()?;
        }
        Ok(Value::Number(self.json[start..self.at].to_string()))
    }

    fn digits(&mut self) -> Result<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.wrong("a digit is missing"));
        }
        Ok(())
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value> {
        if !self.json[self.at..].starts_with(word) {
            return Err(self.wrong("no value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn require(&mut self, wanted: u8) -> Result<()> {
        if self.skip(wanted) {
            return Ok(());
        }
        Err(self.wrong(&format!("'{}' is missing", char::from(wanted))))
    }

    fn skip(&mut self, wanted: u8) -> bool {
        let there = self.peek() == Some(wanted);
        self.at += usize::from(there);
        there
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    fn wrong(&self, what: &str) -> Error {
        Error::host(Code::Invalid, format!("not JSON at byte {}: {what}", self.at))
    }
}
