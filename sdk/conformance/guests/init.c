/* _initialize and helix_init */
#include "guest.h"

HELIX_MANIFEST("init.json");

static int order = 0, initialized = 0, started = 0;
static char greeting[64];
static helix_i32 greeting_length = 0;

__attribute__((export_name("_initialize"))) void initialize(void) { initialized = ++order; }

HELIX_INIT {
  started = ++order;
  greeting_length = helix_get_config_value("greeting", 8, greeting, sizeof greeting);
  if (greeting_length >= 0) return HELIX_OK;
  helix_output_write("no greeting is configured", 25);
  return HELIX_FAILED;
}

HELIX_HANDLER(helix_handle)(helix_i32 length) {
  begin(length);
  ht_raw(&out, "{");
  member_number("initialized", initialized);
  member_number("started", started);
  member("greeting");
  ht_value(&out, hj_parse(greeting, (helix_u32)greeting_length));
  ht_raw(&out, "}");
  return end();
}
