/* An agent that uses all of the ABI, in the Helix of helix_test.h: what is promised to an agent's tests holds. */
#include "../helix_test.h"
#include "check.h"

static char seen[4096];
static helix_i32 code;

/* Asks for one thing, as the first letter of the event says. */
HELIX_HANDLER(handle)(helix_i32 length) {
  char input[64] = {0};
  CHECK(helix_input_read(input, 1) == length);
  CHECK(helix_result_read(input, sizeof input) == length);
  memset(seen, 0, sizeof seen);
  switch (input[0]) {
    case 'g': code = helix_kv_get("a", 1, seen, sizeof seen); break;
    case 's': code = helix_kv_set("a", 1, "1", 1, 10); break;
    case 'd': code = helix_kv_delete("a", 1); break;
    case 'l': code = helix_kv_list("a", 1, seen, sizeof seen); break;
    case 'c': code = helix_get_config_value(input + 1, (helix_u32)length - 1, seen, sizeof seen); break;
    case 'h': {
      static const char request[] = "{\"url\":\"https://example.org/\",\"credential\":{\"name\":\"token\"}}";
      code = helix_http_request(request, sizeof request - 1, seen, sizeof seen);
      break;
    }
    case 'p': code = helix_call("credential", 10, "{\"name\":\"token\"}", 16, seen, sizeof seen); break;
    case 'u': code = helix_call("unknown", 7, "", 0, seen, sizeof seen); break;
    case 'n': code = helix_now((helix_u64 *)(void *)seen); break;
    case 'r': code = helix_random(seen, sizeof seen); break;
    case 'e': code = helix_emit_event("{\"type\":\"a.b\",\"data\":1}", 23); break;
    case 'E': code = helix_emit_event("{\"type\":\"a..b\",\"data\":1}", 24); break;
    case 'o': code = helix_output_write("out", 3); break;
    case 'm': code = helix_log_message(HELIX_WARN, "careful", 7); break;
  }
  if (code < 0) CHECK(helix_result_read(seen, sizeof seen) > 0);
  return input[length - 1] == '!' ? HELIX_FAILED : HELIX_OK;
}

HELIX_INIT { return helix_get_config_value("needed", 6, seen, sizeof seen) < 0 ? HELIX_FAILED : HELIX_OK; }

static helix_i32 ask(const char *event) {
  fake_call(handle, event);
  return code;
}

static void answer_of_length(int length) {
  static char answer[1024 * 1024 + 64];
  memset(answer, 0, sizeof answer);
  strcpy(answer, "{\"status\":200,\"body\":\"");
  memset(answer + strlen(answer), 'x', (size_t)length);
  strcpy(answer + strlen(answer), "\"}");
  fake.http_answers[0] = answer;
}

int main(void) {
  fake_reset();
  CHECK(ask("g") == HELIX_NOT_FOUND);
  CHECK(ask("d") == 0);
  CHECK(ask("s") == 0);
  CHECK_TEXT(fake_kept("a"), "1");
  CHECK(ask("g") == 1);
  CHECK_TEXT(seen, "1");
  fake_keep("a\"", 2, "", 0, 0);
  fake_keep("b", 1, "", 0, 0);
  CHECK(ask("l") > 0);
  CHECK_TEXT(seen, "[\"a\",\"a\\\"\"]");
  fake.now += 10000;
  CHECK(ask("g") == HELIX_NOT_FOUND);
  CHECK(fake_kept("a") == 0);
  CHECK(ask("l") > 0);
  CHECK_TEXT(seen, "[\"a\\\"\"]");
  CHECK(ask("s") == 0 && ask("d") == 1 && ask("d") == 0);
  fake.denied = "kv";
  CHECK(ask("g") == HELIX_DENIED && ask("s") == HELIX_DENIED && ask("l") == HELIX_DENIED);

  fake_reset();
  fake.config = "{ \"a\" : [1, 2] , \"b\" : null, \"needed\": \"\" }";
  CHECK(ask("ca") == 6);
  CHECK_TEXT(seen, "[1, 2]");
  CHECK(ask("cb") == 4);
  CHECK(ask("cc") == HELIX_NOT_FOUND);
  CHECK(ask("c") == (helix_i32)strlen(fake.config));
  CHECK(helix_init() == HELIX_OK);
  fake.config = "{}";
  CHECK(helix_init() == HELIX_FAILED);

  CHECK(ask("h") == HELIX_NOT_FOUND);
  fake.credentials[0] = (fake_credential){"token", "s3cret"};
  CHECK(ask("h") == HELIX_UNAVAILABLE);
  fake.http_answers[0] = "{\"status\":200,\"headers\":{},\"body\":\"\"}";
  CHECK(ask("h") > 0);
  CHECK_TEXT(seen, fake.http_answers[0]);
  CHECK(fake.request_count == 1);
  answer_of_length(1024 * 1024);
  CHECK(ask("h") > 1024 * 1024);
  answer_of_length(1024 * 1024 + 1);
  CHECK(ask("h") == HELIX_LIMIT);
  CHECK(ask("p") == 6);
  CHECK_TEXT(seen, "s3cret");
  CHECK(ask("u") == HELIX_UNSUPPORTED);
  fake.denied = "http credential";
  CHECK(ask("h") == HELIX_DENIED && ask("p") == HELIX_DENIED);

  CHECK(ask("n") == 0);
  CHECK(memcmp(seen, &fake.now, 8) == 0);
  CHECK(ask("r") == 0 && (seen[0] || seen[1] || seen[2]));
  CHECK(ask("e") == 0 && fake.event_count == 1);
  CHECK_TEXT(fake.events[0], "{\"type\":\"a.b\",\"data\":1}");
  CHECK(ask("e!") == 0 && fake.event_count == 0);
  CHECK(ask("E") == HELIX_INVALID && fake.event_count == 0);
  CHECK(ask("o") == 0);
  CHECK_TEXT(fake.output, "out");
  CHECK(ask("m") == 0 && fake.log_count == 1 && fake.log[0].level == HELIX_WARN);
  CHECK_TEXT(fake.log[0].text, "careful");
  CHECK_TEXT(fake.output, "");
  fake_reset();
  return failures != 0;
}
