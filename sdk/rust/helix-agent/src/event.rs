use crate::error::{Code, Error, Result};
use crate::glue::Output;
use crate::http::{body, fields};
use crate::json::{quote, Value};

/// The event that a handler is called with: CloudEvents.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// Identifies it together with the source.
    pub id: String,
    /// Where it comes from.
    pub source: String,
    /// What happened, e.g. `order.created`.
    pub event_type: String,
    /// When it happened, RFC 3339.
    pub time: String,
    /// What it is about.
    pub subject: Option<String>,
    /// What is told of it; null when nothing.
    pub data: Value,
    all: Value,
}

impl Event {
    pub(crate) fn parse(json: &str) -> Result<Event> {
        let all = Value::parse(json).map_err(|error| error.context("the input"))?;
        if !all.is_object() {
            return Err(Error::host(Code::Invalid, "the input is not an event"));
        }
        let text = |name| all.get(name).as_str().unwrap_or_default().to_string();
        Ok(Event {
            id: text("id"),
            source: text("source"),
            event_type: text("type"),
            time: text("time"),
            subject: all.get("subject").as_str().map(String::from),
            data: all.get("data").clone(),
            all,
        })
    }

    /// Any member of the event by its name, extensions too.
    pub fn attribute(&self, name: &str) -> &Value {
        self.all.get(name)
    }
}

/// Why a source is woken.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Wake {
    /// It was started.
    Start,
    /// Its time has come.
    Schedule,
    /// Somebody sent a request to `/hooks/PROFILE/AGENT`.
    Request(Incoming),
}

impl Wake {
    pub(crate) fn of(event: Event) -> Result<Wake> {
        let reason = event.data.get("reason").as_str();
        match (event.event_type.as_str(), reason) {
            ("helix.wake", Some("start")) => Ok(Wake::Start),
            // A reason of a later version is a wake all the same.
            ("helix.wake", _) => Ok(Wake::Schedule),
            ("helix.request", _) => Incoming::of(&event.data).map(Wake::Request),
            (other, _) => Err(Error::host(Code::Invalid, format!("'{other}' is not what wakes a source"))),
        }
    }
}

/// A request to a source.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Incoming {
    /// E.g. `POST`.
    pub method: String,
    /// The bytes of the body.
    pub body: Vec<u8>,
    /// Who sent it.
    pub remote_address: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
}

impl Incoming {
    fn of(data: &Value) -> Result<Incoming> {
        Ok(Incoming {
            method: data.get("method").as_str().unwrap_or_default().to_string(),
            body: body(data)?,
            remote_address: data.get("remoteAddress").as_str().unwrap_or_default().to_string(),
            query: fields(data.get("query")),
            headers: fields(data.get("headers")),
        })
    }

    /// The first value of a header, upper and lower case being the same.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The first value of a parameter of the query.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All values of a parameter of the query.
    pub fn query_all(&self, name: &str) -> Vec<&str> {
        self.query.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
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

/// What a source answers to a request; 202 when it returns `()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    status: Option<u16>,
    detail: Option<String>,
}

impl Reply {
    /// Answers with a status.
    pub fn status(status: u16) -> Reply {
        Reply { status: Some(status), detail: None }
    }

    /// What the other side is told.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Reply {
        self.detail = Some(detail.into());
        self
    }
}

impl Output for Reply {
    fn text(&self) -> Result<Option<String>> {
        let mut json = Value::object();
        if let Some(status) = self.status {
            json = json.with("status", i64::from(status));
        }
        if let Some(detail) = &self.detail {
            json = json.with("detail", detail.as_str());
        }
        Ok(Some(json.to_string()))
    }
}

/// An event to emit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    event_type: String,
    data: String,
    texts: Vec<(&'static str, String)>,
}

impl Draft {
    /// An event of a type, with data null.
    pub fn new(event_type: impl Into<String>) -> Draft {
        Draft { event_type: event_type.into(), data: "null".to_string(), texts: Vec::new() }
    }

    /// What is told of the event.
    #[must_use]
    pub fn data(self, data: impl Into<Value>) -> Draft {
        self.data_json(data.into().to_string())
    }

    /// The data as JSON text; the host refuses what is not JSON.
    #[must_use]
    pub fn data_json(mut self, json: impl Into<String>) -> Draft {
        self.data = json.into();
        self
    }

    /// What the event is about.
    #[must_use]
    pub fn subject(self, subject: impl Into<String>) -> Draft {
        self.text("subject", subject)
    }

    /// Events with the same key stay in order.
    #[must_use]
    pub fn key(self, key: impl Into<String>) -> Draft {
        self.text("key", key)
    }

    /// The id that the event has at its origin: when it is emitted again, it is stored once.
    #[must_use]
    pub fn id(self, id: impl Into<String>) -> Draft {
        self.text("id", id)
    }

    /// When it happened, RFC 3339.
    #[must_use]
    pub fn time(self, time: impl Into<String>) -> Draft {
        self.text("time", time)
    }

    fn text(mut self, name: &'static str, value: impl Into<String>) -> Draft {
        self.texts.retain(|(known, _)| *known != name);
        self.texts.push((name, value.into()));
        self
    }

    pub(crate) fn json(&self) -> String {
        let mut json = format!("{{\"type\":{}", quote(&self.event_type));
        for (name, value) in &self.texts {
            json.push_str(&format!(",\"{name}\":{}", quote(value)));
        }
        json.push_str(",\"data\":");
        json.push_str(&self.data);
        json.push('}');
        json
    }
}
