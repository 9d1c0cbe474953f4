use crate::items::MAX_ITEMS;
use crate::Feed;
use helix::prelude::*;

const KEY: &str = "seen";
/// Several times what is looked at, so that an item that is gone for a while is no news when it comes back.
const MAX_SEEN: usize = 5 * MAX_ITEMS;

/// What was seen of a feed, kept in one value: the digests of the keys, the newest last.
pub struct Memory {
    feed: String,
    etag: Option<String>,
    seen: Vec<String>,
    is_new: bool,
}

impl Memory {
    /// What is kept; nothing when another feed was watched, or this one was read in another way.
    pub fn load(ctx: &Context, feed: &Feed) -> Result<Memory> {
        let identity = format!("{:?}", (&feed.url, &feed.items, &feed.id, &feed.version));
        let identity = digest(&identity);
        let kept = match ctx.kv().get_text(KEY)? {
            Some(json) => Value::parse(&json)?,
            None => Value::Null,
        };
        if kept.get("feed").as_str() != Some(&identity) {
            return Ok(Memory { feed: identity, etag: None, seen: Vec::new(), is_new: true });
        }
        let seen = kept.get("seen").items().iter().filter_map(Value::as_str).map(String::from);
        let etag = kept.get("etag").as_str().map(String::from);
        Ok(Memory { feed: identity, etag, seen: seen.collect(), is_new: false })
    }

    pub fn save(&self, ctx: &Context) -> Result<()> {
        let seen = self.seen[self.seen.len().saturating_sub(MAX_SEEN)..].to_vec();
        let kept = Value::object().with("feed", &self.feed).with("etag", self.etag.as_deref()).with("seen", seen);
        ctx.kv().set(KEY, kept.to_string())
    }

    /// Whether nothing was kept.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    pub fn knows(&self, key: &str) -> bool {
        self.seen.contains(&digest(key))
    }

    /// What is remembered again is forgotten last.
    pub fn remember(&mut self, key: &str) {
        let digest = digest(key);
        self.seen.retain(|known| *known != digest);
        self.seen.push(digest);
    }

    /// Marks the answer that was seen last; the server tells by it whether there is a new one.
    pub fn etag(&self) -> Option<&str> {
        self.etag.as_deref()
    }

    pub fn set_etag(&mut self, etag: Option<&str>) {
        self.etag = etag.map(String::from);
    }
}

/// FNV-1a with 64 bits: short, so that a thousand of them fit into one value.
fn digest(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}
