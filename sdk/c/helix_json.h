/*
 * JSON for Helix agents in C: a reader that walks the text where it lies, without allocating, and a writer into a fixed
 * buffer. Neither reads or writes outside of the buffer it was given, whatever the text is.
 *
 * A helix_json is a place in the text. hj_get(value, "name") and hj_next(...) give places; a place that is not there is
 * absent, and everything asked of an absent place gives absent, 0 or false, so that chains need no checks.
 * Validate once with hj_parse; it bounds the depth too.
 */
#ifndef HELIX_JSON_H
#define HELIX_JSON_H

#include "helix.h"

#define HJ_MAX_DEPTH 64

typedef struct {
  const char *at;  /* 0: absent */
  const char *end; /* of the whole text */
} helix_json;

typedef struct {
  char *buffer;
  helix_u32 capacity;
  helix_u32 length;
  int overflow; /* something did not fit; the text is useless */
} helix_text;

static const helix_json HJ_ABSENT = {0, 0};

static inline int hj_is_absent(helix_json v) { return v.at == 0; }

static inline const char * hj_space(const char *p, const char *end) {
  while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')) p++;
  return p;
}

static inline int hj_hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* Four hex digits; -1 when they are not there. */
static inline int hj_hex4(const char *p, const char *end) {
  if (end - p < 4) return -1;
  int value = 0;
  for (int i = 0; i < 4; i++) {
    int digit = hj_hex(p[i]);
    if (digit < 0) return -1;
    value = value << 4 | digit;
  }
  return value;
}

/* Each hj_skip_* returns where the construct ends, or 0 when it is malformed. */
static inline const char * hj_skip_string(const char *p, const char *end) {
  if (p >= end || *p != '"') return 0;
  for (p++; p < end; p++) {
    if (*p == '"') return p + 1;
    if ((helix_byte)*p < 0x20) return 0;
    if (*p != '\\') continue;
    if (++p >= end) return 0;
    switch (*p) {
      case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
        break;
      case 'u':
        if (hj_hex4(p + 1, end) < 0) return 0;
        p += 4;
        break;
      default:
        return 0;
    }
  }
  return 0;
}

static inline const char * hj_skip_digits(const char *p, const char *end) {
  const char *start = p;
  while (p < end && *p >= '0' && *p <= '9') p++;
  return p == start ? 0 : p;
}

static inline const char * hj_skip_number(const char *p, const char *end) {
  if (p < end && *p == '-') p++;
  if (p < end && *p == '0') p++;
  else if (!(p = hj_skip_digits(p, end))) return 0;
  if (p < end && *p == '.' && !(p = hj_skip_digits(p + 1, end))) return 0;
  if (p < end && (*p == 'e' || *p == 'E')) {
    p++;
    if (p < end && (*p == '+' || *p == '-')) p++;
    p = hj_skip_digits(p, end);
  }
  return p;
}

static inline const char * hj_skip_word(const char *p, const char *end, const char *word) {
  while (*word) {
    if (p >= end || *p++ != *word++) return 0;
  }
  return p;
}

static inline const char * hj_skip(const char *p, const char *end, int depth);

/* The members of an object or the elements of an array, and its closing bracket. */
static inline const char * hj_skip_container(const char *p, const char *end, int depth) {
  int object = *p == '{';
  char close = object ? '}' : ']';
  if (depth >= HJ_MAX_DEPTH) return 0;
  p = hj_space(p + 1, end);
  if (p < end && *p == close) return p + 1;
  for (;;) {
    if (object) {
      if (!(p = hj_skip_string(p, end))) return 0;
      p = hj_space(p, end);
      if (p >= end || *p++ != ':') return 0;
      p = hj_space(p, end);
    }
    if (!(p = hj_skip(p, end, depth + 1))) return 0;
    p = hj_space(p, end);
    if (p >= end) return 0;
    if (*p == close) return p + 1;
    if (*p++ != ',') return 0;
    p = hj_space(p, end);
  }
}

static inline const char * hj_skip(const char *p, const char *end, int depth) {
  if (p >= end) return 0;
  switch (*p) {
    case '{': case '[': return hj_skip_container(p, end, depth);
    case '"': return hj_skip_string(p, end);
    case 't': return hj_skip_word(p, end, "true");
    case 'f': return hj_skip_word(p, end, "false");
    case 'n': return hj_skip_word(p, end, "null");
    default: return hj_skip_number(p, end);
  }
}

/* The value that is all of the text; absent when the text is not JSON or nested deeper than HJ_MAX_DEPTH. */
static inline helix_json hj_parse(const char *text, helix_u32 length) {
  const char *end = text + length;
  const char *start = hj_space(text, end);
  const char *after = hj_skip(start, end, 0);
  if (!after || hj_space(after, end) != end) return HJ_ABSENT;
  return (helix_json){start, end};
}

/* The next character of a string as its code point; moves *p. -1 at the closing quote. Half pairs become U+FFFD. */
static inline int hj_character(const char **p, const char *end) {
  const char *q = *p;
  if (q >= end || *q == '"') return -1;
  helix_byte c = (helix_byte)*q++;
  if (c == '\\' && q < end) {
    char escape = *q++;
    int code;
    switch (escape) {
      case 'b': code = '\b'; break;
      case 'f': code = '\f'; break;
      case 'n': code = '\n'; break;
      case 'r': code = '\r'; break;
      case 't': code = '\t'; break;
      case 'u':
        code = hj_hex4(q, end);
        if (code < 0) { *p = end; return -1; }
        q += 4;
        if (code >= 0xd800 && code < 0xe000) {
          int low = end - q >= 6 && q[0] == '\\' && q[1] == 'u' ? hj_hex4(q + 2, end) : -1;
          if (code < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            q += 6;
          } else {
            code = 0xfffd;
          }
        }
        break;
      default: code = escape; /* " \ and / */
    }
    *p = q;
    return code;
  }
  /* UTF-8: Helix hands over valid text only, so the length of the sequence is trusted but its end is not. */
  int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
  int code = more == 3 ? c & 0x07 : more == 2 ? c & 0x0f : more == 1 ? c & 0x1f : c;
  while (more-- > 0 && q < end) code = code << 6 | (*q++ & 0x3f);
  *p = q;
  return code;
}

static inline int hj_is_string(helix_json v) { return v.at && *v.at == '"'; }
static inline int hj_is_true(helix_json v) { return v.at && *v.at == 't'; }

static inline int hj_equals(helix_json v, const char *ascii) {
  if (!hj_is_string(v)) return 0;
  const char *p = v.at + 1;
  int c;
  while ((c = hj_character(&p, v.end)) >= 0) {
    if (*ascii == 0 || c != (helix_byte)*ascii++) return 0;
  }
  return *ascii == 0;
}

/* Whether two strings are the same text, however each is escaped. */
static inline int hj_same(helix_json a, helix_json b) {
  if (!hj_is_string(a) || !hj_is_string(b)) return 0;
  const char *p = a.at + 1, *q = b.at + 1;
  for (;;) {
    int c = hj_character(&p, a.end);
    if (c != hj_character(&q, b.end)) return 0;
    if (c < 0) return 1;
  }
}

/* The member of an object; absent when there is none or it is null. */
static inline helix_json hj_get(helix_json object, const char *name) {
  if (!object.at || *object.at != '{') return HJ_ABSENT;
  const char *end = object.end;
  const char *p = hj_space(object.at + 1, end);
  while (p < end && *p == '"') {
    helix_json key = {p, end};
    p = hj_space(hj_skip_string(p, end), end);
    p = hj_space(p + 1, end);
    if (hj_equals(key, name)) return *p == 'n' ? HJ_ABSENT : (helix_json){p, end};
    p = hj_space(hj_skip(p, end, 0), end);
    if (p >= end || *p != ',') break;
    p = hj_space(p + 1, end);
  }
  return HJ_ABSENT;
}

/* for (helix_json e = hj_first(array); !hj_is_absent(e); e = hj_next(e)) */
static inline helix_json hj_first(helix_json array) {
  if (!array.at || *array.at != '[') return HJ_ABSENT;
  const char *p = hj_space(array.at + 1, array.end);
  return *p == ']' ? HJ_ABSENT : (helix_json){p, array.end};
}

static inline helix_json hj_next(helix_json element) {
  if (!element.at) return HJ_ABSENT;
  const char *p = hj_space(hj_skip(element.at, element.end, 0), element.end);
  if (p >= element.end || *p != ',') return HJ_ABSENT;
  return (helix_json){hj_space(p + 1, element.end), element.end};
}

/* ---- writing ---- */

static inline void ht_byte(helix_text *t, char c) {
  if (t->length < t->capacity) t->buffer[t->length++] = c;
  else t->overflow = 1;
}

/* As it is: for brackets, commas and names. */
static inline void ht_raw(helix_text *t, const char *text) {
  while (*text) ht_byte(t, *text++);
}

static inline void ht_utf8(helix_text *t, int c) {
  if (c < 0x80) {
    ht_byte(t, (char)c);
  } else if (c < 0x800) {
    ht_byte(t, (char)(0xc0 | c >> 6));
    ht_byte(t, (char)(0x80 | (c & 0x3f)));
  } else if (c < 0x10000) {
    ht_byte(t, (char)(0xe0 | c >> 12));
    ht_byte(t, (char)(0x80 | (c >> 6 & 0x3f)));
    ht_byte(t, (char)(0x80 | (c & 0x3f)));
  } else {
    ht_byte(t, (char)(0xf0 | c >> 18));
    ht_byte(t, (char)(0x80 | (c >> 12 & 0x3f)));
    ht_byte(t, (char)(0x80 | (c >> 6 & 0x3f)));
    ht_byte(t, (char)(0x80 | (c & 0x3f)));
  }
}

/* A character inside a string. */
static inline void ht_character(helix_text *t, int c) {
  static const char hex[] = "0123456789abcdef";
  if (c == '"' || c == '\\') {
    ht_byte(t, '\\');
    ht_byte(t, (char)c);
  } else if (c < 0x20) {
    ht_raw(t, "\\u00");
    ht_byte(t, hex[c >> 4 & 15]);
    ht_byte(t, hex[c & 15]);
  } else {
    ht_utf8(t, c);
  }
}

/* Any value as JSON; null when absent. */
static inline void ht_value(helix_text *t, helix_json v) {
  const char *after = v.at ? hj_skip(v.at, v.end, 0) : 0;
  if (!after) {
    ht_raw(t, "null");
    return;
  }
  for (const char *p = v.at; p < after; p++) ht_byte(t, *p);
}

static inline void ht_number(helix_text *t, helix_u32 n) {
  char digits[10];
  int count = 0;
  do {
    digits[count++] = (char)('0' + n % 10);
    n /= 10;
  } while (n);
  while (count) ht_byte(t, digits[--count]);
}

#endif
