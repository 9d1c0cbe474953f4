use crate::context::{absent, utf8, Context};
use crate::error::{Code, Error, Result};
use crate::json::Value;
use std::time::Duration;

/// The values of this agent. They last; whatever lies in memory does not. Needs the capability `"kv": true`.
pub struct Kv<'a> {
    context: &'a Context<'a>,
}

impl<'a> Kv<'a> {
    pub(crate) fn new(context: &'a Context<'a>) -> Kv<'a> {
        Kv { context }
    }

    /// The bytes of a key, `None` when there are none.
    pub fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        absent(self.context.fetch(|host, out| host.kv_get(key.as_bytes(), out)))
    }

    /// The text of a key.
    pub fn get_text(&self, key: &str) -> Result<Option<String>> {
        self.get(key)?.map(|bytes| utf8(bytes, &format!("the value of '{key}'"))).transpose()
    }

    /// Keeps a value for good.
    pub fn set(&self, key: &str, value: impl AsRef<[u8]>) -> Result<()> {
        self.put(key, value.as_ref(), 0)
    }

    /// Keeps a value for a time, in whole seconds: what is left of one counts as one.
    pub fn set_for(&self, key: &str, value: impl AsRef<[u8]>, time: Duration) -> Result<()> {
        if time == Duration::from_secs(0) {
            return Err(Error::host(Code::Invalid, format!("no time to keep '{key}' for")));
        }
        let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
        self.put(key, value.as_ref(), i32::try_from(seconds).unwrap_or(i32::MAX))
    }

    fn put(&self, key: &str, value: &[u8], seconds: i32) -> Result<()> {
        self.context.done(self.context.host().kv_set(key.as_bytes(), value, seconds))
    }

    /// Forgets a key; tells whether there was one.
    pub fn delete(&self, key: &str) -> Result<bool> {
        self.context.count(self.context.host().kv_delete(key.as_bytes())).map(|count| count == 1)
    }

    /// The keys that begin with `prefix`, in order, at most 1,000.
    pub fn list(&self, prefix: &str) -> Result<Vec<String>> {
        let keys = self.context.fetch(|host, out| host.kv_list(prefix.as_bytes(), out))?;
        crate::json::FromValue::from_value(&Value::parse(&utf8(keys, "the list of keys")?)?)
    }
}
