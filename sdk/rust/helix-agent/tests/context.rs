//! What the context makes of the answers of the host.

use helix::prelude::*;
use helix::testing::{Answer, FakeHost};
use helix::{Code, Level};
use std::time::Duration;

const CODES: [(Code, i32); 7] = [
    (Code::NotFound, -1),
    (Code::Denied, -2),
    (Code::Invalid, -3),
    (Code::Limit, -4),
    (Code::Unavailable, -5),
    (Code::Internal, -6),
    (Code::Unsupported, -7),
];

#[test]
fn an_empty_result_is_empty() {
    let host = FakeHost::new();
    host.set_value("nothing", "").set_service("silence", "").set_event("");
    let ctx = host.context();

    assert_eq!(ctx.kv().get("nothing").unwrap(), Some(Vec::new()));
    assert_eq!(ctx.kv().get_text("nothing").unwrap().as_deref(), Some(""));
    assert_eq!(ctx.call("silence", b"").unwrap(), b"");
    assert_eq!(ctx.input().unwrap(), b"");
    assert_eq!(ctx.kv().list("none").unwrap(), Vec::<String>::new());
}

#[test]
fn a_result_over_the_buffer_is_fetched_without_a_second_call() {
    for length in [1023, 1024, 1025, 200_000] {
        let host = FakeHost::new();
        host.answer("GET", "https://example.com/", Answer::ok("x".repeat(length)));

        let response = host.context().http(Request::get("https://example.com/")).unwrap();

        assert_eq!(response.body.len(), length);
        assert_eq!(host.requests().len(), 1);
    }
}

#[test]
fn the_buffer_is_used_to_its_last_byte() {
    let host = FakeHost::new();
    host.set_value("k", vec![7; 1024]).set_value("l", vec![8; 1025]);

    assert_eq!(host.context().kv().get("k").unwrap(), Some(vec![7; 1024]));
    assert_eq!(host.calls(), ["helix_kv_get"]);
    assert_eq!(host.context().kv().get("l").unwrap(), Some(vec![8; 1025]));
    assert_eq!(host.calls(), ["helix_kv_get", "helix_kv_get", "helix_result_read"]);
}

#[test]
fn every_code_arrives_with_its_reason() {
    for (code, number) in CODES {
        let host = FakeHost::new();
        host.refuse("helix_http_request", code, "because");

        let error = host.context().http(Request::get("https://example.com/")).unwrap_err();

        assert_eq!(code.number(), number);
        assert_eq!(error.code(), Some(code));
        assert_eq!(error.reason(), "because");
        assert_eq!(error.is_retryable(), code == Code::Unavailable);
    }
}

#[test]
fn an_unknown_code_and_a_missing_reason_are_told() {
    let host = FakeHost::new();
    host.refuse("helix_kv_set", Code::Other(-99), "");

    let error = host.context().kv().set("k", "v").unwrap_err();

    assert_eq!(error.code(), Some(Code::Other(-99)));
    assert_eq!(error.reason(), "error -99");
}

#[test]
fn a_reason_over_the_buffer_is_whole() {
    let host = FakeHost::new();
    host.refuse("helix_kv_get", Code::Limit, &"long ".repeat(1000));

    let error = host.context().kv().get("k").unwrap_err();

    assert_eq!(error.reason().len(), 5000);
}

#[test]
fn what_is_not_found_is_none_and_what_is_denied_is_an_error() {
    let host = FakeHost::new();
    let ctx = host.context();

    assert_eq!(ctx.kv().get("k").unwrap(), None);
    assert_eq!(ctx.config_value::<Option<String>>("absent").unwrap(), None);
    assert!(!ctx.kv().delete("k").unwrap());

    host.refuse("helix_kv_get", Code::Denied, "no capability kv");
    assert_eq!(ctx.kv().get("k").unwrap_err().code(), Some(Code::Denied));
}

#[test]
fn a_configuration_that_is_not_utf8_or_not_json_is_an_error() {
    let host = FakeHost::new();
    host.set_config(vec![b'"', 0xff, b'"']);
    assert_eq!(host.context().config::<Value>().unwrap_err().code(), Some(Code::Invalid));

    host.set_config("{\"a\": }");
    let error = host.context().config::<Value>().unwrap_err();
    assert_eq!(error.reason(), "the configuration: not JSON at byte 6: no value");
}

#[test]
fn a_configuration_value_says_what_it_must_be() {
    let host = FakeHost::new();
    host.set_config(r#"{"text": "t", "number": 3, "big": 4294967296, "list": ["a", "b"], "half": 0.5, "on": true}"#);
    let ctx = host.context();

    assert_eq!(ctx.config_value::<String>("text").unwrap(), "t");
    assert_eq!(ctx.config_value::<u32>("number").unwrap(), 3);
    assert_eq!(ctx.config_value::<Vec<String>>("list").unwrap(), ["a", "b"]);
    assert_eq!(ctx.config_value::<f64>("half").unwrap(), 0.5);
    assert!(ctx.config_value::<bool>("on").unwrap());
    let wrong = |error: Error| error.reason().to_string();
    assert_eq!(
        wrong(ctx.config_value::<String>("number").unwrap_err()),
        "configuration 'number': must be a text, is 3"
    );
    assert_eq!(
        wrong(ctx.config_value::<u32>("big").unwrap_err()),
        "configuration 'big': must be a whole number (u32), is 4294967296"
    );
    assert_eq!(
        wrong(ctx.config_value::<String>("none").unwrap_err()),
        "configuration 'none': must be a text, is nothing"
    );
}

#[test]
fn values_last_as_long_as_they_are_to() {
    let host = FakeHost::new();
    let ctx = host.context();
    ctx.kv().set("for good", [0, 255]).unwrap();
    ctx.kv().set_for("short", "s", Duration::from_millis(1500)).unwrap();

    host.advance(Duration::from_millis(1999));
    assert_eq!(ctx.kv().list("").unwrap(), ["for good", "short"]);
    host.advance(Duration::from_millis(1));
    assert_eq!(ctx.kv().list("").unwrap(), ["for good"]);
    assert!(ctx.kv().delete("for good").unwrap());
    assert_eq!(ctx.kv().list("").unwrap(), Vec::<String>::new());
}

#[test]
fn no_time_at_all_does_not_become_for_ever() {
    let host = FakeHost::new();
    let ctx = host.context();

    assert_eq!(ctx.kv().set_for("k", "v", Duration::from_secs(0)).unwrap_err().code(), Some(Code::Invalid));
    ctx.kv().set_for("k", "v", Duration::from_secs(u64::MAX)).unwrap();
    assert!(host.value("k").is_some());
}

#[test]
fn a_request_is_sent_as_the_abi_has_it() {
    let host = FakeHost::new();
    host.answer("POST", "https://example.com/", Answer::status(201).header("ETag", "\"1\""));
    let request = Request::post("https://example.com/")
        .header("x-a", "1")
        .header("X-A", "2")
        .json_body(Value::object().with("q", "\"\n\u{1}ü"))
        .timeout(Duration::from_secs(2))
        .credential(Credential::named("feed").header("X-Api-Key").prefix(""));

    let response = host.context().http(request).unwrap();

    assert_eq!(
        host.requests()[0].to_string(),
        concat!(
            r#"{"method":"POST","url":"https://example.com/","headers":{"X-A":"2","Content-Type":"application/json"},"#,
            r#""body":"{\"q\":\"\\\"\\n\\u0001ü\"}","timeoutMs":2000,"#,
            r#""credential":{"name":"feed","header":"X-Api-Key","prefix":""}}"#
        )
    );
    assert_eq!(response.status, 201);
    assert_eq!(response.header("etag"), Some("\"1\""));
    assert_eq!(response.body, b"");
}

#[test]
fn an_answer_of_more_than_1_mib_is_over_a_limit() {
    let host = FakeHost::new();
    host.answer("GET", "https://example.com/a", Answer::ok("x".repeat(1024 * 1024)));
    host.answer("GET", "https://example.com/b", Answer::ok("x".repeat(1024 * 1024 + 1)));
    assert!(host.context().http(Request::get("https://example.com/a")).is_ok());
    let error = host.context().http(Request::get("https://example.com/b")).unwrap_err();
    assert!(error.to_string().contains("longer than 1048576 bytes"), "{error}");
}

#[test]
fn bytes_that_are_no_text_go_both_ways() {
    let host = FakeHost::new();
    host.answer("PUT", "https://example.com/", Answer::ok(vec![0xff, 0, 1]));

    let response = host.context().http(Request::new("PUT", "https://example.com/").body(vec![0xfe])).unwrap();

    assert_eq!(host.requests()[0].get("body64").as_str(), Some("/g=="));
    assert_eq!(response.body, [0xff, 0, 1]);
    assert!(response.text().is_err());
}

#[test]
fn a_status_says_whether_to_try_again() {
    for (status, retryable) in [(404, false), (301, false), (408, true), (429, true), (503, true)] {
        let host = FakeHost::new();
        host.answer("GET", "u", Answer::status(status));

        let error = host.context().http(Request::get("u")).unwrap().success().unwrap_err();

        assert_eq!(error.is_retryable(), retryable, "{status}");
    }
}

#[test]
fn a_secret_is_read_and_not_shown() {
    let host = FakeHost::new();
    host.set_credential("api", "hunter2");
    let ctx = host.context();

    let secret = ctx.credential("api", "to sign").unwrap();

    assert_eq!(secret.text().unwrap(), "hunter2");
    assert_eq!(format!("{secret:?}"), "Secret(***)");
    assert_eq!(ctx.credential("other", "").unwrap_err().code(), Some(Code::NotFound));
    assert_eq!(ctx.call("weather", b"{}").unwrap_err().code(), Some(Code::Unsupported));
}

#[test]
fn time_and_chance_come_from_the_host() {
    let host = FakeHost::new();
    host.set_now(-1);
    let ctx = host.context();
    assert_eq!(ctx.now_millis().unwrap(), -1);

    let mut bytes = vec![9; 70_000];
    ctx.random(&mut bytes).unwrap();
    assert_eq!((bytes[1], bytes[65_536], bytes[65_537]), (1, 0, 1));
    ctx.random(&mut []).unwrap();
}

#[test]
fn a_line_that_the_log_does_not_take_is_no_failure() {
    let host = FakeHost::new();
    let ctx = host.context();
    ctx.info("one");
    host.refuse("helix_log_message", Code::Limit, "at most 100 lines");
    ctx.warn(format_args!("two {}", 2));

    assert_eq!(host.logs(), [(Level::Info, "one".to_string())]);
}

#[test]
fn an_event_is_emitted_with_what_it_has() {
    let host = FakeHost::new();
    let ctx = host.context();
    ctx.emit(Draft::new("a.b")).unwrap();
    ctx.emit(Draft::new("a.b").subject("s").key("k").id("i").id("j").time("2026-01-01T00:00:00Z").data(vec![1, 2]))
        .unwrap();

    let events: Vec<String> = host.events().iter().map(Value::to_string).collect();
    assert_eq!(
        events,
        [
            r#"{"type":"a.b","data":null}"#,
            r#"{"type":"a.b","subject":"s","key":"k","id":"j","time":"2026-01-01T00:00:00Z","data":[1,2]}"#
        ]
    );
    assert_eq!(ctx.emit(Draft::new("")).unwrap_err().code(), Some(Code::Invalid));
    assert_eq!(ctx.emit(Draft::new("a").data_json("{")).unwrap_err().code(), Some(Code::Invalid));
}

#[test]
fn an_event_comes_with_its_attributes() {
    let host = FakeHost::new();
    host.set_event(
        r#"{"specversion":"1.0","id":"1","source":"/s","type":"t","time":"2026-01-01T00:00:00Z","data":[1],"tier":"gold"}"#,
    );

    let event = host.context().event().unwrap();

    assert_eq!((event.id.as_str(), event.source.as_str(), event.event_type.as_str()), ("1", "/s", "t"));
    assert_eq!(event.subject, None);
    assert_eq!(event.data.items().len(), 1);
    assert_eq!(event.attribute("tier").as_str(), Some("gold"));

    host.set_event("[]");
    assert_eq!(host.context().event().unwrap_err().code(), Some(Code::Invalid));
}

#[test]
fn a_source_learns_why_it_is_woken() {
    let host = FakeHost::new();
    assert_eq!(host.wake_start().context().wake().unwrap(), Wake::Start);
    assert_eq!(host.wake_schedule().context().wake().unwrap(), Wake::Schedule);
    host.set_event(r#"{"type": "order.created", "data": {}}"#);
    assert_eq!(host.context().wake().unwrap_err().reason(), "'order.created' is not what wakes a source");
}

#[test]
fn a_source_reads_a_request() {
    let host = FakeHost::new();
    let data = Value::parse(
        r#"{"method":"POST","query":{"a":["1","2"]},"headers":{"x-b":["3"]},"body64":"eyJ4IjoxfQ==","remoteAddress":"::1"}"#,
    )
    .unwrap();

    let request = match host.wake_request(&data).context().wake().unwrap() {
        Wake::Request(request) => request,
        other => panic!("{other:?}"),
    };

    assert_eq!(request.method, "POST");
    assert_eq!((request.query("a"), request.query_all("a"), request.query("z")), (Some("1"), vec!["1", "2"], None));
    assert_eq!(request.header("X-B"), Some("3"));
    assert_eq!(request.json().unwrap().get("x").as_i64(), Some(1));
    assert_eq!(request.remote_address, "::1");
}
