//! A host for tests: `cargo test` needs neither Helix nor WebAssembly.
//!
//! ```
//! use helix::prelude::*;
//! use helix::testing::{Answer, FakeHost};
//!
//! fn look(ctx: &Context) -> Result<()> {
//!     let url: String = ctx.config_value("url")?;
//!     let status = ctx.http(Request::get(url))?.success()?.json()?;
//!     ctx.emit(Draft::new("site.status").data(status))
//! }
//!
//! let host = FakeHost::new();
//! host.set_config(r#"{"url": "https://example.com/status"}"#).wake_schedule();
//! host.answer("GET", "https://example.com/status", Answer::ok(r#"{"up": true}"#));
//! assert_eq!(host.run(look), 0);
//! assert_eq!(host.events()[0].get("data").get("up").as_bool(), Some(true));
//! ```

use crate::context::{Context, Level};
use crate::error::{Code, Result};
use crate::glue::{self, Output};
use crate::host::Host;
use crate::json::Value;
use crate::{base64, json};
use std::cell::{RefCell, RefMut};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

const MAX_EVENTS: usize = 100;
const MAX_KEYS: usize = 1000;
const MAX_RANDOM: usize = 65_536;
const EVENT_MEMBERS: [&str; 6] = ["type", "data", "subject", "key", "id", "time"];

const MAX_ANSWER: usize = 1024 * 1024;

/// An answer to an HTTP request.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: Value,
    body: Vec<u8>,
}

impl Answer {
    /// Status 200 with a body.
    pub fn ok(body: impl Into<Vec<u8>>) -> Answer {
        Answer { status: 200, headers: Value::object(), body: body.into() }
    }

    /// Another status, with an empty body.
    pub fn status(status: u16) -> Answer {
        Answer { status, ..Answer::ok("") }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Answer {
        self.headers = self.headers.with(name, value);
        self
    }

    fn json(&self) -> String {
        let json = Value::object().with("status", i64::from(self.status)).with("headers", &self.headers);
        match std::str::from_utf8(&self.body) {
            Ok(text) => json.with("body", text).to_string(),
            Err(_) => json.with("body64", base64::encode(&self.body)).to_string(),
        }
    }
}

type Refusal = (Code, String);

#[derive(Default)]
struct State {
    input: Vec<u8>,
    config: Vec<u8>,
    values: BTreeMap<String, (Vec<u8>, i64)>,
    answers: BTreeMap<String, VecDeque<Answer>>,
    services: BTreeMap<String, Vec<u8>>,
    credentials: BTreeMap<String, Vec<u8>>,
    refusals: BTreeMap<String, Refusal>,
    now: i64,
    calls: Vec<&'static str>,
    requests: Vec<Value>,
    logs: Vec<(Level, String)>,
    events: Vec<Value>,
    events_before: usize,
    output: Option<String>,
    pending: Vec<u8>,
}

/// A host whose answers a test decides, and that remembers what it was asked.
pub struct FakeHost {
    state: RefCell<State>,
}

impl Default for FakeHost {
    fn default() -> FakeHost {
        FakeHost::new()
    }
}

impl FakeHost {
    /// A host with an empty configuration, no values, no answers; it is 2026-01-01T00:00:00Z.
    pub fn new() -> FakeHost {
        let state = State { config: b"{}".to_vec(), now: 1_767_225_600_000, ..State::default() };
        FakeHost { state: RefCell::new(state) }
    }

    /// A context to call a handler with; a new call begins.
    pub fn context(&self) -> Context<'_> {
        self.begin();
        Context::new(self)
    }

    fn begin(&self) {
        let mut state = self.state();
        state.events_before = state.events.len();
        state.output = None;
    }

    /// Calls a handler as Helix does: the result is 0 done, 1 failed, 2 may succeed later. What a call emits that does not
    /// return 0 is dropped.
    pub fn run<O: Output>(&self, handler: impl FnOnce(&Context<'_>) -> Result<O>) -> i32 {
        self.begin();
        let code = glue::run(self, handler);
        if code != 0 {
            let mut state = self.state();
            let published = state.events_before;
            state.events.truncate(published);
        }
        code
    }

    /// Sets the configuration, JSON. Defaults of a schema are not filled in.
    pub fn set_config(&self, json: impl Into<Vec<u8>>) -> &FakeHost {
        self.state().config = json.into();
        self
    }

    /// Sets the input; `type` and `data` suffice for most handlers.
    pub fn set_event(&self, json: impl Into<Vec<u8>>) -> &FakeHost {
        self.state().input = json.into();
        self
    }

    /// The source was started.
    pub fn wake_start(&self) -> &FakeHost {
        self.set_event(r#"{"type":"helix.wake","data":{"reason":"start"}}"#)
    }

    /// The time of the source has come.
    pub fn wake_schedule(&self) -> &FakeHost {
        self.set_event(r#"{"type":"helix.wake","data":{"reason":"schedule"}}"#)
    }

    /// Somebody sent a request to the source; `data` as the ABI describes it.
    pub fn wake_request(&self, data: &Value) -> &FakeHost {
        self.set_event(Value::object().with("type", "helix.request").with("data", data).to_string())
    }

    /// Answers requests with that method and URL: in the order given, the last one again and again.
    pub fn answer(&self, method: &str, url: &str, answer: Answer) -> &FakeHost {
        self.state().answers.entry(format!("{method} {url}")).or_default().push_back(answer);
        self
    }

    /// Forgets what was to be answered so far.
    pub fn forget_answers(&self) -> &FakeHost {
        self.state().answers.clear();
        self
    }

    /// A secret that can be read.
    pub fn set_credential(&self, name: &str, secret: impl Into<Vec<u8>>) -> &FakeHost {
        self.state().credentials.insert(name.to_string(), secret.into());
        self
    }

    /// What a service gives, whatever its input is.
    pub fn set_service(&self, service: &str, result: impl Into<Vec<u8>>) -> &FakeHost {
        self.state().services.insert(service.to_string(), result.into());
        self
    }

    /// Keeps a value.
    pub fn set_value(&self, key: &str, value: impl Into<Vec<u8>>) -> &FakeHost {
        self.state().values.insert(key.to_string(), (value.into(), i64::MAX));
        self
    }

    /// From now on a function of the ABI, e.g. `helix_kv_set`, fails.
    pub fn refuse(&self, function: &str, code: Code, reason: &str) -> &FakeHost {
        self.state().refusals.insert(function.to_string(), (code, reason.to_string()));
        self
    }

    /// From now on a function of the ABI works again.
    pub fn permit(&self, function: &str) -> &FakeHost {
        self.state().refusals.remove(function);
        self
    }

    /// Sets the time, in milliseconds since 1970.
    pub fn set_now(&self, millis: i64) -> &FakeHost {
        self.state().now = millis;
        self
    }

    /// Lets time pass.
    pub fn advance(&self, time: Duration) -> &FakeHost {
        self.state().now += time.as_millis() as i64;
        self
    }

    /// What was emitted, of all calls.
    pub fn events(&self) -> Vec<Value> {
        self.state().events.clone()
    }

    /// What was logged.
    pub fn logs(&self) -> Vec<(Level, String)> {
        self.state().logs.clone()
    }

    /// The requests that were sent, as the ABI has them.
    pub fn requests(&self) -> Vec<Value> {
        self.state().requests.clone()
    }

    /// The functions of the ABI that were called, in order.
    pub fn calls(&self) -> Vec<&'static str> {
        self.state().calls.clone()
    }

    /// What the last call wrote: the output, or the reason why it failed.
    pub fn output(&self) -> Option<String> {
        self.state().output.clone()
    }

    /// What is kept under a key.
    pub fn value(&self, key: &str) -> Option<Vec<u8>> {
        self.state().live(key)
    }

    fn state(&self) -> RefMut<'_, State> {
        self.state.borrow_mut()
    }

    /// Does a call unless it is refused, and keeps the result until the next one.
    fn call(&self, function: &'static str, out: &mut [u8], act: impl FnOnce(&mut State) -> Outcome) -> i32 {
        let mut state = self.state();
        state.calls.push(function);
        let outcome = match state.refusals.get(function) {
            Some(refusal) => Err(refusal.clone()),
            None => act(&mut state),
        };
        match outcome {
            Ok(result) => {
                state.pending = result;
                give(&state.pending, out)
            }
            Err((code, reason)) => {
                state.pending = reason.into_bytes();
                code.number()
            }
        }
    }

    /// A call whose result is a number.
    fn act(&self, function: &'static str, act: impl FnOnce(&mut State) -> Done) -> i32 {
        let mut number = 0;
        let code = self.call(function, &mut [], |state| {
            number = act(state)?;
            Ok(Vec::new())
        });
        if code < 0 {
            code
        } else {
            number
        }
    }
}

type Outcome = std::result::Result<Vec<u8>, Refusal>;
type Done = std::result::Result<i32, Refusal>;

fn refused<T>(code: Code, reason: impl Into<String>) -> std::result::Result<T, Refusal> {
    Err((code, reason.into()))
}

fn give(result: &[u8], out: &mut [u8]) -> i32 {
    if let Some(place) = out.get_mut(..result.len()) {
        place.copy_from_slice(result);
    }
    i32::try_from(result.len()).expect("a result of a test fits")
}

fn text(bytes: &[u8]) -> std::result::Result<String, Refusal> {
    String::from_utf8(bytes.to_vec()).map_err(|_| (Code::Invalid, "the text is not UTF-8".to_string()))
}

fn key(bytes: &[u8]) -> std::result::Result<String, Refusal> {
    let key = text(bytes)?;
    if key.is_empty() || key.chars().count() > 200 {
        return refused(Code::Invalid, "a key has 1 to 200 characters");
    }
    Ok(key)
}

fn parse(bytes: &[u8], what: &str) -> std::result::Result<Value, Refusal> {
    Value::parse(&text(bytes)?).map_err(|error| (Code::Invalid, format!("{what}: {error}")))
}

impl State {
    fn live(&self, key: &str) -> Option<Vec<u8>> {
        self.values.get(key).filter(|(_, expiry)| *expiry > self.now).map(|(value, _)| value.clone())
    }

    fn config(&self, key: &[u8]) -> Outcome {
        if key.is_empty() {
            return Ok(self.config.clone());
        }
        let (key, config) = (text(key)?, parse(&self.config, "the configuration")?);
        match config.members().iter().find(|(name, _)| *name == key) {
            Some((_, value)) => Ok(value.to_string().into_bytes()),
            None => refused(Code::NotFound, format!("the configuration has no '{key}'")),
        }
    }

    fn emit(&mut self, json: &[u8]) -> Done {
        if self.events.len() - self.events_before == MAX_EVENTS {
            return refused(Code::Limit, "at most 100 events in one call");
        }
        let event = parse(json, "the event")?;
        if event.get("type").as_str().map_or(true, str::is_empty) {
            return refused(Code::Invalid, "the event has no type");
        }
        for (name, value) in event.members() {
            if !EVENT_MEMBERS.contains(&name.as_str()) || (name != "data" && value.as_str().is_none()) {
                return refused(Code::Invalid, format!("the event: member '{name}' is unknown or no text"));
            }
        }
        self.events.push(event);
        Ok(0)
    }

    fn request(&mut self, json: &[u8]) -> Outcome {
        let request = parse(json, "the request")?;
        let method = request.get("method").as_str().unwrap_or("GET");
        let wanted = format!("{method} {}", request.get("url").as_str().unwrap_or_default());
        self.requests.push(request);
        let answer = match self.answers.get_mut(&wanted) {
            Some(answers) if answers.len() > 1 => answers.remove(0).expect("one of several"),
            Some(answers) if answers.len() == 1 => answers[0].clone(),
            _ => return refused(Code::Internal, format!("the test has no answer to {wanted}")),
        };
        if answer.body.len() > MAX_ANSWER {
            return refused(Code::Limit, format!("the answer is longer than {MAX_ANSWER} bytes"));
        }
        Ok(answer.json().into_bytes())
    }

    fn service(&self, service: &[u8], input: &[u8]) -> Outcome {
        let service = text(service)?;
        if let Some(result) = self.services.get(&service) {
            return Ok(result.clone());
        }
        if service != "credential" {
            return refused(Code::Unsupported, format!("no service '{service}'"));
        }
        let input = parse(input, "the input")?;
        let name = input.get("name").as_str().unwrap_or_default();
        match self.credentials.get(name) {
            Some(secret) => Ok(secret.clone()),
            None => refused(Code::NotFound, format!("no credential '{name}'")),
        }
    }
}

impl Host for FakeHost {
    fn input_read(&self, out: &mut [u8]) -> i32 {
        self.call("helix_input_read", out, |state| Ok(state.input.clone()))
    }

    fn result_read(&self, out: &mut [u8]) -> i32 {
        let mut state = self.state();
        state.calls.push("helix_result_read");
        give(&state.pending, out)
    }

    fn output_write(&self, output: &[u8]) -> i32 {
        self.act("helix_output_write", |state| {
            state.output = Some(text(output)?);
            Ok(0)
        })
    }

    fn emit_event(&self, json: &[u8]) -> i32 {
        self.act("helix_emit_event", |state| state.emit(json))
    }

    fn get_config_value(&self, key: &[u8], out: &mut [u8]) -> i32 {
        self.call("helix_get_config_value", out, |state| state.config(key))
    }

    fn log_message(&self, level: i32, line: &[u8]) -> i32 {
        let levels = [Level::Trace, Level::Debug, Level::Info, Level::Warn, Level::Error];
        self.act("helix_log_message", |state| {
            state.logs.push((levels[level as usize], text(line)?));
            Ok(0)
        })
    }

    fn kv_get(&self, name: &[u8], out: &mut [u8]) -> i32 {
        self.call("helix_kv_get", out, |state| match state.live(&key(name)?) {
            Some(value) => Ok(value),
            None => refused(Code::NotFound, "no value"),
        })
    }

    fn kv_set(&self, name: &[u8], value: &[u8], ttl_seconds: i32) -> i32 {
        self.act("helix_kv_set", |state| {
            let expiry = match ttl_seconds {
                0 => i64::MAX,
                1.. => state.now + i64::from(ttl_seconds) * 1000,
                _ => return refused(Code::Invalid, "a time to live is 0 or more seconds"),
            };
            state.values.insert(key(name)?, (value.to_vec(), expiry));
            Ok(0)
        })
    }

    fn kv_delete(&self, name: &[u8]) -> i32 {
        self.act("helix_kv_delete", |state| {
            let name = key(name)?;
            let existed = state.live(&name).is_some();
            state.values.remove(&name);
            Ok(i32::from(existed))
        })
    }

    fn kv_list(&self, prefix: &[u8], out: &mut [u8]) -> i32 {
        self.call("helix_kv_list", out, |state| {
            let prefix = text(prefix)?;
            let keys = state.values.keys().filter(|key| key.starts_with(&prefix) && state.live(key).is_some());
            let keys: Vec<String> = keys.take(MAX_KEYS).map(|key| json::quote(key)).collect();
            Ok(format!("[{}]", keys.join(",")).into_bytes())
        })
    }

    fn http_request(&self, request: &[u8], out: &mut [u8]) -> i32 {
        self.call("helix_http_request", out, |state| state.request(request))
    }

    fn now(&self, out: &mut [u8; 8]) -> i32 {
        self.act("helix_now", |state| {
            *out = state.now.to_le_bytes();
            Ok(0)
        })
    }

    /// 0, 1, 2, ...: a test wants the same bytes each time.
    fn random(&self, out: &mut [u8]) -> i32 {
        self.act("helix_random", |_| {
            if out.len() > MAX_RANDOM {
                return refused(Code::Limit, "at most 65,536 bytes at a time");
            }
            out.iter_mut().enumerate().for_each(|(i, byte)| *byte = i as u8);
            Ok(0)
        })
    }

    fn call(&self, service: &[u8], input: &[u8], out: &mut [u8]) -> i32 {
        self.call("helix_call", out, |state| state.service(service, input))
    }
}
