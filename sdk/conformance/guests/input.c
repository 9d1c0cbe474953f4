/* helix_input_read */
#include "guest.h"

HELIX_MANIFEST("input.json");

static char again[INPUT_CAPACITY];

static int same(helix_i32 length) {
  for (helix_i32 i = 0; i < length; i++) {
    if (input[i] != again[i]) return 0;
  }
  return 1;
}

HELIX_HANDLER(read_event)(helix_i32 length) {
  out.length = 0;
  ht_raw(&out, "{");
  helix_i32 result = helix_input_read(input, sizeof input);
  member_true("lengthIsArgument", result == length);
  member_true("noByteOrderMark", length > 0 && input[0] == '{');
  helix_json event = hj_parse(input, (helix_u32)length);
  const char *names[] = {"specversion", "id", "source", "type", "subject", "data"};
  for (int i = 0; i < 6; i++) {
    member(names[i]);
    ht_value(&out, hj_get(event, names[i]));
  }
  member_true("time", hj_is_string(hj_get(event, "time")));
  ht_raw(&out, "}");
  return end();
}

HELIX_HANDLER(read_exactly)(helix_i32 length) {
  begin(length);
  ht_raw(&out, "{");
  member_true("lengthIsArgument", helix_input_read(again, (helix_u32)length) == length);
  member_true("same", same(length));
  ht_raw(&out, "}");
  return end();
}

HELIX_HANDLER(read_short)(helix_i32 length) {
  begin(length);
  ht_raw(&out, "{");
  member_true("lengthIsArgument", helix_input_read(buffer, (helix_u32)length - 1) == length);
  member_true("nothingWritten", untouched(0));
  member_true("readIsArgument", helix_result_read(again, sizeof again) == length);
  member_true("same", same(length));
  ht_raw(&out, "}");
  return end();
}

HELIX_HANDLER(read_nothing)(helix_i32 length) {
  begin(length);
  ht_raw(&out, "{");
  member_true("lengthIsArgument", helix_input_read(buffer, 0) == length);
  member_true("nothingWritten", untouched(0));
  ht_raw(&out, "}");
  return end();
}

HELIX_HANDLER(read_again)(helix_i32 length) {
  begin(length);
  helix_get_config_value("", 0, again, 0);
  helix_log_message(HELIX_INFO, "between", 7);
  ht_raw(&out, "{");
  member_true("lengthIsArgument", helix_input_read(again, sizeof again) == length);
  member_true("same", same(length));
  ht_raw(&out, "}");
  return end();
}

/* The pending result goes with the next call of another function. */
HELIX_HANDLER(read_stale)(helix_i32 length) {
  begin(length);
  helix_input_read(buffer, 0);
  helix_log_message(HELIX_INFO, "between", 7);
  ht_raw(&out, "{");
  member_number("read", helix_result_read(buffer, sizeof buffer));
  ht_raw(&out, "}");
  return end();
}
