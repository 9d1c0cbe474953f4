//! What the macros expand to. Not for use by hand.

use crate::context::Context;
use crate::error::Result;
use crate::event::Reply;
use crate::host::Host;
use crate::json::Value;
#[cfg(target_arch = "wasm32")]
use std::sync::atomic::{AtomicBool, Ordering};

const DONE: i32 = 0;
const FAILED: i32 = 1;
const RETRY: i32 = 2;

/// What a handler may return.
pub trait Output {
    /// What is given to `helix_output_write`.
    fn text(&self) -> Result<Option<String>>;
}

impl Output for () {
    fn text(&self) -> Result<Option<String>> {
        Ok(None)
    }
}

impl Output for Value {
    fn text(&self) -> Result<Option<String>> {
        Ok(Some(self.to_string()))
    }
}

/// What a source may return.
pub trait SourceOutput: Output {}
impl SourceOutput for () {}
impl SourceOutput for Reply {}

/// What an action may return.
pub trait ActionOutput: Output {}
impl ActionOutput for () {}
impl ActionOutput for Value {}

/// Calls a handler and tells the host what came of it.
pub fn run<O: Output>(host: &dyn Host, handler: impl FnOnce(&Context<'_>) -> Result<O>) -> i32 {
    let context = Context::new(host);
    let error = match handler(&context).and_then(|output| write(&context, &output)) {
        Ok(()) => return DONE,
        Err(error) => error,
    };
    host.output_write(error.reason().as_bytes());
    if error.is_retryable() {
        RETRY
    } else {
        FAILED
    }
}

fn write(context: &Context<'_>, output: &impl Output) -> Result<()> {
    match output.text()? {
        Some(text) => context.write_output(&text).map_err(|error| error.context("the output")),
        None => Ok(()),
    }
}

#[cfg(target_arch = "wasm32")]
fn run_here<O: Output>(handler: impl FnOnce(&Context<'_>) -> Result<O>) -> i32 {
    tell_panics();
    run(&crate::guest::Guest, handler)
}

/// A panic ends in a trap, which has no message; the log is the only place left for it.
#[cfg(target_arch = "wasm32")]
fn tell_panics() {
    static TOLD: AtomicBool = AtomicBool::new(false);
    if TOLD.swap(true, Ordering::Relaxed) {
        return;
    }
    std::panic::set_hook(Box::new(|panic| {
        Context::new(&crate::guest::Guest).error(panic);
    }));
}

#[cfg(target_arch = "wasm32")]
pub fn source<O: SourceOutput>(handler: impl FnOnce(&Context<'_>) -> Result<O>) -> i32 {
    run_here(handler)
}

#[cfg(target_arch = "wasm32")]
pub fn transformer(handler: impl FnOnce(&Context<'_>) -> Result<()>) -> i32 {
    run_here(handler)
}

#[cfg(target_arch = "wasm32")]
pub fn action<O: ActionOutput>(handler: impl FnOnce(&Context<'_>) -> Result<O>) -> i32 {
    run_here(handler)
}

#[cfg(target_arch = "wasm32")]
pub fn init(handler: impl FnOnce(&Context<'_>) -> Result<()>) -> i32 {
    run_here(handler)
}

pub const fn length(parts: &[&str]) -> usize {
    let mut length = 0;
    let mut part = 0;
    while part < parts.len() {
        length += parts[part].len();
        part += 1;
    }
    length
}

/// The parts one after the other. A section needs bytes that are known when the plugin is compiled.
pub const fn join<const N: usize>(parts: &[&str]) -> [u8; N] {
    let mut joined = [0; N];
    let mut at = 0;
    let mut part = 0;
    while part < parts.len() {
        let bytes = parts[part].as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            joined[at] = bytes[i];
            at += 1;
            i += 1;
        }
        part += 1;
    }
    joined
}

pub const fn text(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("joined of texts"),
    }
}

// These are macros by example because the attributes they hold then follow the edition of this crate: edition 2024 of a
// plugin would ask for #[unsafe(export_name)], which Rust 1.63 does not know.

#[doc(hidden)]
#[macro_export]
macro_rules! __section {
    ($name:ident, $section:literal, $($part:expr),+) => {
        #[doc(hidden)]
        #[allow(dead_code, non_upper_case_globals)]
        const $name: &str = {
            const BYTES: [u8; $crate::glue::length(&[$($part),+])] = $crate::glue::join(&[$($part),+]);
            $crate::glue::text(&BYTES)
        };

        #[cfg(target_arch = "wasm32")]
        const _: () = {
            #[used]
            #[link_section = $section]
            static SECTION: [u8; $crate::glue::length(&[$($part),+])] = $crate::glue::join(&[$($part),+]);
        };
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __handler {
    ($kind:ident, $function:ident, $export:literal) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            #[export_name = $export]
            extern "C" fn handle(_length: i32) -> i32 {
                $crate::glue::$kind($function)
            }
        };

        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            #[allow(dead_code)]
            fn is_checked() {
                $crate::glue::check::$kind($function);
            }
        };
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __init {
    ($function:ident) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            #[export_name = "helix_init"]
            extern "C" fn init() -> i32 {
                $crate::glue::init($function)
            }
        };

        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            #[allow(dead_code)]
            fn is_checked() {
                $crate::glue::check::transformer($function);
            }
        };
    };
}

/// So that `cargo test` finds a handler of the wrong shape, and does not call an unused one dead code.
#[cfg(not(target_arch = "wasm32"))]
pub mod check {
    use super::{ActionOutput, SourceOutput};
    use crate::context::Context;
    use crate::error::Result;

    pub fn source<O: SourceOutput>(_: impl FnOnce(&Context<'_>) -> Result<O>) {}
    pub fn transformer(_: impl FnOnce(&Context<'_>) -> Result<()>) {}
    pub fn action<O: ActionOutput>(_: impl FnOnce(&Context<'_>) -> Result<O>) {}
}
