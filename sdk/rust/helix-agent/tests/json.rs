use helix::Value;

#[test]
fn what_is_read_is_written_again() {
    for json in [
        "null",
        "[]",
        "{}",
        "-0",
        "0.10",
        "1e400",
        "12345678901234567890123456789",
        r#""""#,
        r#"{"a":{"b":[true,false,null,"\\\"\n"]},"":1}"#,
    ] {
        assert_eq!(Value::parse(json).unwrap().to_string(), json);
    }
    assert_eq!(Value::parse(" [ 1 , { \"a\" : 2 } ] \r\n\t").unwrap().to_string(), r#"[1,{"a":2}]"#);
}

#[test]
fn what_is_not_json_is_an_error() {
    for json in [
        "",
        " ",
        "nul",
        "nulll",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":1,}",
        "{a:1}",
        "{1:1}",
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "+1",
        "\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\u+123\"",
        "\"\\u12",
        "\"\t\"",
        "[",
        "]",
        "{",
        "1 1",
        "NaN",
        "'a'",
        "\u{feff}1",
        "\"\\ué\"",
    ] {
        assert!(Value::parse(json).is_err(), "{json}");
    }
}

#[test]
fn escapes_stand_for_characters() {
    assert_eq!(
        Value::parse(r#""\u0041\u00e9\ud83d\ude00\/\b\f\n\r\t\"\\""#).unwrap().as_str(),
        Some("Aé😀/\u{8}\u{c}\n\r\t\"\\")
    );
}

#[test]
fn half_a_pair_stands_for_no_character() {
    for (json, text) in [
        (r#""\ud83d""#, "\u{fffd}"),
        (r#""\ud83dx""#, "\u{fffd}x"),
        (r#""\ude00""#, "\u{fffd}"),
        (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
        (r#""\ud83d\u0041""#, "\u{fffd}A"),
    ] {
        assert_eq!(Value::parse(json).unwrap().as_str(), Some(text));
    }
}

#[test]
fn depth_has_a_bound() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Value::parse(&nested(128)).is_ok());
    assert!(Value::parse(&nested(129)).is_err());
    assert!(Value::parse(&"[".repeat(1_000_000)).is_err());
}

#[test]
fn members_and_paths_are_found() {
    let value = Value::parse(r#"{"a": [{"b": 1}], "c": 1, "c": 2, "d": {"0": 3}}"#).unwrap();
    assert_eq!(value.at("a/0/b").as_i64(), Some(1));
    assert_eq!(value.at("d/0").as_i64(), Some(3));
    assert!(value.at("a/1/b").is_null());
    assert!(value.at("a/x").is_null());
    assert!(value.get("a").get("b").is_null());
    assert_eq!(value.get("c").as_i64(), Some(2));
}

#[test]
fn numbers_keep_their_digits() {
    let value = Value::parse("9007199254740993").unwrap();
    assert_eq!(value.as_i64(), Some(9_007_199_254_740_993));
    assert_eq!(Value::parse("1.5").unwrap().as_i64(), None);
    assert_eq!(Value::from(u64::MAX).to_string(), "18446744073709551615");
    assert_eq!(Value::from(0.1).to_string(), "0.1");
    assert!(Value::from(f64::NAN).is_null());
}

#[test]
fn a_member_is_set_once() {
    let value = Value::object().with("a", 1).with("b", None::<bool>).with("a", vec!["x"]);
    assert_eq!(value.to_string(), r#"{"b":null,"a":["x"]}"#);
}
