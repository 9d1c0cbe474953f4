//! serde for [`helix`]: configurations, events, requests and outputs as types of your own.
//!
//! ```
//! use helix::prelude::*;
//! use helix_json::prelude::*;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Deserialize)]
//! struct Reading {
//!     celsius: f64,
//! }
//!
//! #[derive(Deserialize, helix::Config)]
//! struct Limit {
//!     /// Above this, somebody is told.
//!     above: f64,
//! }
//!
//! #[derive(Serialize)]
//! struct TooHot {
//!     by: f64,
//! }
//!
//! #[helix::transformer(type = "demo.too-hot", description = "Tells of heat.", config = Limit)]
//! fn too_hot(ctx: &Context) -> Result<()> {
//!     let limit: Limit = ctx.config_as()?;
//!     let reading = ctx.event_as::<Reading>()?.data;
//!     if reading.celsius > limit.above {
//!         ctx.emit(Draft::new("demo.heat").data_of(&TooHot { by: reading.celsius - limit.above })?)?;
//!     }
//!     Ok(())
//! }
//!
//! let host = helix::testing::FakeHost::new();
//! host.set_config(r#"{"above": 40.0}"#).set_event(r#"{"type": "reading", "data": {"celsius": 42.5}}"#);
//! assert_eq!(host.run(too_hot), 0);
//! assert_eq!(host.events()[0].at("data/by").as_f64(), Some(2.5));
//! ```
#![warn(missing_docs)]

use helix::{ActionOutput, Code, Context, Draft, Error, Incoming, Output, Request, Response, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The traits that add to the types of `helix`, and [`Json`].
pub mod prelude {
    pub use crate::{BodyJson, ContextJson, DraftJson, Json, RequestJson};
}

/// An event with typed data.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Event<T> {
    /// Identifies it together with the source.
    #[serde(default)]
    pub id: String,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// What happened.
    #[serde(rename = "type")]
    pub event_type: String,
    /// When it happened, RFC 3339.
    #[serde(default)]
    pub time: String,
    /// What it is about.
    pub subject: Option<String>,
    /// What is told of it.
    pub data: T,
}

/// Adds types to [`Context`].
pub trait ContextJson {
    /// The event, its data as `T`.
    fn event_as<T: DeserializeOwned>(&self) -> Result<Event<T>>;
    /// The configuration.
    fn config_as<T: DeserializeOwned>(&self) -> Result<T>;
    /// A value that was kept as JSON.
    fn kv_get_as<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>>;
    /// Keeps a value as JSON.
    fn kv_set_as<T: Serialize + ?Sized>(&self, key: &str, value: &T) -> Result<()>;
}

impl ContextJson for Context<'_> {
    fn event_as<T: DeserializeOwned>(&self) -> Result<Event<T>> {
        read(&self.input()?, "the input")
    }

    fn config_as<T: DeserializeOwned>(&self) -> Result<T> {
        read(self.config_json("")?.as_deref().unwrap_or("{}").as_bytes(), "the configuration")
    }

    fn kv_get_as<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        self.kv().get(key)?.map(|bytes| read(&bytes, &format!("the value of '{key}'"))).transpose()
    }

    fn kv_set_as<T: Serialize + ?Sized>(&self, key: &str, value: &T) -> Result<()> {
        self.kv().set(key, write(value, &format!("the value of '{key}'"))?)
    }
}

/// Adds types to [`Draft`].
pub trait DraftJson: Sized {
    /// The data of the event.
    fn data_of<T: Serialize + ?Sized>(self, data: &T) -> Result<Self>;
}

impl DraftJson for Draft {
    fn data_of<T: Serialize + ?Sized>(self, data: &T) -> Result<Draft> {
        Ok(self.data_json(write(data, "the data of the event")?))
    }
}

/// Adds types to [`Request`].
pub trait RequestJson: Sized {
    /// The body as JSON, with its content type.
    fn json_of<T: Serialize + ?Sized>(self, body: &T) -> Result<Self>;
}

impl RequestJson for Request {
    fn json_of<T: Serialize + ?Sized>(self, body: &T) -> Result<Request> {
        Ok(self.header("Content-Type", "application/json").body(write(body, "the body")?))
    }
}

/// Adds types to [`Response`] and [`Incoming`].
pub trait BodyJson {
    /// The body.
    fn json_as<T: DeserializeOwned>(&self) -> Result<T>;
}

impl BodyJson for Response {
    fn json_as<T: DeserializeOwned>(&self) -> Result<T> {
        read(&self.body, "the body")
    }
}

impl BodyJson for Incoming {
    fn json_as<T: DeserializeOwned>(&self) -> Result<T> {
        read(&self.body, "the body")
    }
}

/// The output of an action: `Result<Json<T>>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: Serialize> Output for Json<T> {
    fn text(&self) -> Result<Option<String>> {
        write(&self.0, "the output").map(Some)
    }
}

impl<T: Serialize> ActionOutput for Json<T> {}

fn read<T: DeserializeOwned>(json: &[u8], what: &str) -> Result<T> {
    serde_json::from_slice(json).map_err(|error| Error::host(Code::Invalid, format!("{what}: {error}")))
}

fn write<T: Serialize + ?Sized>(value: &T, what: &str) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::host(Code::Invalid, format!("{what}: {error}")))
}
