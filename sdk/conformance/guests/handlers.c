/* Section helix.handlers: handlers that the manifest does not name, one JSON object per line. */
#include "guest.h"

HELIX_MANIFEST("handlers.json");

__asm__(".section .custom_section.helix.handlers,\"\",@\n"
        " .ascii \"{\\\"type\\\":\\\"conformance.second\\\",\\\"kind\\\":\\\"action\\\",\\\"export\\\":\\\"second\\\"}\\n\"\n"
        " .ascii \"{\\\"type\\\":\\\"conformance.third\\\",\\\"kind\\\":\\\"action\\\",\\\"export\\\":\\\"third\\\"}\\n\"\n"
        " .text\n");

static helix_i32 say(const char *json) {
  helix_output_write(json, length_of(json));
  return HELIX_OK;
}

HELIX_HANDLER(first)(helix_i32 length) { return length > 0 ? say("\"first\"") : HELIX_FAILED; }
HELIX_HANDLER(second)(helix_i32 length) { return length > 0 ? say("\"second\"") : HELIX_FAILED; }
HELIX_HANDLER(third)(helix_i32 length) { return length > 0 ? say("\"third\"") : HELIX_FAILED; }
