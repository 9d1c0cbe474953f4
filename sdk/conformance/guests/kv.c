/* helix_kv_get, helix_kv_set, helix_kv_delete, helix_kv_list */
#include "guest.h"

HELIX_MANIFEST(MANIFEST);

static char key_buffer[BUFFER_CAPACITY];

/* {"key", "capacity"} */
HELIX_HANDLER(get)(helix_i32 length) {
  helix_json data = begin(length);
  bytes key = argument(hj_get(data, "key"), key_buffer);
  helix_u32 capacity = number_or(hj_get(data, "capacity"), sizeof buffer);
  ht_raw(&out, "{");
  report_answer(helix_kv_get(key.at, key.length, buffer, capacity), capacity, 0);
  ht_raw(&out, "}");
  return end();
}

/* {"key", "value", "ttl"} */
HELIX_HANDLER(set)(helix_i32 length) {
  helix_json data = begin(length);
  bytes key = argument(hj_get(data, "key"), key_buffer);
  bytes value = argument(hj_get(data, "value"), buffer);
  ht_raw(&out, "{");
  report_plain(helix_kv_set(key.at, key.length, value.at, value.length, number_or(hj_get(data, "ttl"), 0)));
  ht_raw(&out, "}");
  return end();
}

/* {"key"} */
HELIX_HANDLER(delete)(helix_i32 length) {
  helix_json data = begin(length);
  bytes key = argument(hj_get(data, "key"), key_buffer);
  ht_raw(&out, "{");
  report_plain(helix_kv_delete(key.at, key.length));
  ht_raw(&out, "}");
  return end();
}

/* {"prefix", "capacity"} */
HELIX_HANDLER(list)(helix_i32 length) {
  helix_json data = begin(length);
  bytes prefix = argument(hj_get(data, "prefix"), key_buffer);
  helix_u32 capacity = number_or(hj_get(data, "capacity"), sizeof buffer);
  ht_raw(&out, "{");
  report_answer(helix_kv_list(prefix.at, prefix.length, buffer, capacity), capacity, 1);
  ht_raw(&out, "}");
  return end();
}

/* Sets count keys k0000, k0001, ..; lists them; tells how many there are, the first and the last. */
HELIX_HANDLER(list_many)(helix_i32 length) {
  helix_json data = begin(length);
  helix_u32 count = number_or(hj_get(data, "count"), 0);
  for (helix_u32 i = 0; i < count; i++) {
    char key[5] = {'k', (char)('0' + i / 1000), (char)('0' + i / 100 % 10), (char)('0' + i / 10 % 10), (char)('0' + i % 10)};
    helix_kv_set(key, sizeof key, "", 0, 0);
  }
  helix_i32 listed = helix_kv_list("k", 1, buffer, sizeof buffer);
  helix_json last = HJ_ABSENT, list = hj_parse(buffer, (helix_u32)listed);
  helix_i32 number = 0;
  for (helix_json k = hj_first(list); !hj_is_absent(k); k = hj_next(k), number++) last = k;
  ht_raw(&out, "{");
  member_number("number", number);
  member("first");
  ht_value(&out, hj_first(list));
  member("last");
  ht_value(&out, last);
  ht_raw(&out, "}");
  return end();
}
