use crate::error::{Code, Error, Result};
use crate::event::{Draft, Event, Wake};
use crate::host::Host;
use crate::http::{Request, Response};
use crate::json::{FromValue, Value};
use crate::kv::Kv;
use std::fmt;

/// Most results fit, so that most calls cross into the host once.
const BUFFER: usize = 1024;
const MAX_RANDOM: usize = 65_536;

/// How much a line of the log matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Every detail.
    Trace,
    /// For who looks for a fault.
    Debug,
    /// A fact for the diary.
    Info,
    /// Something was worked around.
    Warn,
    /// Someone must act.
    Error,
}

/// What one call of a handler may ask of Helix.
pub struct Context<'a> {
    host: &'a dyn Host,
}

impl<'a> Context<'a> {
    /// A context over a host; for tests see [`FakeHost::context`](crate::testing::FakeHost::context).
    pub fn new(host: &'a dyn Host) -> Context<'a> {
        Context { host }
    }

    /// The input as it came.
    pub fn input(&self) -> Result<Vec<u8>> {
        self.fetch(|host, out| host.input_read(out))
    }

    /// The event that the handler is called with.
    pub fn event(&self) -> Result<Event> {
        Event::parse(&utf8(self.input()?, "the input")?)
    }

    /// Why a source is woken.
    pub fn wake(&self) -> Result<Wake> {
        Wake::of(self.event()?)
    }

    /// The whole configuration: a [`Value`], or a type with `#[derive(helix::Config)]`.
    pub fn config<T: FromValue>(&self) -> Result<T> {
        let all = self.config_json("")?.unwrap_or_else(|| "{}".to_string());
        read(&all, "the configuration")
    }

    /// One top-level member of the configuration; `Option` when it may be absent.
    pub fn config_value<T: FromValue>(&self, key: &str) -> Result<T> {
        let value = self.config_json(key)?.unwrap_or_else(|| "null".to_string());
        read(&value, &format!("configuration '{key}'"))
    }

    /// One top-level member of the configuration as JSON text, or all of it with the empty key.
    pub fn config_json(&self, key: &str) -> Result<Option<String>> {
        let value = absent(self.fetch(|host, out| host.get_config_value(key.as_bytes(), out)))?;
        value.map(|bytes| utf8(bytes, &format!("configuration '{key}'"))).transpose()
    }

    /// Emits an event. It is published only when the handler returns `Ok`.
    pub fn emit(&self, draft: Draft) -> Result<()> {
        self.done(self.host.emit_event(draft.json().as_bytes()))
    }

    /// Writes the output; the last one counts. The SDK does it for what a handler returns.
    pub fn write_output(&self, text: &str) -> Result<()> {
        self.done(self.host.output_write(text.as_bytes()))
    }

    /// Writes a line to the log. A line that the host does not take, e.g. because there were too many, is lost.
    pub fn log(&self, level: Level, text: impl fmt::Display) {
        self.host.log_message(level as i32, text.to_string().as_bytes());
    }

    /// Logs at [`Level::Debug`].
    pub fn debug(&self, text: impl fmt::Display) {
        self.log(Level::Debug, text);
    }

    /// Logs at [`Level::Info`].
    pub fn info(&self, text: impl fmt::Display) {
        self.log(Level::Info, text);
    }

    /// Logs at [`Level::Warn`].
    pub fn warn(&self, text: impl fmt::Display) {
        self.log(Level::Warn, text);
    }

    /// Logs at [`Level::Error`].
    pub fn error(&self, text: impl fmt::Display) {
        self.log(Level::Error, text);
    }

    /// The values that last from one call to the next.
    pub fn kv(&self) -> Kv<'_> {
        Kv::new(self)
    }

    /// Does an HTTP request. Any status is an answer: see [`Response::success`].
    pub fn http(&self, request: Request) -> Result<Response> {
        let answer = self.fetch(|host, out| host.http_request(request.json().as_bytes(), out))?;
        Response::parse(&utf8(answer, "the HTTP response")?)
    }

    /// The bytes of a secret, for what [`Request::credential`] cannot do. `purpose` is recorded.
    pub fn credential(&self, name: &str, purpose: &str) -> Result<Secret> {
        let mut wanted = Value::object().with("name", name);
        if !purpose.is_empty() {
            wanted = wanted.with("purpose", purpose);
        }
        Ok(Secret(self.call("credential", wanted.to_string().as_bytes())?))
    }

    /// Calls a service that has no function of its own.
    pub fn call(&self, service: &str, input: &[u8]) -> Result<Vec<u8>> {
        self.fetch(|host, out| host.call(service.as_bytes(), input, out))
    }

    /// Milliseconds since 1970.
    pub fn now_millis(&self) -> Result<i64> {
        let mut out = [0; 8];
        self.done(self.host.now(&mut out))?;
        Ok(i64::from_le_bytes(out))
    }

    /// Fills `out` with random bytes that are good enough for keys.
    pub fn random(&self, out: &mut [u8]) -> Result<()> {
        out.chunks_mut(MAX_RANDOM).try_for_each(|chunk| self.done(self.host.random(chunk)))
    }

    pub(crate) fn host(&self) -> &dyn Host {
        self.host
    }

    /// The result of a function with `(out, cap)`, however long it is. The function is called once.
    pub(crate) fn fetch(&self, call: impl FnOnce(&dyn Host, &mut [u8]) -> i32) -> Result<Vec<u8>> {
        let mut buffer = vec![0; BUFFER];
        let length = self.count(call(self.host, &mut buffer))?;
        if length > buffer.len() {
            return self.pending(length);
        }
        buffer.truncate(length);
        Ok(buffer)
    }

    fn pending(&self, length: usize) -> Result<Vec<u8>> {
        let mut buffer = vec![0; length];
        let read = self.count(self.host.result_read(&mut buffer))?;
        if read != length {
            return Err(Error::host(Code::Internal, format!("a result of {length} bytes was read as one of {read}")));
        }
        Ok(buffer)
    }

    /// For functions that return a number.
    pub(crate) fn count(&self, result: i32) -> Result<usize> {
        usize::try_from(result).map_err(|_| Error::host(Code::of(result), self.reason()))
    }

    pub(crate) fn done(&self, result: i32) -> Result<()> {
        self.count(result).map(|_| ())
    }

    fn reason(&self) -> String {
        let mut buffer = vec![0; BUFFER];
        let mut length = self.host.result_read(&mut buffer).max(0) as usize;
        if length > buffer.len() {
            buffer = vec![0; length];
            length = self.host.result_read(&mut buffer).max(0) as usize;
        }
        buffer.truncate(length);
        String::from_utf8_lossy(&buffer).into_owned()
    }
}

/// A secret. It does not show itself in logs.
pub struct Secret(Vec<u8>);

impl Secret {
    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text, when it is UTF-8.
    pub fn text(&self) -> Result<&str> {
        std::str::from_utf8(&self.0).map_err(|_| Error::failed("the credential is not UTF-8"))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

pub(crate) fn absent<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.code() == Some(Code::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) fn utf8(bytes: Vec<u8>, what: &str) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| Error::host(Code::Invalid, format!("{what} is not UTF-8")))
}

fn read<T: FromValue>(json: &str, what: &str) -> Result<T> {
    Value::parse(json).and_then(|value| T::from_value(&value)).map_err(|error| error.context(what))
}
