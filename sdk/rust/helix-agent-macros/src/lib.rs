//! The attributes of `helix-agent`. Use them through that crate: `#[helix::source]` and so on.
//!
//! No syn and no quote: what is read is flat, and a plugin builds faster without.

mod config;
mod json;
mod literal;
mod manifest;
mod options;
mod wrong;

use proc_macro::TokenStream;
use wrong::Wrong;

fn tokens(result: Result<TokenStream, Wrong>) -> TokenStream {
    result.unwrap_or_else(Wrong::into_tokens)
}

/// Keeps the function as it is, and adds what `expand` makes of it.
fn beside(item: TokenStream, expand: impl FnOnce(TokenStream) -> Result<TokenStream, Wrong>) -> TokenStream {
    let mut all = item.clone();
    all.extend(tokens(expand(item)));
    all
}

/// Says what the plugin is; once in a plugin.
///
/// ```ignore
/// helix::plugin! {
///     name = "feed-watch",         // that of the package, when left out
///     version = "1.0.0",           // that of the package
///     description = "Watches.",    // that of the package
///     capabilities = { "http": ["api.example.com"], "kv": true, "credentials": ["feed-*"] },
///     limits = { "timeoutMs": 5000 },
///     subscribe = ["order.*"],
///     emit = ["feed.item"],
///     samples = [{ "event": { "type": "helix.wake", "data": { "reason": "start" } } }],
/// }
/// ```
#[proc_macro]
pub fn plugin(input: TokenStream) -> TokenStream {
    tokens(manifest::plugin(input))
}

/// Makes a function a source: it is woken, and emits events.
///
/// Options: `type`, `description`; `wake = "5m"`; `request = true` when it takes requests; `config`, either a JSON Schema
/// `{ "type": "object", ... }` or a type with `#[derive(helix::Config)]`.
///
/// The function is `fn(&Context) -> Result<()>`, or `Result<Reply>` when it takes requests.
#[proc_macro_attribute]
pub fn source(options: TokenStream, item: TokenStream) -> TokenStream {
    beside(item, |item| manifest::handler("source", options, item))
}

/// Makes a function a transformer: an event comes in, events go out, and nothing changes outside.
///
/// Options: `type`, `description`, `config`. The function is `fn(&Context) -> Result<()>`.
#[proc_macro_attribute]
pub fn transformer(options: TokenStream, item: TokenStream) -> TokenStream {
    beside(item, |item| manifest::handler("transformer", options, item))
}

/// Makes a function an action: it has an effect outside, and an output.
///
/// Options: `type`, `description`, `config`. The function is `fn(&Context) -> Result<Value>`, or `Result<()>`.
#[proc_macro_attribute]
pub fn action(options: TokenStream, item: TokenStream) -> TokenStream {
    beside(item, |item| manifest::handler("action", options, item))
}

/// Makes a function run once, when the configuration is there and before the first call; an error refuses to start.
#[proc_macro_attribute]
pub fn init(options: TokenStream, item: TokenStream) -> TokenStream {
    beside(item, |item| manifest::init(options, item))
}

/// Makes a struct the configuration of a handler: its JSON Schema, and how it is read with `ctx.config()`.
///
/// Members are texts, truth values, numbers, and `Vec` or `Option` of them. A documentation comment becomes the
/// description. `#[config(...)]` takes `default`, `min`, `max`, `pattern`, `one_of = ["a", "b"]` and `name = "camelCase"`.
/// What has no default and is no `Option` is required.
///
/// ```ignore
/// #[derive(helix::Config)]
/// struct Settings {
///     /// Where the feed is.
///     url: String,
///     /// How many items to look at.
///     #[config(default = 50, min = 1, max = 100)]
///     limit: u32,
/// }
/// ```
#[proc_macro_derive(Config, attributes(config))]
pub fn config(item: TokenStream) -> TokenStream {
    tokens(config::derive(item))
}
