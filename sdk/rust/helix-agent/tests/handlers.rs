//! What comes of a call, and what the attributes write into the plugin.
#![allow(dead_code)]

use helix::prelude::*;
use helix::testing::FakeHost;
use helix::{Code, ConfigSchema, FromValue};

helix::plugin! {
    name = "test \"quoted\"",
    version = "1.2.3",
    description = r#"A raw "text"."#,
    capabilities = { "http": ["api.example.com"], "kv": true, },
    limits = { "memoryPages": 20, "timeoutMs": 1000 },
    subscribe = [],
    emit = ["a.*", "tab\t, \u{e9} and \
             the next line"],
    samples = [{ "event": { "type": "a.b", "data": [-1.5e-3, null, true, {}] } }],
}

/// How it is done.
#[derive(helix::Config, Debug, PartialEq)]
struct Settings {
    /// Where,
    /// over two lines
    pub url: String,
    #[config(default = ["x", "y"])]
    names: Vec<String>,
    #[config(default = -2, min = -5, max = 5)]
    level: i32,
    #[config(name = "maxItems", min = 1)]
    max_items: Option<u32>,
    #[config(one_of = ["fast", "safe"], default = "safe")]
    mode: String,
    on: bool,
    rate: Option<f64>,
}

#[helix::source(type = "test.watch", description = "Watches.", wake = "90s", request = true, config = Settings)]
fn watch(ctx: &Context) -> Result<Reply> {
    match ctx.wake()? {
        Wake::Request(request) if request.method != "POST" => Ok(Reply::status(405).detail("only POST")),
        Wake::Request(_) => Err(Error::retry("busy")),
        _ => Err(Error::failed("no")),
    }
}

#[helix::transformer(
    type = "test.pass-on",
    description = "Passes on.",
    config = { "type": "object", "properties": { "n": { "type": "integer", "default": 3 } } },
)]
pub(crate) fn pass_on(ctx: &Context) -> Result<()> {
    ctx.emit(Draft::new("test.passed"))?;
    let input = ctx.input()?;
    std::str::from_utf8(&input)?.parse::<u8>()?;
    Ok(())
}

#[helix::action(type = "test.act", description = "Acts.")]
fn r#do(ctx: &Context) -> Result<Value> {
    ctx.event().map(|event| event.data)
}

mod inner {
    use helix::prelude::*;

    #[helix::action(type = "test.nothing", description = "Has no output.")]
    pub fn nothing(_: &Context) -> Result<()> {
        Ok(())
    }

    pub fn line() -> &'static str {
        HELIX_HANDLER_nothing
    }
}

#[helix::init]
fn check(ctx: &Context) -> Result<()> {
    ctx.config::<Value>().map(|_| ())
}

#[test]
fn the_manifest_is_json_with_all_that_was_said() {
    let manifest = Value::parse(HELIX_MANIFEST).unwrap();
    assert_eq!(manifest.get("abi").as_i64(), Some(1));
    assert_eq!(manifest.get("name").as_str(), Some("test \"quoted\""));
    assert_eq!(manifest.get("version").as_str(), Some("1.2.3"));
    assert_eq!(manifest.get("description").as_str(), Some("A raw \"text\"."));
    assert_eq!(manifest.at("capabilities/http/0").as_str(), Some("api.example.com"));
    assert_eq!(manifest.at("emit/1").as_str(), Some("tab\t, é and the next line"));
    assert_eq!(manifest.at("samples/0/event/data/0").as_f64(), Some(-0.0015));
    assert!(manifest.get("subscribe").is_array());
}

#[test]
fn each_handler_is_one_line() {
    let lines = [HELIX_HANDLER_watch, HELIX_HANDLER_pass_on, HELIX_HANDLER_do, inner::line()];
    let handlers: Vec<Value> = lines.concat().lines().map(|line| Value::parse(line).unwrap()).collect();

    let shown: Vec<String> = handlers
        .iter()
        .map(|handler| ["kind", "type", "export"].map(|name| handler.get(name).as_str().unwrap().to_string()).join(" "))
        .collect();
    assert_eq!(
        shown,
        [
            "source test.watch handle.test.watch",
            "transformer test.pass-on handle.test.pass-on",
            "action test.act handle.test.act",
            "action test.nothing handle.test.nothing"
        ]
    );
    assert_eq!(handlers[0].at("wake/every").as_str(), Some("90s"));
    assert_eq!(handlers[0].get("request").as_bool(), Some(true));
    assert_eq!(handlers[1].at("config/properties/n/default").as_i64(), Some(3));
    assert!(handlers[1].get("wake").is_null());
    assert!(lines.iter().all(|line| line.ends_with("}\n")));
}

#[test]
fn a_struct_becomes_a_schema() {
    let in_manifest = Value::parse(HELIX_HANDLER_watch).unwrap().get("config").to_string();
    assert_eq!(in_manifest, Settings::SCHEMA);
    let schema = Value::parse(Settings::SCHEMA).unwrap();
    assert_eq!(schema.get("required").to_string(), r#"["url","on"]"#);
    let property = |name: &str| schema.get("properties").get(name).to_string();
    assert_eq!(property("url"), r#"{"type":"string","description":"Where, over two lines"}"#);
    assert_eq!(property("names"), r#"{"type":"array","items":{"type":"string"},"default":["x","y"]}"#);
    assert_eq!(property("level"), r#"{"type":"integer","default":-2,"minimum":-5,"maximum":5}"#);
    assert_eq!(property("maxItems"), r#"{"type":"integer","minimum":1}"#);
    assert_eq!(property("mode"), r#"{"type":"string","default":"safe","enum":["fast","safe"]}"#);
    assert_eq!(property("rate"), r#"{"type":"number"}"#);
}

#[test]
fn a_struct_reads_itself() {
    let host = FakeHost::new();
    host.set_config(r#"{"url": "u", "on": false, "maxItems": 7}"#);
    assert_eq!(
        host.context().config::<Settings>().unwrap(),
        Settings {
            url: "u".to_string(),
            names: vec!["x".to_string(), "y".to_string()],
            level: -2,
            max_items: Some(7),
            mode: "safe".to_string(),
            on: false,
            rate: None,
        }
    );

    let error = Settings::from_value(&Value::object().with("url", 1)).unwrap_err();
    assert_eq!(error.reason(), "'url': must be a text, is 1");
}

#[test]
fn a_handler_that_succeeds_writes_its_output() {
    let host = FakeHost::new();
    host.set_event(r#"{"type": "t", "data": {"a": [1, "\u00e9"]}}"#);
    assert_eq!(host.run(r#do), 0);
    assert_eq!(host.output().as_deref(), Some(r#"{"a":[1,"é"]}"#));
    assert_eq!(host.run(inner::nothing), 0);
    assert_eq!(host.output(), None);
}

#[test]
fn a_handler_that_fails_says_why_and_emits_nothing() {
    let host = FakeHost::new();
    host.set_event("300");
    assert_eq!(host.run(pass_on), 1);
    assert_eq!(host.output().as_deref(), Some("number too large to fit in target type"));
    assert_eq!(host.events().len(), 0);

    host.set_event("30");
    assert_eq!(host.run(pass_on), 0);
    assert_eq!(host.run(pass_on), 0);
    assert_eq!(host.events().len(), 2);
}

#[test]
fn a_source_answers_a_request() {
    let host = FakeHost::new();
    host.wake_request(&Value::object().with("method", "GET"));
    assert_eq!(host.run(watch), 0);
    assert_eq!(host.output().as_deref(), Some(r#"{"status":405,"detail":"only POST"}"#));

    host.wake_request(&Value::object().with("method", "POST"));
    assert_eq!(host.run(watch), 2);
    assert_eq!(host.output().as_deref(), Some("busy"));
}

#[test]
fn an_output_that_the_host_refuses_is_a_failure() {
    let host = FakeHost::new();
    host.set_event(r#"{"type": "t"}"#).refuse("helix_output_write", Code::Limit, "too long");
    assert_eq!(host.run(r#do), 1);
}

#[test]
fn what_the_host_cannot_do_now_is_tried_again() {
    let host = FakeHost::new();
    host.refuse("helix_input_read", Code::Unavailable, "later");
    assert_eq!(host.run(r#do), 2);
    assert_eq!(host.output().as_deref(), Some("later"));
}

#[test]
fn no_more_events_than_a_call_may_emit() {
    let host = FakeHost::new();
    let ctx = host.context();
    for _ in 0..100 {
        ctx.emit(Draft::new("a")).unwrap();
    }
    assert_eq!(ctx.emit(Draft::new("a")).unwrap_err().code(), Some(Code::Limit));
}
