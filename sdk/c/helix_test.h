/*
 * A Helix to test agents in C with, as an ordinary program: include this file and the agent's source in one file with a
 * main, compile it with any C compiler, run it. What the agent may see is set in `fake`, what it did is found there.
 *
 *     fake_reset();
 *     fake.config = "{\"greeting\":\"Hello\"}";
 *     assert(fake_call(helix_handle, "{\"data\":{\"name\":\"Ada\"}}") == HELIX_OK);
 *     assert(fake.event_count == 1 && strcmp(fake.events[0], "{\"type\":\"demo.greeted\",\"data\":{}}") == 0);
 *
 * It answers as Helix does, within these bounds, and does not know the manifest: `fake.denied` says what is not granted.
 */
#ifndef HELIX_TEST_H
#define HELIX_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "helix_json.h"

#define FAKE_MAX 1024
#define FAKE_MAX_KEY 200
#define FAKE_MAX_VALUE (64 * 1024)
#define FAKE_MAX_EVENTS 100
#define FAKE_MAX_LOG_LINES 100
#define FAKE_MAX_ANSWER (1024 * 1024)

typedef struct {
  char *bytes; /* a zero follows, which is not counted */
  helix_u32 length;
} fake_bytes;

typedef struct {
  fake_bytes key, value;
  helix_u64 expires; /* 0: never */
} fake_entry;

typedef struct {
  helix_i32 level;
  char *text;
} fake_line;

typedef struct {
  const char *name, *secret;
} fake_credential;

static struct {
  /* What the agent finds. */
  const char *config;               /* an object as JSON */
  const char *http_answers[16];     /* "{\"status\":200,..}" one after the other; 0: nothing answers */
  fake_credential credentials[16];  /* until a name is 0 */
  const char *denied;               /* e.g. "kv http credential emit" */
  helix_u64 now;                    /* milliseconds */

  /* What it did in the last call. */
  char *events[FAKE_MAX_EVENTS];    /* none when it did not return HELIX_OK */
  int event_count;
  char *output;                     /* "" when it wrote none */
  fake_line log[FAKE_MAX_LOG_LINES];
  int log_count;
  char *requests[16];
  int request_count;

  /* What it keeps from call to call. */
  fake_entry kv[FAKE_MAX];
  int kv_count;

  fake_bytes input, pending;
} fake;

static inline fake_bytes fake_copy(const void *from, helix_u32 length) {
  fake_bytes copy = {malloc((size_t)length + 1), length};
  if (!copy.bytes) abort();
  if (length) memcpy(copy.bytes, from, length);
  copy.bytes[length] = 0;
  return copy;
}

static inline void fake_forget(fake_bytes *bytes) {
  free(bytes->bytes);
  *bytes = (fake_bytes){0, 0};
}

/* Forgets what the last call did. */
static inline void fake_clear(void) {
  for (int i = 0; i < fake.event_count; i++) free(fake.events[i]);
  for (int i = 0; i < fake.log_count; i++) free(fake.log[i].text);
  for (int i = 0; i < fake.request_count; i++) free(fake.requests[i]);
  fake.event_count = fake.log_count = fake.request_count = 0;
  free(fake.output);
  fake.output = fake_copy("", 0).bytes;
  fake_forget(&fake.pending);
}

static inline void fake_remove(int at) {
  fake_forget(&fake.kv[at].key);
  fake_forget(&fake.kv[at].value);
  fake.kv[at] = fake.kv[--fake.kv_count];
}

/* As at the start of a test: nothing is configured, kept or denied. */
static inline void fake_reset(void) {
  fake_clear();
  free(fake.output);
  fake_forget(&fake.input);
  while (fake.kv_count > 0) fake_remove(0);
  memset(&fake, 0, sizeof fake);
  fake.config = "{}";
  fake.now = 1767225600000ULL; /* 2026-01-01T00:00:00Z */
  fake.output = fake_copy("", 0).bytes;
}

static inline helix_i32 fake_refuse(helix_i32 code, const char *reason) {
  fake_forget(&fake.pending);
  fake.pending = fake_copy(reason, (helix_u32)strlen(reason));
  return code;
}

static inline helix_i32 fake_give(fake_bytes from, void *out, helix_u32 capacity) {
  if (from.length && from.length <= capacity) memcpy(out, from.bytes, from.length);
  return (helix_i32)from.length;
}

/* Takes over what is answered. */
static inline helix_i32 fake_answer(fake_bytes answer, void *out, helix_u32 capacity) {
  fake_forget(&fake.pending);
  fake.pending = answer;
  return fake_give(answer, out, capacity);
}

static inline helix_i32 fake_done(helix_i32 result) {
  fake_forget(&fake.pending);
  return result;
}

static inline int fake_is_denied(const char *what) { return fake.denied && strstr(fake.denied, what) != 0; }

static inline int fake_is_utf8(const void *text, helix_u32 length) {
  const helix_byte *p = text, *end = p + length;
  while (p < end) {
    helix_byte c = *p++, low = 0x80, high = 0xbf;
    int more = c < 0x80 ? 0 : c >= 0xc2 && c <= 0xdf ? 1 : c >= 0xe0 && c <= 0xef ? 2 : c >= 0xf0 && c <= 0xf4 ? 3 : -1;
    if (more < 0 || end - p < more) return 0;
    if (c == 0xe0) low = 0xa0;
    if (c == 0xed) high = 0x9f;
    if (c == 0xf0) low = 0x90;
    if (c == 0xf4) high = 0x8f;
    for (; more > 0; more--, p++, low = 0x80, high = 0xbf) {
      if (*p < low || *p > high) return 0;
    }
  }
  return 1;
}

/* Calls a handler with an event; gives what it returned. */
static inline helix_i32 fake_call(helix_i32 (*handler)(helix_i32), const char *event) {
  fake_clear();
  fake_forget(&fake.input);
  fake.input = fake_copy(event, (helix_u32)strlen(event));
  helix_i32 code = handler((helix_i32)fake.input.length);
  if (code != HELIX_OK) {
    for (int i = 0; i < fake.event_count; i++) free(fake.events[i]);
    fake.event_count = 0;
  }
  return code;
}

/* ---- what is kept ---- */

static inline int fake_find(const void *key, helix_u32 length) {
  for (int i = 0; i < fake.kv_count; i++) {
    fake_entry *e = &fake.kv[i];
    int live = e->expires == 0 || fake.now < e->expires;
    if (live && e->key.length == length && memcmp(e->key.bytes, key, length) == 0) return i;
  }
  return -1;
}

/* The value of a key that is text; 0 when there is none. */
static inline const char *fake_kept(const char *key) {
  int at = fake_find(key, (helix_u32)strlen(key));
  return at < 0 ? 0 : fake.kv[at].value.bytes;
}

static inline void fake_keep(const void *key, helix_u32 key_length, const void *value, helix_u32 length, helix_u32 ttl) {
  for (int i = fake.kv_count - 1; i >= 0; i--) {
    fake_entry *e = &fake.kv[i];
    if (e->key.length == key_length && memcmp(e->key.bytes, key, key_length) == 0) fake_remove(i);
  }
  if (fake.kv_count == FAKE_MAX) abort();
  fake.kv[fake.kv_count++] = (fake_entry){
      fake_copy(key, key_length), fake_copy(value, length), ttl ? fake.now + (helix_u64)ttl * 1000 : 0};
}

/* HELIX_OK when the key can be used; otherwise why not, already refused. */
static inline helix_i32 fake_check_key(const void *key, helix_u32 length) {
  if (fake_is_denied("kv")) return fake_refuse(HELIX_DENIED, "kv is not granted");
  if (!fake_is_utf8(key, length)) return fake_refuse(HELIX_INVALID, "the key is not UTF-8");
  if (length < 1 || length > FAKE_MAX_KEY) return fake_refuse(HELIX_INVALID, "a key has 1 to 200 characters");
  return HELIX_OK;
}

helix_i32 helix_kv_get(const void *key, helix_u32 key_length, void *out, helix_u32 capacity) {
  helix_i32 refused = fake_check_key(key, key_length);
  if (refused) return refused;
  int at = fake_find(key, key_length);
  if (at < 0) return fake_refuse(HELIX_NOT_FOUND, "nothing is kept for the key");
  return fake_answer(fake_copy(fake.kv[at].value.bytes, fake.kv[at].value.length), out, capacity);
}

helix_i32 helix_kv_set(const void *key, helix_u32 key_length, const void *value, helix_u32 length, helix_u32 ttl_seconds) {
  helix_i32 refused = fake_check_key(key, key_length);
  if (refused) return refused;
  if (length > FAKE_MAX_VALUE) return fake_refuse(HELIX_LIMIT, "a value is at most 65536 bytes long");
  fake_keep(key, key_length, value, length, ttl_seconds);
  return fake_done(0);
}

helix_i32 helix_kv_delete(const void *key, helix_u32 key_length) {
  helix_i32 refused = fake_check_key(key, key_length);
  if (refused) return refused;
  int at = fake_find(key, key_length);
  if (at >= 0) fake_remove(at);
  return fake_done(at >= 0);
}

static inline int fake_compare(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

helix_i32 helix_kv_list(const void *prefix, helix_u32 prefix_length, void *out, helix_u32 capacity) {
  static char text[FAKE_MAX * (FAKE_MAX_KEY * 6 + 3) + 2];
  char *keys[FAKE_MAX];
  int count = 0;
  if (fake_is_denied("kv")) return fake_refuse(HELIX_DENIED, "kv is not granted");
  if (!fake_is_utf8(prefix, prefix_length)) return fake_refuse(HELIX_INVALID, "the prefix is not UTF-8");
  for (int i = 0; i < fake.kv_count; i++) {
    fake_bytes key = fake.kv[i].key;
    int live = fake_find(key.bytes, key.length) >= 0;
    if (live && key.length >= prefix_length && memcmp(key.bytes, prefix, prefix_length) == 0) keys[count++] = key.bytes;
  }
  qsort(keys, (size_t)count, sizeof *keys, fake_compare);
  helix_text list = {text, sizeof text, 0, 0};
  ht_raw(&list, "[");
  for (int i = 0; i < count && i < 1000; i++) {
    ht_raw(&list, i ? ",\"" : "\"");
    for (const char *p = keys[i]; *p; p++) {
      if ((helix_byte)*p < 0x80) ht_character(&list, *p);
      else ht_byte(&list, *p);
    }
    ht_raw(&list, "\"");
  }
  ht_raw(&list, "]");
  return fake_answer(fake_copy(list.buffer, list.length), out, capacity);
}

/* ---- the rest of the ABI ---- */

helix_i32 helix_input_read(void *out, helix_u32 capacity) {
  return fake_answer(fake_copy(fake.input.bytes, fake.input.length), out, capacity);
}

helix_i32 helix_result_read(void *out, helix_u32 capacity) { return fake_give(fake.pending, out, capacity); }

helix_i32 helix_output_write(const void *text, helix_u32 length) {
  if (length > 1024 * 1024) return fake_refuse(HELIX_LIMIT, "the output is too long");
  free(fake.output);
  fake.output = fake_copy(text, length).bytes;
  return fake_done(0);
}

static inline int fake_is_event_type(helix_json type) {
  if (!hj_is_string(type)) return 0;
  const char *p = type.at + 1;
  int c, before = '.', length = 0;
  for (; (c = hj_character(&p, type.end)) >= 0; before = c, length++) {
    int letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!letter && (c != '.' || before == '.')) return 0;
  }
  return before != '.' && length <= 255;
}

helix_i32 helix_emit_event(const void *json, helix_u32 length) {
  static const char *const texts[] = {"subject", "key", "id", "time"};
  if (fake.event_count == FAKE_MAX_EVENTS) return fake_refuse(HELIX_LIMIT, "too many events in one call");
  if (length > 1024 * 1024) return fake_refuse(HELIX_LIMIT, "the event is too long");
  helix_json event = fake_is_utf8(json, length) ? hj_parse(json, length) : HJ_ABSENT;
  if (hj_is_absent(event) || *event.at != '{') return fake_refuse(HELIX_INVALID, "the event is not a JSON object");
  if (!fake_is_event_type(hj_get(event, "type"))) return fake_refuse(HELIX_INVALID, "the event type is not valid");
  for (int i = 0; i < 4; i++) {
    helix_json text = hj_get(event, texts[i]);
    if (!hj_is_absent(text) && !hj_is_string(text)) return fake_refuse(HELIX_INVALID, "a member must be a string");
  }
  if (fake_is_denied("emit")) return fake_refuse(HELIX_DENIED, "emit is not granted");
  fake.events[fake.event_count++] = fake_copy(json, length).bytes;
  return fake_done(0);
}

helix_i32 helix_get_config_value(const void *key, helix_u32 key_length, void *out, helix_u32 capacity) {
  if (!fake_is_utf8(key, key_length)) return fake_refuse(HELIX_INVALID, "the key is not UTF-8");
  helix_json config = hj_parse(fake.config, (helix_u32)strlen(fake.config));
  if (hj_is_absent(config)) abort();
  fake_bytes name = fake_copy(key, key_length);
  helix_json value = config;
  if (key_length) {
    const char *end = config.end;
    const char *p = hj_space(config.at + 1, end);
    value = HJ_ABSENT;
    for (; p < end && *p == '"'; p = hj_space(p + 1, end)) { /* hj_get takes null as absent, Helix does not */
      helix_json member = {p, end};
      p = hj_space(hj_space(hj_skip_string(p, end), end) + 1, end);
      if (hj_equals(member, name.bytes)) value = (helix_json){p, end};
      p = hj_space(hj_skip(p, end, 0), end);
      if (p >= end || *p != ',') break;
    }
  }
  fake_forget(&name);
  if (!value.at) return fake_refuse(HELIX_NOT_FOUND, "the configuration has no such key");
  return fake_answer(fake_copy(value.at, (helix_u32)(hj_skip(value.at, value.end, 0) - value.at)), out, capacity);
}

helix_i32 helix_log_message(helix_i32 level, const void *text, helix_u32 length) {
  if (level < HELIX_TRACE || level > HELIX_ERROR) return fake_refuse(HELIX_INVALID, "a level is 0 to 4");
  if (fake.log_count == FAKE_MAX_LOG_LINES) return fake_refuse(HELIX_LIMIT, "too many log lines in one call");
  fake.log[fake.log_count++] = (fake_line){level, fake_copy(text, length).bytes};
  return fake_done(0);
}

static inline const char *fake_secret(helix_json name) {
  for (fake_credential *c = fake.credentials; c->name; c++) {
    if (hj_equals(name, c->name)) return c->secret;
  }
  return 0;
}

/* HELIX_OK when there is such a secret and it may be used. */
static inline helix_i32 fake_check_credential(helix_json name) {
  if (!hj_is_string(name)) return fake_refuse(HELIX_INVALID, "a credential is asked for by its name");
  if (fake_is_denied("credential")) return fake_refuse(HELIX_DENIED, "credential is not granted");
  return fake_secret(name) ? HELIX_OK : fake_refuse(HELIX_NOT_FOUND, "there is no such credential");
}

/* How many bytes the body of an answer has. */
static inline helix_u32 fake_body_length(helix_json answer) {
  helix_json body64 = hj_get(answer, "body64"), body = hj_is_string(body64) ? body64 : hj_get(answer, "body");
  if (!hj_is_string(body)) return 0;
  helix_u32 length = 0, padding = 0;
  const char *p = body.at + 1;
  for (int c = hj_character(&p, body.end); c >= 0; c = hj_character(&p, body.end)) {
    length += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    padding += c == '=';
  }
  return hj_is_string(body64) ? length / 4 * 3 - padding : length;
}

helix_i32 helix_http_request(const void *request, helix_u32 length, void *out, helix_u32 capacity) {
  helix_json json = fake_is_utf8(request, length) ? hj_parse(request, length) : HJ_ABSENT;
  helix_json url = hj_get(json, "url");
  const char *p = url.at;
  int http = hj_is_string(url) && (strncmp(p, "\"http://", 8) == 0 || strncmp(p, "\"https://", 9) == 0);
  if (!http) return fake_refuse(HELIX_INVALID, "the request has no http or https URL");
  if (fake_is_denied("http")) return fake_refuse(HELIX_DENIED, "http is not granted");
  helix_json credential = hj_get(json, "credential");
  helix_i32 refused = hj_is_absent(credential) ? HELIX_OK : fake_check_credential(hj_get(credential, "name"));
  if (refused) return refused;
  const char *answer = fake.request_count < 16 ? fake.http_answers[fake.request_count] : 0;
  if (fake.request_count < 16) fake.requests[fake.request_count++] = fake_copy(request, length).bytes;
  if (!answer) return fake_refuse(HELIX_UNAVAILABLE, "nothing answers");
  if (fake_body_length(hj_parse(answer, (helix_u32)strlen(answer))) > FAKE_MAX_ANSWER) {
    return fake_refuse(HELIX_LIMIT, "the answer is longer than 1048576 bytes");
  }
  return fake_answer(fake_copy(answer, (helix_u32)strlen(answer)), out, capacity);
}

helix_i32 helix_now(helix_u64 *epoch_milliseconds) {
  memcpy(epoch_milliseconds, &fake.now, sizeof fake.now);
  return fake_done(0);
}

helix_i32 helix_random(void *out, helix_u32 length) {
  if (length > 65536) return fake_refuse(HELIX_LIMIT, "at most 65536 random bytes at a time");
  static helix_u32 state = 1;
  for (helix_u32 i = 0; i < length; i++) {
    state = state * 1664525u + 1013904223u;
    ((helix_byte *)out)[i] = (helix_byte)(state >> 24);
  }
  return fake_done(0);
}

helix_i32 helix_call(
    const void *service, helix_u32 service_length, const void *input, helix_u32 length, void *out, helix_u32 capacity) {
  static const char credential[] = "credential";
  if (!fake_is_utf8(service, service_length)) return fake_refuse(HELIX_INVALID, "the service is not UTF-8");
  if (service_length != sizeof credential - 1 || memcmp(service, credential, service_length) != 0) {
    return fake_refuse(HELIX_UNSUPPORTED, "there is no such service");
  }
  helix_json name = hj_get(fake_is_utf8(input, length) ? hj_parse(input, length) : HJ_ABSENT, "name");
  helix_i32 refused = fake_check_credential(name);
  if (refused) return refused;
  const char *secret = fake_secret(name);
  return fake_answer(fake_copy(secret, (helix_u32)strlen(secret)), out, capacity);
}

#endif
