/* GitHub issue in, digest out: who wrote what where, how long, and how urgent. */
#include "helix_json.h"

HELIX_MANIFEST("helix.json");

#define MAX_INPUT (1024 * 1024 + 64 * 1024) /* an event of Helix is at most 1 MiB */
#define MAX_CONFIG (16 * 1024)
#define MAX_DIGEST (512 * 1024)
#define SUMMARY_CHARACTERS 140

static char input[MAX_INPUT];
static char config_text[MAX_CONFIG];
static char digest[MAX_DIGEST];

static helix_i32 fail(const char *reason) {
  helix_u32 length = 0;
  while (reason[length]) length++;
  helix_output_write(reason, length);
  return HELIX_FAILED;
}

static int lower(int c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }

static int is_space(int c) { return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0; }

/* Whether the text at p begins with needle, ignoring the case of ASCII letters. */
static int begins_with(const char *p, const char *end, helix_json needle) {
  const char *n = needle.at + 1;
  int c;
  while ((c = hj_character(&n, needle.end)) >= 0) {
    if (lower(c) != lower(hj_character(&p, end))) return 0;
  }
  return 1;
}

static int contains(helix_json text, helix_json needle) {
  if (!hj_is_string(text) || !hj_is_string(needle) || hj_equals(needle, "")) return 0;
  const char *p = text.at + 1;
  do {
    if (begins_with(p, text.end, needle)) return 1;
  } while (hj_character(&p, text.end) >= 0);
  return 0;
}

static int has_urgent_label(helix_json labels, helix_json urgent) {
  for (helix_json label = hj_first(labels); !hj_is_absent(label); label = hj_next(label)) {
    for (helix_json u = hj_first(urgent); !hj_is_absent(u); u = hj_next(u)) {
      if (hj_same(hj_get(label, "name"), u)) return 1;
    }
  }
  return 0;
}

static int has_urgent_word(helix_json title, helix_json words) {
  for (helix_json word = hj_first(words); !hj_is_absent(word); word = hj_next(word)) {
    if (contains(title, word)) return 1;
  }
  return 0;
}

static helix_u32 count_words(helix_json text) {
  if (!hj_is_string(text)) return 0;
  const char *p = text.at + 1;
  helix_u32 words = 0;
  int c, inside = 0;
  while ((c = hj_character(&p, text.end)) >= 0) {
    int word = !is_space(c);
    words += word && !inside;
    inside = word;
  }
  return words;
}

static void write_labels(helix_text *out, helix_json labels) {
  int count = 0;
  ht_raw(out, "[");
  for (helix_json label = hj_first(labels); !hj_is_absent(label); label = hj_next(label)) {
    if (count++) ht_raw(out, ",");
    ht_value(out, hj_get(label, "name"));
  }
  ht_raw(out, "]");
}

/* The first characters of the body on one line: runs of white space become one space. */
static void write_summary(helix_text *out, helix_json body) {
  ht_raw(out, "\"");
  if (hj_is_string(body)) {
    const char *p = body.at + 1;
    int c, written = 0, gap = 0;
    while (written < SUMMARY_CHARACTERS && (c = hj_character(&p, body.end)) >= 0) {
      if (is_space(c)) {
        gap = written > 0;
        continue;
      }
      if (gap) {
        if (written >= SUMMARY_CHARACTERS - 1) break;
        ht_character(out, ' ');
        written++;
      }
      gap = 0;
      ht_character(out, c);
      written++;
    }
  }
  ht_raw(out, "\"");
}

static void write_member(helix_text *out, const char *name, helix_json value) {
  ht_raw(out, ",\"");
  ht_raw(out, name);
  ht_raw(out, "\":");
  ht_value(out, value);
}

static void write_digest(helix_text *out, helix_json config, helix_json repository, helix_json issue) {
  helix_json title = hj_get(issue, "title");
  helix_json body = hj_get(issue, "body");
  helix_json labels = hj_get(issue, "labels");
  int urgent = has_urgent_label(labels, hj_get(config, "urgentLabels"))
      || has_urgent_word(title, hj_get(config, "urgentWords"));
  ht_raw(out, "{\"type\":");
  if (hj_is_string(hj_get(config, "emit"))) ht_value(out, hj_get(config, "emit"));
  else ht_raw(out, "\"demo.issue.digest\"");
  ht_raw(out, ",\"data\":{\"repository\":");
  ht_value(out, repository);
  write_member(out, "number", hj_get(issue, "number"));
  write_member(out, "title", title);
  write_member(out, "url", hj_get(issue, "html_url"));
  write_member(out, "author", hj_get(hj_get(issue, "user"), "login"));
  ht_raw(out, ",\"labels\":");
  write_labels(out, labels);
  ht_raw(out, urgent ? ",\"severity\":\"high\"" : ",\"severity\":\"normal\"");
  ht_raw(out, ",\"words\":");
  ht_number(out, count_words(body));
  ht_raw(out, ",\"summary\":");
  write_summary(out, body);
  ht_raw(out, "}}");
}

HELIX_HANDLER(helix_handle)(helix_i32 length) {
  if (length < 0 || length > MAX_INPUT) return fail("the event is too long");
  helix_input_read(input, MAX_INPUT);
  helix_json event = hj_parse(input, (helix_u32)length);
  helix_json issue = hj_get(hj_get(event, "data"), "issue");
  helix_json repository = hj_get(hj_get(hj_get(event, "data"), "repository"), "full_name");
  if (hj_is_absent(event)) return fail("the event is nested too deeply");
  if (!hj_is_string(hj_get(issue, "title")) || !hj_is_string(repository)) {
    return fail("the event is not a GitHub issue: data.issue.title or data.repository.full_name is missing");
  }

  helix_i32 config_length = helix_get_config_value("", 0, config_text, MAX_CONFIG);
  if (config_length < 0 || config_length > MAX_CONFIG) return fail("the configuration is too long");
  helix_json config = hj_parse(config_text, (helix_u32)config_length);

  helix_text out = {digest, MAX_DIGEST, 0, 0};
  write_digest(&out, config, repository, issue);
  if (out.overflow) return fail("the digest is too long");
  helix_i32 emitted = helix_emit_event(out.buffer, out.length);
  if (emitted < 0) return fail("the digest was refused; is the configured event type valid?");
  return HELIX_OK;
}
