/// The functions of ABI helix/1, one to one.
///
/// Each returns what the ABI says: a length, 0 or 1, or a negative code. A result that is longer than `out` is not
/// written; [`Host::result_read`] fetches it. [`Context`](crate::Context) hides all of this.
#[allow(missing_docs)] // docs/plugin-abi.md describes them
pub trait Host {
    fn input_read(&self, out: &mut [u8]) -> i32;
    fn result_read(&self, out: &mut [u8]) -> i32;
    fn output_write(&self, text: &[u8]) -> i32;
    fn emit_event(&self, json: &[u8]) -> i32;
    fn get_config_value(&self, key: &[u8], out: &mut [u8]) -> i32;
    fn log_message(&self, level: i32, text: &[u8]) -> i32;
    fn kv_get(&self, key: &[u8], out: &mut [u8]) -> i32;
    fn kv_set(&self, key: &[u8], value: &[u8], ttl_seconds: i32) -> i32;
    fn kv_delete(&self, key: &[u8]) -> i32;
    fn kv_list(&self, prefix: &[u8], out: &mut [u8]) -> i32;
    fn http_request(&self, request: &[u8], out: &mut [u8]) -> i32;
    fn now(&self, out: &mut [u8; 8]) -> i32;
    fn random(&self, out: &mut [u8]) -> i32;
    fn call(&self, service: &[u8], input: &[u8], out: &mut [u8]) -> i32;
}
