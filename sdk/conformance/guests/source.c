/* A source: it is woken, and it answers requests. */
#include "guest.h"

HELIX_MANIFEST("source.json");

HELIX_HANDLER(source)(helix_i32 length) {
  helix_json data = begin(length);
  helix_json event = hj_parse(input, (helix_u32)length);
  if (hj_equals(hj_get(event, "type"), "helix.wake")) {
    ht_raw(&out, "{\"type\":\"conformance.woken\",\"data\":{\"reason\":");
    ht_value(&out, hj_get(data, "reason"));
    ht_raw(&out, "}}");
    return helix_emit_event(out.buffer, out.length) < 0 ? HELIX_FAILED : HELIX_OK;
  }
  helix_json body = hj_get(data, "body");
  if (hj_equals(body, "bad")) {
    helix_output_write("a bad request", 13);
    return HELIX_FAILED;
  }
  if (hj_equals(body, "later")) {
    helix_output_write("come back later", 15);
    return HELIX_RETRY;
  }
  if (hj_equals(body, "silent")) return HELIX_OK;
  if (hj_equals(body, "tell")) {
    static const char event[] = "{\"type\":\"conformance.told\",\"data\":{}}";
    if (helix_emit_event(event, sizeof event - 1) < 0) return HELIX_FAILED;
  }
  ht_raw(&out, "{\"status\":200,\"detail\":");
  ht_value(&out, hj_get(data, "method"));
  ht_raw(&out, "}");
  return end();
}
