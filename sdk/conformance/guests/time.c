/* helix_now, helix_random */
#include "guest.h"

HELIX_MANIFEST("time.json");

HELIX_HANDLER(now)(helix_i32 length) {
  begin(length);
  helix_u64 *time = (helix_u64 *)buffer;
  ht_raw(&out, "{");
  member_number("result", helix_now(time));
  member_true("restUntouched", untouched(8));
  char digits[20];
  int count = 0;
  helix_u64 rest_of_time = *time;
  do digits[count++] = (char)('0' + rest_of_time % 10); while (rest_of_time /= 10);
  member("now");
  while (count) ht_byte(&out, digits[--count]);
  ht_raw(&out, "}");
  return end();
}

/* {"length"}: whether every 64 bytes of it hold something else than before, and nothing behind them was written. */
HELIX_HANDLER(random)(helix_i32 length) {
  helix_json data = begin(length);
  helix_u32 wanted = number_or(hj_get(data, "length"), 0);
  helix_i32 result = helix_random(buffer, wanted);
  ht_raw(&out, "{");
  if (result < 0) {
    member_true("nothingWritten", untouched(0));
    report_error(result);
  } else {
    int filled = 1;
    for (helix_u32 at = 0; at + 64 <= wanted; at += 64) {
      int different = 0;
      for (helix_u32 i = at; i < at + 64; i++) different = different || buffer[i] != UNTOUCHED;
      filled = filled && different;
    }
    member_number("result", result);
    member_true("filled", filled);
    member_true("restUntouched", untouched(wanted));
  }
  ht_raw(&out, "}");
  return end();
}

HELIX_HANDLER(random_twice)(helix_i32 length) {
  begin(length);
  helix_random(buffer, 32);
  helix_random(rest, 32);
  int different = 0;
  for (int i = 0; i < 32; i++) different = different || buffer[i] != rest[i];
  ht_raw(&out, "{");
  member_true("different", different);
  ht_raw(&out, "}");
  return end();
}
