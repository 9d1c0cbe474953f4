//! Agents for Helix in Rust: a plugin is one sandboxed `.wasm` file that speaks ABI helix/1.
//!
//! ```
//! use helix::prelude::*;
//!
//! helix::plugin! {
//!     description = "Greets.",
//!     emit = ["demo.greeted"],
//! }
//!
//! #[helix::transformer(type = "demo.hello", description = "Greets whoever an event names.")]
//! fn hello(ctx: &Context) -> Result<()> {
//!     let event = ctx.event()?;
//!     let name = event.data.get("name").as_str().unwrap_or("world");
//!     ctx.emit(Draft::new("demo.greeted").data(Value::object().with("text", format!("Hello, {name}!"))))
//! }
//!
//! let host = helix::testing::FakeHost::new();
//! host.set_event(r#"{"type": "demo.asked", "data": {"name": "Ada"}}"#);
//! hello(&host.context()).unwrap();
//! assert_eq!(host.events()[0].get("data").get("text").as_str(), Some("Hello, Ada!"));
//! ```
#![warn(missing_docs)]

mod base64;
mod context;
mod error;
mod event;
#[doc(hidden)]
#[allow(missing_docs)]
pub mod glue;
#[cfg(target_arch = "wasm32")]
mod guest;
mod host;
mod http;
pub mod json;
mod kv;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;

pub use context::{Context, Level, Secret};
pub use error::{Code, Error, Result};
pub use event::{Draft, Event, Incoming, Reply, Wake};
pub use glue::{ActionOutput, Output, SourceOutput};
pub use helix_agent_macros::{action, init, plugin, source, transformer, Config};
pub use host::Host;
pub use http::{Credential, Request, Response};
pub use json::{FromValue, Value};
pub use kv::Kv;

/// The JSON Schema of a configuration. Derived: `#[derive(helix::Config)]`.
pub trait ConfigSchema {
    /// A JSON object with `"type": "object"`.
    const SCHEMA: &'static str;
}

/// What nearly every agent needs.
pub mod prelude {
    pub use crate::{Context, Credential, Draft, Error, Event, Reply, Request, Response, Result, Value, Wake};
}

/// What the attributes refuse; each is close to what the tests accept.
///
/// ```compile_fail
/// helix::plugin! { version = "1.0" }
/// ```
/// ```compile_fail
/// helix::plugin! { limits = { "timeoutMs": soon } }
/// ```
/// ```compile_fail
/// helix::plugin! { emit = ["a" "b"] }
/// ```
/// ```compile_fail
/// #[helix::source(type = "a.b", description = "Wakes too often.", wake = "1s")]
/// fn f(_: &helix::Context) -> helix::Result<()> { Ok(()) }
/// ```
/// ```compile_fail
/// #[helix::transformer(type = "A.B", description = "Has capitals.")]
/// fn f(_: &helix::Context) -> helix::Result<()> { Ok(()) }
/// ```
/// ```compile_fail
/// #[helix::transformer(type = "a.b", description = "Has an output.")]
/// fn f(_: &helix::Context) -> helix::Result<helix::Value> { Ok(helix::Value::Null) }
/// ```
/// ```compile_fail
/// #[derive(helix::Config)]
/// struct Settings { path: std::path::PathBuf }
/// ```
#[cfg(doctest)]
struct Refusals;
