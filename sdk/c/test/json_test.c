/* helix_json.h */
#include "../helix_test.h"
#include "check.h"

/* In memory of exactly its length, so that reading one byte too many is seen. */
static char *exact = 0;

static helix_json parse(const char *text) {
  size_t length = strlen(text);
  free(exact);
  exact = malloc(length ? length : 1);
  memcpy(exact, text, length);
  return hj_parse(exact, (helix_u32)length);
}

static const char *characters(helix_json string) {
  static char buffer[256];
  helix_text text = {buffer, sizeof buffer - 1, 0, 0};
  const char *p = string.at + 1;
  int c;
  while ((c = hj_character(&p, string.end)) >= 0) ht_utf8(&text, c);
  buffer[text.length] = 0;
  return buffer;
}

static void reads_what_is_json(void) {
  static const char *const good[] = {
      "null", "true", "false", "0", "-0", "1.5", "-1e5", "1E+5", "1.10e-2", "\"\"", "\"a\"", "[]", "{}", " [ 1 , [ ] , { } ] ",
      "{\"a\":{\"b\":[null]}}", "\"\\u00e9\\ud83d\\ude00\\n\"", "\"\xc3\xa9\"", "\t\r\n1",
  };
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    if (hj_is_absent(parse(good[i]))) failures++, printf("refused %s\n", good[i]);
  }
}

static void refuses_what_is_not(void) {
  static const char *const bad[] = {
      "", " ", "{", "[", "\"", "\"a", "\"\\", "\"\\u12", "\"\\u12g4\"", "\"\\x\"", "\"\n\"", "nul", "nulll", "True", "+1", "01", "-",
      "1.", ".5", "1e", "1e+", "NaN", "[1,]", "[,1]", "[1 2]", "[1", "[1,", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1", "{\"a\" 1}",
      "{a:1}", "1 2", "[]]", "{}}", "}", "]", ",", ":",
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    if (!hj_is_absent(parse(bad[i]))) failures++, printf("accepted %s\n", bad[i]);
  }
}

static void bounds_the_depth(void) {
  char text[400];
  memset(text, '[', 200);
  memset(text + 200, ']', 200);
  CHECK(!hj_is_absent(hj_parse(text + 200 - HJ_MAX_DEPTH, 2 * HJ_MAX_DEPTH)));
  CHECK(hj_is_absent(hj_parse(text + 199 - HJ_MAX_DEPTH, 2 * HJ_MAX_DEPTH + 2)));
}

static void finds_members_and_elements(void) {
  helix_json v = parse("{\"a\":{\"b\":[10,\"x\",{\"c\":true}]},\"n\":null,\"\\u0061\\\"\":1}");
  helix_json list = hj_get(hj_get(v, "a"), "b");
  helix_json first = hj_first(list), second = hj_next(first), third = hj_next(second);
  CHECK(*first.at == '1');
  CHECK(hj_equals(second, "x"));
  CHECK(hj_is_true(hj_get(third, "c")));
  CHECK(hj_is_absent(hj_next(third)));
  CHECK(hj_is_absent(hj_get(v, "n")));
  CHECK(!hj_is_absent(hj_get(v, "a\"")));
  CHECK(hj_is_absent(hj_get(hj_get(hj_get(v, "no"), "way"), "x")));
  CHECK(hj_is_absent(hj_first(hj_get(v, "a"))));
  CHECK(hj_is_absent(hj_first(parse("[]"))));
  CHECK(hj_is_absent(hj_first(HJ_ABSENT)));
  CHECK(hj_is_absent(hj_next(HJ_ABSENT)));
}

static void reads_strings(void) {
  CHECK_TEXT(characters(parse("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"")), "a\"\\/\b\f\n\r\t");
  CHECK_TEXT(characters(parse("\"\\u00e9\\u4e2d\\ud83d\\ude00\"")), "\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80");
  CHECK_TEXT(characters(parse("\"\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80\"")), "\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80");
  CHECK_TEXT(characters(parse("\"\\ud83d\"")), "\xef\xbf\xbd");
  CHECK_TEXT(characters(parse("\"\\ude00x\"")), "\xef\xbf\xbdx");
  CHECK_TEXT(characters(parse("\"\\ud83d\\u0041\"")), "\xef\xbf\xbd" "A");
  CHECK(hj_equals(parse("\"a\\u0062c\""), "abc"));
  CHECK(!hj_equals(parse("\"abc\""), "ab"));
  CHECK(!hj_equals(parse("\"ab\""), "abc"));
  CHECK(!hj_equals(parse("5"), "5"));
  helix_json pair = parse("[\"\\u00e9\",\"\xc3\xa9\",\"e\"]");
  CHECK(hj_same(hj_first(pair), hj_next(hj_first(pair))));
  CHECK(!hj_same(hj_first(pair), hj_next(hj_next(hj_first(pair)))));
  CHECK(!hj_same(HJ_ABSENT, hj_first(pair)));
}

static void writes(void) {
  char buffer[128];
  helix_text t = {buffer, sizeof buffer - 1, 0, 0};
  ht_raw(&t, "[");
  ht_value(&t, parse("{\"a\":[1.10,\"\\u00e9\"]} "));
  ht_raw(&t, ",");
  ht_value(&t, HJ_ABSENT);
  ht_raw(&t, ",");
  ht_number(&t, 0);
  ht_raw(&t, ",");
  ht_number(&t, 4294967295u);
  ht_raw(&t, ",\"");
  static const int points[] = {'a', '"', '\\', '\n', 1, 0x7f, 0xe9, 0x4e2d, 0x1f600};
  for (int i = 0; i < 9; i++) ht_character(&t, points[i]);
  ht_raw(&t, "\"]");
  buffer[t.length] = 0;
  CHECK(!t.overflow);
  CHECK_TEXT(buffer, "[{\"a\":[1.10,\"\\u00e9\"]},null,0,4294967295,\"a\\\"\\\\\\u000a\\u0001\x7f\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80\"]");
  CHECK(!hj_is_absent(parse(buffer)));
}

static void does_not_write_over_the_end(void) {
  char buffer[8] = "12345678";
  helix_text t = {buffer, 4, 0, 0};
  ht_raw(&t, "abcdef");
  CHECK(t.overflow && t.length == 4);
  CHECK(memcmp(buffer, "abcd5678", 8) == 0);
  helix_text none = {buffer, 0, 0, 0};
  ht_byte(&none, 'x');
  CHECK(none.overflow && none.length == 0);
}

/* Every way to damage a text by one byte: nothing is read outside of it, and what is accepted can be walked through. */
static void survives_damage(void) {
  static const char text[] = "{\"a\":[1,-2.5e3,\"x\\u00e9\\ud83d\\ude00\\n\",true,null],\"b\":{\"c\":\"\"}}";
  static const char damage[] = "\"\\{}[],:0-.eu \x01\xff";
  char copy[sizeof text];
  for (size_t i = 0; i < sizeof text - 1; i++) {
    for (size_t d = 0; d < sizeof damage; d++) {
      memcpy(copy, text, sizeof text);
      if (d == sizeof damage - 1) copy[i] = 0; /* cut there */
      else copy[i] = damage[d];
      helix_json v = parse(copy);
      for (helix_json e = hj_first(hj_get(v, "a")); !hj_is_absent(e); e = hj_next(e)) {
        if (hj_is_string(e)) characters(e);
      }
      hj_equals(hj_get(hj_get(v, "b"), "c"), "");
    }
  }
}

int main(void) {
  reads_what_is_json();
  refuses_what_is_not();
  bounds_the_depth();
  finds_members_and_elements();
  reads_strings();
  writes();
  does_not_write_over_the_end();
  survives_damage();
  free(exact);
  return failures != 0;
}
