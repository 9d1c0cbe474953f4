use helix::prelude::*;
use helix::testing::{Answer, FakeHost};
use helix_json::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Deserialize, Serialize, PartialEq)]
struct Point {
    x: i64,
    #[serde(default)]
    label: Option<String>,
}

fn point(x: i64) -> Point {
    Point { x, label: None }
}

#[helix::action(type = "test.double", description = "Doubles.")]
fn double(ctx: &Context) -> Result<Json<Point>> {
    Ok(Json(point(ctx.event_as::<Point>()?.data.x * 2)))
}

#[test]
fn an_action_has_a_typed_input_and_output() {
    let host = FakeHost::new();
    host.set_event(r#"{"id": "1", "type": "t", "data": {"x": 21}}"#);
    assert_eq!(host.run(double), 0);
    assert_eq!(host.output().as_deref(), Some(r#"{"x":42,"label":null}"#));

    host.set_event(r#"{"type": "t", "data": {"x": "many"}}"#);
    assert_eq!(host.run(double), 1);
    assert!(host.output().unwrap().starts_with("the input: invalid type: string \"many\", expected i64"));
}

#[test]
fn a_configuration_that_is_not_utf8_is_an_error() {
    let host = FakeHost::new();
    host.set_config(vec![0xff]);
    assert!(host.context().config_as::<Point>().is_err());
    host.set_config(r#"{"x": 1}"#);
    assert_eq!(host.context().config_as::<Point>().unwrap(), point(1));
}

#[test]
fn values_are_kept_as_json() {
    let host = FakeHost::new();
    let ctx = host.context();
    assert_eq!(ctx.kv_get_as::<Point>("p").unwrap(), None);
    ctx.kv_set_as("p", &point(3)).unwrap();
    assert_eq!(ctx.kv_get_as::<Point>("p").unwrap(), Some(point(3)));
    host.set_value("p", "");
    assert!(ctx.kv_get_as::<Point>("p").is_err());
}

#[test]
fn what_cannot_be_json_is_an_error_and_no_panic() {
    let keys: BTreeMap<Vec<u8>, u8> = vec![(vec![1], 1)].into_iter().collect();
    let error = Draft::new("t").data_of(&keys).unwrap_err();
    assert_eq!(error.reason(), "the data of the event: key must be a string");
}

#[test]
fn requests_and_responses_are_typed() {
    let host = FakeHost::new();
    host.answer("POST", "u", Answer::ok(r#"{"x": 5}"#));
    let ctx = host.context();

    let response = ctx.http(Request::post("u").json_of(&point(4)).unwrap()).unwrap();

    assert_eq!(response.json_as::<Point>().unwrap(), point(5));
    assert_eq!(host.requests()[0].get("body").as_str(), Some(r#"{"x":4,"label":null}"#));
    assert_eq!(host.requests()[0].at("headers/Content-Type").as_str(), Some("application/json"));
}
