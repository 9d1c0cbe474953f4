/* helix_get_config_value */
#include "guest.h"

HELIX_MANIFEST("config.json");

/* {"key", "capacity", "json": true} */
HELIX_HANDLER(get)(helix_i32 length) {
  helix_json data = begin(length);
  static char key_buffer[BUFFER_CAPACITY];
  bytes key = argument(hj_get(data, "key"), key_buffer);
  helix_u32 capacity = number_or(hj_get(data, "capacity"), sizeof buffer);
  ht_raw(&out, "{");
  report_answer(helix_get_config_value(key.at, key.length, buffer, capacity), capacity, hj_is_true(hj_get(data, "json")));
  ht_raw(&out, "}");
  return end();
}
