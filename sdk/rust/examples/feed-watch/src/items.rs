use crate::Feed;
use helix::prelude::*;

/// No more are looked at, so that what is remembered always covers them.
pub const MAX_ITEMS: usize = 200;
const MAX_ID: usize = 1024;

/// One item of a feed.
#[derive(Debug)]
pub struct Item {
    /// Stays the same as long as the item is no news.
    pub key: String,
    time: Option<String>,
    data: Value,
}

/// The items of an answer, in its order.
pub fn read(feed: &Feed, answer: &Value) -> Result<Vec<Item>> {
    let list = at(answer, &feed.items);
    if !list.is_array() {
        return Err(Error::failed(format!("{}: there is no list at '{}'", feed.url, feed.items)));
    }
    list.items().iter().take(MAX_ITEMS).map(|item| Item::of(feed, item)).collect()
}

impl Item {
    fn of(feed: &Feed, item: &Value) -> Result<Item> {
        let id = scalar(at(item, &feed.id))
            .ok_or_else(|| Error::failed(format!("{}: an item has no '{}'", feed.url, feed.id)))?;
        let key = match feed.version.as_deref().and_then(|path| scalar(at(item, path))) {
            Some(version) => format!("{id}@{version}"),
            None => id.clone(),
        };
        if key.len() > MAX_ID {
            return Err(Error::failed(format!("{}: an id is longer than {MAX_ID} bytes", feed.url)));
        }
        let time = scalar(at(item, &feed.time));
        let data = Value::object()
            .with("id", id)
            .with("title", scalar(at(item, &feed.title)))
            .with("link", scalar(at(item, &feed.link)))
            .with("feed", feed.url.as_str())
            .with("item", item);
        Ok(Item { key, time: time.filter(|time| looks_like_time(time)), data })
    }

    /// The event of this item. Its id is that of the item, so that Helix stores it once if it is emitted again.
    pub fn draft(&self, event_type: &str) -> Draft {
        let draft = Draft::new(event_type).id(self.key.as_str()).data(&self.data);
        match &self.time {
            Some(time) => draft.time(time.as_str()),
            None => draft,
        }
    }
}

fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    if path.is_empty() {
        value
    } else {
        value.at(path)
    }
}

/// Texts as they are and numbers as they are written; some APIs number their items.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(digits) => Some(digits.clone()),
        _ => None,
    }
}

/// A time in another form would make Helix refuse the event; without one, Helix gives the event its own.
fn looks_like_time(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape.starts_with("0000-00-00T00:00:00") && (shape.ends_with('Z') || shape.ends_with("00:00"))
}
