/* helix_output_write, and what a handler returns. The results go to the log, since the output is what is looked at. */
#include "guest.h"

HELIX_MANIFEST("output.json");

static void log_result(helix_i32 result) {
  out.length = 0;
  signed_number(result);
  helix_log_message(HELIX_INFO, out.buffer, out.length);
}

/* {"writes": [..], "code": n} */
HELIX_HANDLER(write)(helix_i32 length) {
  helix_json data = begin(length);
  for (helix_json w = hj_first(hj_get(data, "writes")); !hj_is_absent(w); w = hj_next(w)) {
    bytes text = argument(w, buffer);
    log_result(helix_output_write(text.at, text.length));
  }
  return (helix_i32)number_or(hj_get(data, "code"), 0);
}
