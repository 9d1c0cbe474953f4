/* Any function with any numbers: for pointers that are not in the memory. */
#include "guest.h"

HELIX_MANIFEST("raw.json");

static helix_u32 argument_number(helix_json value) {
  helix_u32 size = (helix_u32)__builtin_wasm_memory_size(0) << 16;
  if (hj_is_string(value)) return size; /* "end": just behind the memory */
  helix_json behind = hj_get(value, "end"); /* {"end": -1}: so far from there */
  return hj_is_absent(behind) ? number_or(value, 0) : size + number_or(behind, 0);
}

static helix_i32 call(helix_json name, helix_u32 *a) {
#define P(i) ((void *)a[i])
  if (hj_equals(name, "helix_input_read")) return helix_input_read(P(0), a[1]);
  if (hj_equals(name, "helix_result_read")) return helix_result_read(P(0), a[1]);
  if (hj_equals(name, "helix_output_write")) return helix_output_write(P(0), a[1]);
  if (hj_equals(name, "helix_emit_event")) return helix_emit_event(P(0), a[1]);
  if (hj_equals(name, "helix_get_config_value")) return helix_get_config_value(P(0), a[1], P(2), a[3]);
  if (hj_equals(name, "helix_log_message")) return helix_log_message((helix_i32)a[0], P(1), a[2]);
  if (hj_equals(name, "helix_kv_get")) return helix_kv_get(P(0), a[1], P(2), a[3]);
  if (hj_equals(name, "helix_kv_set")) return helix_kv_set(P(0), a[1], P(2), a[3], a[4]);
  if (hj_equals(name, "helix_kv_delete")) return helix_kv_delete(P(0), a[1]);
  if (hj_equals(name, "helix_kv_list")) return helix_kv_list(P(0), a[1], P(2), a[3]);
  if (hj_equals(name, "helix_http_request")) return helix_http_request(P(0), a[1], P(2), a[3]);
  if (hj_equals(name, "helix_now")) return helix_now(P(0));
  if (hj_equals(name, "helix_random")) return helix_random(P(0), a[1]);
  if (hj_equals(name, "helix_call")) return helix_call(P(0), a[1], P(2), a[3], P(4), a[5]);
  return -100;
}

/* {"call", "arguments": [number or "end" or {"end": n} or a text, whose pointer and length are given, ..]} */
HELIX_HANDLER(raw)(helix_i32 length) {
  helix_json data = begin(length);
  helix_u32 a[6] = {0};
  int count = 0;
  char *where = rest;
  for (helix_json v = hj_first(hj_get(data, "arguments")); !hj_is_absent(v) && count < 6; v = hj_next(v)) {
    if (hj_is_absent(hj_get(v, "text"))) {
      a[count++] = argument_number(v);
      continue;
    }
    bytes text = argument(hj_get(v, "text"), where);
    a[count++] = (helix_u32)text.at;
    if (count < 6) a[count++] = text.length;
    where += text.length;
  }
  helix_i32 result = call(hj_get(data, "call"), a);
  ht_raw(&out, "{");
  report_plain(result);
  ht_raw(&out, "}");
  return end();
}
