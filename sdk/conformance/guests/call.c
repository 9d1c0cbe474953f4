/* helix_call */
#include "guest.h"

HELIX_MANIFEST(MANIFEST);

/* {"service", "input", "capacity"} */
HELIX_HANDLER(call)(helix_i32 length) {
  helix_json data = begin(length);
  static char service_buffer[BUFFER_CAPACITY], input_buffer[BUFFER_CAPACITY];
  bytes service = argument(hj_get(data, "service"), service_buffer);
  bytes in = argument(hj_get(data, "input"), input_buffer);
  helix_u32 capacity = number_or(hj_get(data, "capacity"), sizeof buffer);
  ht_raw(&out, "{");
  report_answer(helix_call(service.at, service.length, in.at, in.length, buffer, capacity), capacity, 0);
  ht_raw(&out, "}");
  return end();
}
