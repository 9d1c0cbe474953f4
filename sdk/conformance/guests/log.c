/* helix_log_message */
#include "guest.h"

HELIX_MANIFEST("log.json");

/* {"lines": [{"level", "text"}, ..]} */
HELIX_HANDLER(lines)(helix_i32 length) {
  helix_json data = begin(length);
  ht_raw(&out, "[");
  for (helix_json l = hj_first(hj_get(data, "lines")); !hj_is_absent(l); l = hj_next(l)) {
    bytes text = argument(hj_get(l, "text"), buffer);
    ht_raw(&out, out.length > 1 ? ",{" : "{");
    report_plain(helix_log_message((helix_i32)number_or(hj_get(l, "level"), 2), text.at, text.length));
    ht_raw(&out, "}");
  }
  ht_raw(&out, "]");
  return end();
}
