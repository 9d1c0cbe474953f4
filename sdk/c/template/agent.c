/* Greets whoever an event names. */
#include "helix_json.h"

HELIX_MANIFEST("helix.json");

static char input[1024 * 1024 + 64 * 1024]; /* an event of Helix is at most 1 MiB */
static char greeting_text[4 * 1024];
static char event[16 * 1024];

static helix_i32 fail(const char *reason) {
  helix_u32 length = 0;
  while (reason[length]) length++;
  helix_output_write(reason, length);
  return HELIX_FAILED;
}

/* The characters of a JSON string, into a string that is being written. */
static void write_characters(helix_text *out, helix_json text) {
  const char *p = text.at + 1;
  for (int c = hj_character(&p, text.end); c >= 0; c = hj_character(&p, text.end)) ht_character(out, c);
}

static helix_json configured_greeting(void) {
  helix_i32 length = helix_get_config_value("greeting", 8, greeting_text, sizeof greeting_text);
  if (length < 0 || length > (helix_i32)sizeof greeting_text) return HJ_ABSENT;
  return hj_parse(greeting_text, (helix_u32)length);
}

HELIX_HANDLER(helix_handle)(helix_i32 length) {
  if (length > (helix_i32)sizeof input) return fail("the event is too long");
  helix_input_read(input, sizeof input);
  helix_json name = hj_get(hj_get(hj_parse(input, (helix_u32)length), "data"), "name");
  if (!hj_is_string(name)) return fail("the event has no text 'name'");
  helix_json greeting = configured_greeting();
  if (!hj_is_string(greeting)) return fail("the greeting is not a text of at most 4096 bytes");

  helix_text out = {event, sizeof event, 0, 0};
  ht_raw(&out, "{\"type\":\"demo.greeted\",\"data\":{\"text\":\"");
  write_characters(&out, greeting);
  ht_raw(&out, ", ");
  write_characters(&out, name);
  ht_raw(&out, "!\"}}");
  if (out.overflow) return fail("the name is too long");
  return helix_emit_event(out.buffer, out.length) < 0 ? fail("the event was refused") : HELIX_OK;
}
