/* helix_emit_event */
#include "guest.h"

HELIX_MANIFEST(MANIFEST);

/* {"emit": [..], "code": n, "trap": true}: each is the text of an event */
HELIX_HANDLER(emit)(helix_i32 length) {
  helix_json data = begin(length);
  ht_raw(&out, "[");
  for (helix_json e = hj_first(hj_get(data, "emit")); !hj_is_absent(e); e = hj_next(e)) {
    bytes event = argument(e, buffer);
    ht_raw(&out, out.length > 1 ? ",{" : "{");
    report_plain(helix_emit_event(event.at, event.length));
    ht_raw(&out, "}");
  }
  ht_raw(&out, "]");
  end();
  if (hj_is_true(hj_get(data, "trap"))) __builtin_trap();
  return (helix_i32)number_or(hj_get(data, "code"), 0);
}
