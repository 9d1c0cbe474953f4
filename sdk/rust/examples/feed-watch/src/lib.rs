//! `feed.watch` emits an event for each new item of a JSON API; `feed.match` lets those pass that speak of something.

mod items;
mod memory;
#[cfg(test)]
mod tests;

use helix::prelude::*;
use items::Item;
use memory::Memory;

helix::plugin! {
    capabilities = { "http": ["*"], "kv": true, "credentials": ["feed-*"] },
    emit = ["feed.item", "feed.match"],
    limits = { "memoryPages": 64, "timeoutMs": 10000 },
    samples = [
        {
            "type": "feed.match",
            "event": { "type": "feed.item", "data": { "title": "Critical security fix", "link": "https://example.com/1" } },
            "config": { "words": ["security"] },
        },
    ],
}

/// How one feed is read. The defaults fit JSON Feed 1.1.
#[derive(helix::Config)]
pub struct Feed {
    /// Where the feed is
    #[config(pattern = "^https?://")]
    url: String,
    /// Path of the list in the answer, e.g. incidents or data/items; empty when the answer is the list
    #[config(default = "items")]
    items: String,
    /// Path of what identifies an item
    #[config(default = "id")]
    id: String,
    /// Path of what changes when an item is news again, e.g. updated_at
    version: Option<String>,
    /// Path of the title
    #[config(default = "title")]
    title: String,
    /// Path of the address
    #[config(default = "url")]
    link: String,
    /// Path of the time, RFC 3339
    #[config(default = "date_published")]
    time: String,
    /// Name of the credential to send as a bearer token; it must begin with feed-
    credential: Option<String>,
    /// Type of the events
    #[config(default = "feed.item", pattern = "^feed\\.[a-z.-]+$")]
    emit: String,
    /// Whether the items that are there at first are news
    #[config(default = false)]
    existing: bool,
    /// How many events to emit at a time
    #[config(default = 50, min = 1, max = 100)]
    limit: usize,
    /// How often to look
    #[config(default = "5m", pattern = "^[0-9]{1,6}[smhd]$")]
    #[allow(dead_code)] // Helix reads it
    every: String,
}

#[helix::source(
    type = "feed.watch",
    description = "Looks at a JSON API on a schedule and emits an event for each new item.",
    wake = "5m",
    config = Feed,
)]
fn watch(ctx: &Context) -> Result<()> {
    let feed: Feed = ctx.config()?;
    let mut memory = Memory::load(ctx, &feed)?;
    let response = match fetch(ctx, &feed, &memory)? {
        Some(response) => response,
        None => return Ok(()),
    };
    let items = items::read(&feed, &response.json().map_err(|error| error.context(&feed.url))?)?;
    let all = emit_new(ctx, &feed, &mut memory, &items)?;
    // An answer that was not used up must come again.
    memory.set_etag(response.header("ETag").filter(|_| all));
    memory.save(ctx)
}

/// The answer, unless it is the same as last time.
fn fetch(ctx: &Context, feed: &Feed, memory: &Memory) -> Result<Option<Response>> {
    let mut request =
        Request::get(&feed.url).header("Accept", "application/json").header("User-Agent", "helix-feed-watch");
    if let Some(etag) = memory.etag() {
        request = request.header("If-None-Match", etag);
    }
    if let Some(name) = &feed.credential {
        request = request.credential(name.as_str());
    }
    let response = ctx.http(request).map_err(|error| error.context(&feed.url))?;
    if response.status == 304 {
        return Ok(None);
    }
    response.success().map(Some).map_err(|error| error.context(&feed.url))
}

/// Emits what was not seen, the oldest first: feeds have the newest at the top. Tells whether that was all.
fn emit_new(ctx: &Context, feed: &Feed, memory: &mut Memory, items: &[Item]) -> Result<bool> {
    let silent = memory.is_new() && !feed.existing;
    let mut left = feed.limit;
    let mut all = true;
    for item in items.iter().rev() {
        if !silent && !memory.knows(&item.key) {
            if left == 0 {
                all = false;
                continue;
            }
            ctx.emit(item.draft(&feed.emit))?;
            left -= 1;
        }
        memory.remember(&item.key);
    }
    if left < feed.limit {
        ctx.info(format!("{}: {} new", feed.url, feed.limit - left));
    }
    Ok(all)
}

/// What `feed.match` looks for.
#[derive(helix::Config)]
struct Words {
    /// An item passes when its title has one of these words; upper and lower case are the same
    words: Vec<String>,
    /// Type of the events
    #[config(default = "feed.match", pattern = "^feed\\.[a-z.-]+$")]
    emit: String,
}

#[helix::transformer(
    type = "feed.match",
    description = "Lets an item pass when its title has one of the given words.",
    config = Words,
)]
fn pick(ctx: &Context) -> Result<()> {
    let words: Words = ctx.config()?;
    let event = ctx.event()?;
    let title = event.data.get("title").as_str().unwrap_or_default().to_lowercase();
    let mut found = words.words.iter().filter(|word| title.split(is_gap).any(|part| part == word.to_lowercase()));
    match found.next() {
        Some(word) => ctx.emit(Draft::new(words.emit.as_str()).data(event.data.with("word", word))),
        None => Ok(()),
    }
}

fn is_gap(c: char) -> bool {
    !c.is_alphanumeric()
}
