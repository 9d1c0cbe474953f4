use super::{pick, watch};
use helix::testing::{Answer, FakeHost};
use helix::{Code, Value};

const URL: &str = "https://example.com/feed.json";

fn host(config: &str) -> FakeHost {
    let host = FakeHost::new();
    host.set_config(format!(r#"{{"url": "{URL}"{config}}}"#)).wake_schedule();
    host
}

fn feed(ids: &[&str]) -> Answer {
    let items: Vec<Value> = ids.iter().map(|id| Value::object().with("id", *id).with("title", *id)).collect();
    Answer::ok(Value::object().with("items", items).to_string())
}

/// Looks once, and gives the ids of the events it made.
fn look(host: &FakeHost, answer: Answer) -> Vec<String> {
    let before = host.events().len();
    host.forget_answers().answer("GET", URL, answer);
    assert_eq!(host.run(watch), 0, "{:?}", host.output());
    host.events()[before..].iter().map(|event| event.get("id").as_str().unwrap().to_string()).collect()
}

#[test]
fn the_first_look_makes_no_events_and_the_next_one_what_is_new() {
    let host = host("");
    assert_eq!(look(&host, feed(&["b", "a"])), Vec::<String>::new());
    assert_eq!(look(&host, feed(&["b", "a"])), Vec::<String>::new());
    assert_eq!(look(&host, feed(&["d", "c", "b", "a"])), ["c", "d"]);
    assert_eq!(look(&host, feed(&["d", "c", "b"])), Vec::<String>::new());
}

#[test]
fn what_was_gone_for_a_while_is_no_news() {
    let host = host("");
    look(&host, feed(&["b", "a"]));
    look(&host, feed(&["b"]));
    assert_eq!(look(&host, feed(&["b", "a"])), Vec::<String>::new());
}

#[test]
fn existing_items_are_news_when_asked_for() {
    let host = host(r#", "existing": true"#);
    assert_eq!(look(&host, feed(&["b", "a"])), ["a", "b"]);
}

#[test]
fn an_empty_feed_is_a_first_look_too() {
    let host = host("");
    look(&host, feed(&[]));
    assert_eq!(look(&host, feed(&["a"])), ["a"]);
}

#[test]
fn what_is_over_the_limit_comes_next_time_even_if_the_server_has_nothing_new() {
    let host = host(r#", "existing": true, "limit": 2"#);
    let answer = || feed(&["e", "d", "c", "b", "a"]).header("ETag", "\"1\"");
    assert_eq!(look(&host, answer()), ["a", "b"]);
    assert_eq!(look(&host, answer()), ["c", "d"]);
    assert!(host.requests()[1].at("headers/If-None-Match").is_null());
    assert_eq!(look(&host, answer()), ["e"]);
    look(&host, Answer::status(304));
    assert_eq!(host.requests()[3].at("headers/If-None-Match").as_str(), Some("\"1\""));
}

#[test]
fn an_item_that_is_listed_twice_is_one() {
    let host = host(r#", "existing": true"#);
    assert_eq!(look(&host, feed(&["a", "a"])), ["a"]);
}

#[test]
fn another_version_is_news() {
    let host = host(r#", "items": "incidents", "version": "updated_at", "link": "shortlink", "time": "started_at""#);
    let incidents = |updated: &str| {
        Answer::ok(format!(
            r#"{{"incidents": [{{"id": 7, "title": "Down", "shortlink": "https://example.com/7",
                "started_at": "2026-01-02T03:04:05Z", "updated_at": "{updated}"}}]}}"#
        ))
    };
    look(&host, incidents("1"));
    assert_eq!(look(&host, incidents("2")), ["7@2"]);
    let event = &host.events()[0];
    assert_eq!(event.get("time").as_str(), Some("2026-01-02T03:04:05Z"));
    assert_eq!(event.at("data/id").as_str(), Some("7"));
    assert_eq!(event.at("data/link").as_str(), Some("https://example.com/7"));
    assert_eq!(event.at("data/item/updated_at").as_str(), Some("2"));
}

#[test]
fn a_list_without_a_name_and_a_time_in_another_form() {
    let host = host(r#", "items": "", "id": "node/id", "existing": true"#);
    let answer = Answer::ok(r#"[{"node": {"id": "x"}, "date_published": "yesterday"}]"#);
    assert_eq!(look(&host, answer), ["x"]);
    assert!(host.events()[0].get("time").is_null());
}

#[test]
fn another_feed_begins_anew() {
    let host = host("");
    look(&host, feed(&["a"]));
    host.set_config(format!(r#"{{"url": "{URL}", "id": "title"}}"#));
    assert_eq!(look(&host, feed(&["b", "a"])), Vec::<String>::new());
}

#[test]
fn a_thousand_items_later_it_still_knows_what_is_pinned() {
    let host = host("");
    look(&host, feed(&["pinned"]));
    for round in 0..30 {
        let ids: Vec<String> = (0..50).map(|i| format!("{round}-{i}")).collect();
        let mut all: Vec<&str> = ids.iter().map(String::as_str).collect();
        all.push("pinned");
        assert_eq!(look(&host, feed(&all)).len(), 50);
    }
    assert!(host.value("seen").unwrap().len() < 64 * 1024);
}

#[test]
fn a_failure_is_forgotten_and_says_whether_to_try_again() {
    let host = host(r#", "existing": true"#);
    for (answer, code, reason) in [
        (Answer::status(503), 2, "https://example.com/feed.json: HTTP status 503"),
        (Answer::status(404), 1, "https://example.com/feed.json: HTTP status 404"),
        (Answer::ok("<html>"), 1, "https://example.com/feed.json: the body: not JSON at byte 0: no value"),
        (Answer::ok("{}"), 1, "https://example.com/feed.json: there is no list at 'items'"),
        (Answer::ok(r#"{"items": [{}]}"#), 1, "https://example.com/feed.json: an item has no 'id'"),
    ] {
        host.forget_answers().answer("GET", URL, answer);
        assert_eq!(host.run(watch), code);
        assert_eq!(host.output().as_deref(), Some(reason));
    }
    assert_eq!(host.value("seen"), None);
    assert_eq!(look(&host, feed(&["a"])), ["a"]);
}

#[test]
fn what_could_not_be_remembered_is_not_emitted() {
    let host = host(r#", "existing": true"#);
    host.answer("GET", URL, feed(&["a"])).refuse("helix_kv_set", Code::Unavailable, "no storage");
    assert_eq!(host.run(watch), 2);
    assert_eq!(host.events().len(), 0);
    host.permit("helix_kv_set");
    assert_eq!(look(&host, feed(&["a"])), ["a"]);
}

#[test]
fn a_credential_is_named_and_never_read() {
    let host = host(r#", "credential": "feed-token""#);
    look(&host, feed(&[]));
    assert_eq!(host.requests()[0].at("credential/name").as_str(), Some("feed-token"));
    assert!(!host.calls().contains(&"helix_call"));
}

#[test]
fn a_title_passes_when_it_has_one_of_the_words() {
    let host = FakeHost::new();
    host.set_config(r#"{"words": ["ÖL", "fix"]}"#);
    for (title, passes) in [("Critical Fix!", true), ("prefix", false), ("mehr öl", true), ("", false)] {
        let before = host.events().len();
        let data = Value::object().with("title", title);
        host.set_event(Value::object().with("type", "feed.item").with("data", data).to_string());
        assert_eq!(host.run(pick), 0);
        assert_eq!(host.events().len() - before, usize::from(passes), "{title}");
    }
    assert_eq!(host.events()[0].at("data/word").as_str(), Some("fix"));
}
