/* The example, as its author would test it. */
#include "../helix_test.h"
#include "../examples/issue-digest/issue-digest.c"
#include "check.h"

#define ISSUE(title, labels, body) \
  "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"github\",\"type\":\"github.issues.opened\",\"data\":{" \
  "\"repository\":{\"full_name\":\"octo/app\"},\"issue\":{\"number\":7,\"title\":" title ",\"html_url\":\"https://x/7\"," \
  "\"user\":{\"login\":\"ada\"},\"labels\":" labels ",\"body\":" body "}}}"
#define CONFIG "{\"emit\":\"demo.issue.digest\",\"urgentLabels\":[\"security\"],\"urgentWords\":[\"outage\"]}"

static void digests(void) {
  fake_reset();
  fake.config = CONFIG;
  CHECK(fake_call(helix_handle, ISSUE("\"Login \\u00e9\"", "[{\"name\":\"bug\"}]", "\"one\\n two  three\"")) == HELIX_OK);
  CHECK(fake.event_count == 1);
  CHECK_TEXT(
      fake.events[0],
      "{\"type\":\"demo.issue.digest\",\"data\":{\"repository\":\"octo/app\",\"number\":7,\"title\":\"Login \\u00e9\","
      "\"url\":\"https://x/7\",\"author\":\"ada\",\"labels\":[\"bug\"],\"severity\":\"normal\",\"words\":3,"
      "\"summary\":\"one two three\"}}");
}

static void tells_what_is_urgent(void) {
  fake_reset();
  fake.config = CONFIG;
  CHECK(fake_call(helix_handle, ISSUE("\"x\"", "[{\"name\":\"security\"}]", "null")) == HELIX_OK);
  CHECK(strstr(fake.events[0], "\"severity\":\"high\"") != 0);
  CHECK(fake_call(helix_handle, ISSUE("\"Big OUTAGE now\"", "[]", "\"\"")) == HELIX_OK);
  CHECK(strstr(fake.events[0], "\"severity\":\"high\"") != 0);
}

static void fails_with_a_reason(void) {
  fake_reset();
  fake.config = CONFIG;
  CHECK(fake_call(helix_handle, "{\"data\":{}}") == HELIX_FAILED);
  CHECK(strstr(fake.output, "not a GitHub issue") != 0);
  fake.config = "{\"emit\":\"not..valid\"}";
  CHECK(fake_call(helix_handle, ISSUE("\"x\"", "[]", "\"\"")) == HELIX_FAILED);
  CHECK(strstr(fake.output, "refused") != 0);
  CHECK(fake.event_count == 0);
}

int main(void) {
  digests();
  tells_what_is_urgent();
  fails_with_a_reason();
  fake_reset();
  return failures != 0;
}
