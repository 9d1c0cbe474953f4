/* Calls that end in a trap, and what is left of them. */
#include "guest.h"

HELIX_MANIFEST("trap.json");

static int left_behind = 0;

static helix_u32 deeper(volatile helix_u32 *n) {
  volatile helix_u32 mine = *n + 1;
  return deeper(&mine) + mine;
}

/* {"how": "unreachable" | "divide" | "outside" | "recursion"}; before it, an event, an output and a log line. */
HELIX_HANDLER(trap)(helix_i32 length) {
  helix_json how = hj_get(begin(length), "how");
  static const char event[] = "{\"type\":\"conformance.lost\",\"data\":1}";
  helix_emit_event(event, sizeof event - 1);
  helix_log_message(HELIX_INFO, "before", 6);
  left_behind = 1;
  volatile helix_u32 zero = 0, left_over = 12345;
  if (hj_equals(how, "unreachable")) __builtin_trap();
  if (hj_equals(how, "divide")) zero = left_over / zero;
  if (hj_equals(how, "outside")) zero = *(volatile helix_u32 *)0xfffffff0;
  if (hj_equals(how, "recursion")) zero = deeper(&zero);
  return HELIX_OK;
}

/* Whether this instance has trapped before. */
HELIX_HANDLER(fresh)(helix_i32 length) {
  helix_json data = begin(length);
  ht_raw(&out, "{");
  member_true("fresh", left_behind == 0);
  ht_raw(&out, "}");
  helix_i32 code = end();
  if (hj_is_true(hj_get(data, "trap"))) {
    left_behind = 1;
    __builtin_trap();
  }
  return code;
}

/* Asks for one page more until there is none: the limit of the manifest must hold. */
HELIX_HANDLER(grow)(helix_i32 length) {
  begin(length);
  helix_u32 pages = (helix_u32)__builtin_wasm_memory_size(0);
  while (pages < 1000 && __builtin_wasm_memory_grow(0, 1) != (unsigned long)-1) pages++;
  ht_raw(&out, "{");
  member_number("pages", (helix_i32)pages);
  ht_raw(&out, "}");
  return end();
}
