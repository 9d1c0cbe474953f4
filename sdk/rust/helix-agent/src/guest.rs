use crate::host::Host;

mod abi {
    #[link(wasm_import_module = "helix")]
    extern "C" {
        pub fn helix_input_read(out: *mut u8, capacity: usize) -> i32;
        pub fn helix_result_read(out: *mut u8, capacity: usize) -> i32;
        pub fn helix_output_write(text: *const u8, length: usize) -> i32;
        pub fn helix_emit_event(json: *const u8, length: usize) -> i32;
        pub fn helix_get_config_value(key: *const u8, key_length: usize, out: *mut u8, capacity: usize) -> i32;
        pub fn helix_log_message(level: i32, text: *const u8, length: usize) -> i32;
        pub fn helix_kv_get(key: *const u8, key_length: usize, out: *mut u8, capacity: usize) -> i32;
        pub fn helix_kv_set(key: *const u8, key_length: usize, value: *const u8, length: usize, ttl: i32) -> i32;
        pub fn helix_kv_delete(key: *const u8, key_length: usize) -> i32;
        pub fn helix_kv_list(prefix: *const u8, prefix_length: usize, out: *mut u8, capacity: usize) -> i32;
        pub fn helix_http_request(request: *const u8, length: usize, out: *mut u8, capacity: usize) -> i32;
        pub fn helix_now(out: *mut u8) -> i32;
        pub fn helix_random(out: *mut u8, length: usize) -> i32;
        pub fn helix_call(
            service: *const u8,
            service_length: usize,
            input: *const u8,
            length: usize,
            out: *mut u8,
            capacity: usize,
        ) -> i32;
    }
}

/// The host that runs this module.
pub struct Guest;

// Safe: every pointer comes with the length of the slice it points to, and the host keeps none of them.
impl Host for Guest {
    fn input_read(&self, out: &mut [u8]) -> i32 {
        unsafe { abi::helix_input_read(out.as_mut_ptr(), out.len()) }
    }

    fn result_read(&self, out: &mut [u8]) -> i32 {
        unsafe { abi::helix_result_read(out.as_mut_ptr(), out.len()) }
    }

    fn output_write(&self, text: &[u8]) -> i32 {
        unsafe { abi::helix_output_write(text.as_ptr(), text.len()) }
    }

    fn emit_event(&self, json: &[u8]) -> i32 {
        unsafe { abi::helix_emit_event(json.as_ptr(), json.len()) }
    }

    fn get_config_value(&self, key: &[u8], out: &mut [u8]) -> i32 {
        unsafe { abi::helix_get_config_value(key.as_ptr(), key.len(), out.as_mut_ptr(), out.len()) }
    }

    fn log_message(&self, level: i32, text: &[u8]) -> i32 {
        unsafe { abi::helix_log_message(level, text.as_ptr(), text.len()) }
    }

    fn kv_get(&self, key: &[u8], out: &mut [u8]) -> i32 {
        unsafe { abi::helix_kv_get(key.as_ptr(), key.len(), out.as_mut_ptr(), out.len()) }
    }

    fn kv_set(&self, key: &[u8], value: &[u8], ttl_seconds: i32) -> i32 {
        unsafe { abi::helix_kv_set(key.as_ptr(), key.len(), value.as_ptr(), value.len(), ttl_seconds) }
    }

    fn kv_delete(&self, key: &[u8]) -> i32 {
        unsafe { abi::helix_kv_delete(key.as_ptr(), key.len()) }
    }

    fn kv_list(&self, prefix: &[u8], out: &mut [u8]) -> i32 {
        unsafe { abi::helix_kv_list(prefix.as_ptr(), prefix.len(), out.as_mut_ptr(), out.len()) }
    }

    fn http_request(&self, request: &[u8], out: &mut [u8]) -> i32 {
        unsafe { abi::helix_http_request(request.as_ptr(), request.len(), out.as_mut_ptr(), out.len()) }
    }

    fn now(&self, out: &mut [u8; 8]) -> i32 {
        unsafe { abi::helix_now(out.as_mut_ptr()) }
    }

    fn random(&self, out: &mut [u8]) -> i32 {
        unsafe { abi::helix_random(out.as_mut_ptr(), out.len()) }
    }

    fn call(&self, service: &[u8], input: &[u8], out: &mut [u8]) -> i32 {
        unsafe {
            abi::helix_call(service.as_ptr(), service.len(), input.as_ptr(), input.len(), out.as_mut_ptr(), out.len())
        }
    }
}
