/*
 * What the guests of the conformance kit share. A guest takes its arguments from the event's data, asks Helix for one
 * thing, and gives what it saw to helix_output_write as JSON.
 */
#include "../../c/helix_json.h"

#define INPUT_CAPACITY (256 * 1024)
#define BUFFER_CAPACITY (128 * 1024)
#define UNTOUCHED 0x5a

static char input[INPUT_CAPACITY];
static char buffer[BUFFER_CAPACITY];
static char rest[BUFFER_CAPACITY];
static char report_text[INPUT_CAPACITY];
static helix_text out = {report_text, sizeof report_text, 0, 0};

typedef struct {
  const char *at;
  helix_u32 length;
} bytes;

static inline helix_u32 length_of(const char *text) {
  helix_u32 length = 0;
  while (text[length]) length++;
  return length;
}

/* Reads the event, begins the report, gives the event's data. */
static inline helix_json begin(helix_i32 length) {
  out.length = 0;
  out.overflow = 0;
  for (helix_u32 i = 0; i < sizeof buffer; i++) buffer[i] = UNTOUCHED;
  helix_input_read(input, sizeof input);
  return hj_get(hj_parse(input, (helix_u32)length), "data");
}

static inline helix_i32 end(void) {
  helix_output_write(out.buffer, out.length);
  return out.overflow ? HELIX_FAILED : HELIX_OK;
}

static inline helix_u32 number_or(helix_json value, helix_u32 otherwise) {
  if (hj_is_absent(value)) return otherwise;
  const char *p = value.at;
  int negative = *p == '-';
  helix_u32 number = 0;
  for (p += negative; p < value.end && *p >= '0' && *p <= '9'; p++) number = number * 10 + (helix_u32)(*p - '0');
  return negative ? -number : number;
}

/* The bytes of a string, or of {"hex": ".."}, or of {"repeat": "x", "times": n}; written to where and on. */
static inline bytes argument(helix_json value, char *where) {
  helix_text text = {where, BUFFER_CAPACITY, 0, 0};
  helix_json hex = hj_get(value, "hex");
  helix_json repeated = hj_get(value, "repeat");
  helix_json source = !hj_is_absent(hex) ? hex : !hj_is_absent(repeated) ? repeated : value;
  if (hj_is_string(source)) {
    for (helix_u32 times = number_or(hj_get(value, "times"), 1); times > 0; times--) {
      const char *p = source.at + 1;
      int c;
      while ((c = hj_character(&p, source.end)) >= 0) {
        if (hj_is_absent(hex)) ht_utf8(&text, c);
        else ht_byte(&text, (char)(hj_hex((char)c) << 4 | hj_hex((char)hj_character(&p, source.end))));
      }
    }
  }
  return (bytes){where, text.length};
}

static inline void member(const char *name) {
  ht_raw(&out, out.length > 0 && out.buffer[out.length - 1] != '{' && out.buffer[out.length - 1] != '[' ? ",\"" : "\"");
  ht_raw(&out, name);
  ht_raw(&out, "\":");
}

static inline void signed_number(helix_i32 n) {
  if (n < 0) ht_byte(&out, '-');
  ht_number(&out, n < 0 ? (helix_u32)-n : (helix_u32)n);
}

static inline void member_number(const char *name, helix_i32 n) {
  member(name);
  signed_number(n);
}

static inline void member_true(const char *name, int value) {
  member(name);
  ht_raw(&out, value ? "true" : "false");
}

/* As "text" when all of it is printable ASCII, as "hex" otherwise. */
static inline void member_bytes(const char *at, helix_u32 length) {
  static const char digits[] = "0123456789abcdef";
  int printable = 1;
  for (helix_u32 i = 0; i < length; i++) printable = printable && at[i] >= 0x20 && at[i] < 0x7f;
  member(printable ? "text" : "hex");
  ht_byte(&out, '"');
  for (helix_u32 i = 0; i < length; i++) {
    if (printable) {
      ht_character(&out, at[i]);
    } else {
      ht_byte(&out, digits[at[i] >> 4 & 15]);
      ht_byte(&out, digits[at[i] & 15]);
    }
  }
  ht_byte(&out, '"');
}

static inline int untouched(helix_u32 from) {
  for (helix_u32 i = from; i < sizeof buffer; i++) {
    if (buffer[i] != UNTOUCHED) return 0;
  }
  return 1;
}

/* {"result": -3, "reason": true}: whether helix_result_read gives a reason, the same one twice. */
static inline void report_error(helix_i32 result) {
  helix_i32 length = helix_result_read(buffer, 0);
  helix_i32 again = helix_result_read(buffer, sizeof buffer);
  member_number("result", result);
  member_true("reason", length > 0 && again == length);
}

static inline void report_plain(helix_i32 result) {
  if (result < 0) report_error(result);
  else member_number("result", result);
}

/*
 * What a call with (buffer, capacity) did. Within the capacity: {"result": 3, "text": "abc"}. Over it:
 * {"result": 3, "nothingWritten": true, "read": 3, "text": "abc"}, the text being that of helix_result_read.
 */
static inline void report_answer(helix_i32 result, helix_u32 capacity, int as_json) {
  if (result < 0) {
    report_error(result);
    return;
  }
  const char *answer = buffer;
  if (as_json) {
    member_true("positive", result > 0);
  } else {
    member_number("result", result);
  }
  if ((helix_u32)result > capacity) {
    member_true("nothingWritten", untouched(0));
    helix_i32 read = helix_result_read(rest, sizeof rest);
    if (as_json) member_true("readSame", read == result);
    else member_number("read", read);
    answer = rest;
  } else {
    member_true("restUntouched", untouched((helix_u32)result));
  }
  if (as_json) {
    helix_json value = hj_parse(answer, (helix_u32)result);
    member("value");
    ht_value(&out, value);
    member_true("json", !hj_is_absent(value));
  } else {
    member_bytes(answer, (helix_u32)result);
  }
}
