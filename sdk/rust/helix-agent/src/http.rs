use crate::base64;
use crate::error::{Error, Result};
use crate::json::Value;
use std::time::Duration;

/// An HTTP request. Needs the host in the capability `http`, and policies that permit it. Redirects are not followed.
#[derive(Clone, Debug)]
pub struct Request {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    timeout: Option<Duration>,
    credential: Option<Credential>,
}

impl Request {
    /// A request with any method.
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Request {
        Request {
            method: method.into(),
            url: url.into(),
            headers: Vec::new(),
            body: None,
            timeout: None,
            credential: None,
        }
    }

    /// A GET request.
    pub fn get(url: impl Into<String>) -> Request {
        Request::new("GET", url)
    }

    /// A POST request.
    pub fn post(url: impl Into<String>) -> Request {
        Request::new("POST", url)
    }

    /// Sets a header; a later one of the same name takes its place.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Request {
        let name = name.into();
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(&name));
        self.headers.push((name, value.into()));
        self
    }

    /// The body, text or bytes.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Request {
        self.body = Some(body.into());
        self
    }

    /// The body as JSON, with its content type.
    #[must_use]
    pub fn json_body(self, body: impl Into<Value>) -> Request {
        self.header("Content-Type", "application/json").body(body.into().to_string())
    }

    /// How long to wait at most. The host has a bound of its own.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Request {
        self.timeout = Some(timeout);
        self
    }

    /// Helix adds a header with this secret; the plugin never sees it.
    #[must_use]
    pub fn credential(mut self, credential: impl Into<Credential>) -> Request {
        self.credential = Some(credential.into());
        self
    }

    pub(crate) fn json(&self) -> String {
        let mut json = Value::object().with("method", self.method.as_str()).with("url", self.url.as_str());
        if !self.headers.is_empty() {
            let headers = self.headers.iter();
            json = json
                .with("headers", headers.fold(Value::object(), |all, (name, value)| all.with(name, value.as_str())));
        }
        if let Some(body) = &self.body {
            json = match std::str::from_utf8(body) {
                Ok(text) => json.with("body", text),
                Err(_) => json.with("body64", base64::encode(body)),
            };
        }
        if let Some(timeout) = self.timeout {
            json = json.with("timeoutMs", i64::try_from(timeout.as_millis()).unwrap_or(i64::MAX));
        }
        if let Some(credential) = &self.credential {
            json = json.with("credential", credential.json());
        }
        json.to_string()
    }
}

/// Which secret a request carries, and how: `Authorization: Bearer ...` when nothing else is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    name: String,
    header: Option<String>,
    prefix: Option<String>,
}

impl Credential {
    /// The credential of that name.
    pub fn named(name: impl Into<String>) -> Credential {
        Credential { name: name.into(), header: None, prefix: None }
    }

    /// The header instead of `Authorization`.
    #[must_use]
    pub fn header(mut self, header: impl Into<String>) -> Credential {
        self.header = Some(header.into());
        self
    }

    /// What stands before the secret, instead of `Bearer `.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Credential {
        self.prefix = Some(prefix.into());
        self
    }

    fn json(&self) -> Value {
        let mut json = Value::object().with("name", self.name.as_str());
        if let Some(header) = &self.header {
            json = json.with("header", header.as_str());
        }
        if let Some(prefix) = &self.prefix {
            json = json.with("prefix", prefix.as_str());
        }
        json
    }
}

impl From<&str> for Credential {
    fn from(name: &str) -> Credential {
        Credential::named(name)
    }
}

impl From<String> for Credential {
    fn from(name: String) -> Credential {
        Credential::named(name)
    }
}

/// The answer to an HTTP request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response {
    /// The status, e.g. 200.
    pub status: u16,
    /// The bytes of the body.
    pub body: Vec<u8>,
    headers: Vec<(String, String)>,
}

impl Response {
    pub(crate) fn parse(json: &str) -> Result<Response> {
        let answer = Value::parse(json).map_err(|error| error.context("the HTTP response"))?;
        let status = answer.get("status").as_i64().and_then(|status| u16::try_from(status).ok());
        Ok(Response {
            status: status.ok_or_else(|| Error::failed("the HTTP response has no status"))?,
            headers: fields(answer.get("headers")),
            body: body(&answer)?,
        })
    }

    /// The first value of a header, upper and lower case being the same.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The response when its status is 2xx. 408, 429 and 5xx may succeed later; others are permanent.
    pub fn success(self) -> Result<Response> {
        match self.status {
            200..=299 => Ok(self),
            408 | 429 | 500..=599 => Err(Error::retry(format!("HTTP status {}", self.status))),
            _ => Err(Error::failed(format!("HTTP status {}", self.status))),
        }
    }

    /// The body as text.
    pub fn text(&self) -> Result<&str> {
        std::str::from_utf8(&self.body).map_err(|_| Error::failed("the body is not UTF-8"))
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        Value::parse(self.text()?).map_err(|error| error.context("the body"))
    }
}

pub(crate) fn body(json: &Value) -> Result<Vec<u8>> {
    match (json.get("body"), json.get("body64").as_str()) {
        (_, Some(base64)) => base64::decode(base64).map_err(|error| error.context("body64")),
        (Value::Text(text), None) => Ok(text.clone().into_bytes()),
        _ => Ok(Vec::new()),
    }
}

/// Members whose values are a text or a list of texts, e.g. headers.
pub(crate) fn fields(json: &Value) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for (name, value) in json.members() {
        let values = if value.is_array() { value.items() } else { std::slice::from_ref(value) };
        fields.extend(values.iter().filter_map(Value::as_str).map(|text| (name.clone(), text.to_string())));
    }
    fields
}
