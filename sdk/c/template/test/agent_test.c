#include "helix_test.h"

#include "../agent.c"

static int failures = 0;

static void check(int condition, const char *what) {
  if (condition) return;
  failures++;
  printf("not so: %s\n", what);
}

/* As Helix does, the test gives the configuration with its defaults. */
static helix_i32 call(const char *greeting, const char *data) {
  static char event_text[1024];
  fake_reset();
  fake.config = greeting;
  snprintf(event_text, sizeof event_text, "{\"type\":\"demo.arrived\",\"data\":%s}", data);
  return fake_call(helix_handle, event_text);
}

static void greets_whoever_is_named(void) {
  check(call("{\"greeting\":\"Good day\"}", "{\"name\":\"Ada \\\"L\\\"\"}") == HELIX_OK, "it is done");
  check(fake.event_count == 1, "one event is emitted");
  check(!strcmp(fake.events[0], "{\"type\":\"demo.greeted\",\"data\":{\"text\":\"Good day, Ada \\\"L\\\"!\"}}"),
        "it greets");
}

static void fails_without_a_name(void) {
  check(call("{\"greeting\":\"Hello\"}", "{}") == HELIX_FAILED, "it fails for good");
  check(!strcmp(fake.output, "the event has no text 'name'"), "it says why");
}

int main(void) {
  greets_whoever_is_named();
  fails_without_a_name();
  fake_reset();
  if (!failures) puts("all is as it should be");
  return failures != 0;
}
