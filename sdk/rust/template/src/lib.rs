use helix::prelude::*;

// Name, version and description are those of Cargo.toml.
helix::plugin! {
    subscribe = ["sensor.reading"],
    emit = ["sensor.alert"],
}

/// The configuration of one agent.
#[derive(helix::Config)]
struct Settings {
    /// A reading above this is told of
    limit: f64,
    /// Type of the events
    #[config(default = "sensor.alert")]
    emit: String,
}

#[helix::transformer(type = "my-agent.check", description = "Tells of readings above a limit.", config = Settings)]
fn check(ctx: &Context) -> Result<()> {
    let settings: Settings = ctx.config()?;
    let event = ctx.event()?;
    let reading = event.data.get("value").as_f64().ok_or_else(|| Error::failed("the event has no number 'value'"))?;
    if reading <= settings.limit {
        return Ok(());
    }
    let data = Value::object().with("value", reading).with("limit", settings.limit);
    ctx.emit(Draft::new(settings.emit).data(data))
}

#[cfg(test)]
mod tests {
    use super::*;
    use helix::testing::FakeHost;

    fn host(value: &str) -> FakeHost {
        let host = FakeHost::new();
        host.set_config(r#"{"limit": 40}"#);
        host.set_event(format!(r#"{{"type": "sensor.reading", "data": {{"value": {value}}}}}"#));
        host
    }

    #[test]
    fn a_reading_above_the_limit_is_told_of() {
        let host = host("42.5");
        check(&host.context()).unwrap();
        assert_eq!(host.events()[0].to_string(), r#"{"type":"sensor.alert","data":{"value":42.5,"limit":40}}"#);
    }

    #[test]
    fn a_reading_at_the_limit_is_not() {
        let host = host("40");
        assert_eq!(host.run(check), 0);
        assert_eq!(host.events().len(), 0);
    }

    #[test]
    fn an_event_without_a_number_fails_for_good() {
        let host = host("\"hot\"");
        assert_eq!(host.run(check), 1);
        assert_eq!(host.output().as_deref(), Some("the event has no number 'value'"));
    }
}
