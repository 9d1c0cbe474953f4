/* helix_http_request */
#include "guest.h"

HELIX_MANIFEST(MANIFEST);

/* {"request", "capacity"}: the text of a request */
HELIX_HANDLER(request)(helix_i32 length) {
  helix_json data = begin(length);
  static char request_buffer[BUFFER_CAPACITY];
  bytes request = argument(hj_get(data, "request"), request_buffer);
  helix_u32 capacity = number_or(hj_get(data, "capacity"), sizeof buffer);
  ht_raw(&out, "{");
  report_answer(helix_http_request(request.at, request.length, buffer, capacity), capacity, 1);
  ht_raw(&out, "}");
  return end();
}
