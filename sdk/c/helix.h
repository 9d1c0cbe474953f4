/*
 * Helix agents in C: ABI helix/1, complete. No libc needed.
 *
 * An agent is a module that exports a handler: i32 handler(i32 input_length). It reads its event with
 * helix_input_read, emits events, and returns HELIX_OK, HELIX_FAILED or HELIX_RETRY. Nothing it leaves in memory may be
 * relied on in the next call.
 */
#ifndef HELIX_H
#define HELIX_H

typedef unsigned char helix_byte;
typedef signed int helix_i32;
typedef unsigned int helix_u32;
typedef unsigned long long helix_u64;

#ifdef __wasm__
#define HELIX_IMPORT(name) __attribute__((import_module("helix"), import_name(#name))) extern helix_i32 name
#else
#define HELIX_IMPORT(name) extern helix_i32 name /* a test brings them */
#endif

/* What a handler returns. For the last two, helix_output_write tells the reason. */
#define HELIX_OK 0     /* done; what was emitted is published */
#define HELIX_FAILED 1 /* the same call will fail again */
#define HELIX_RETRY 2  /* the same call may succeed later */

/* What a host function returns when it fails; helix_result_read then gives the reason as text. */
#define HELIX_NOT_FOUND -1
#define HELIX_DENIED -2
#define HELIX_INVALID -3
#define HELIX_LIMIT -4
#define HELIX_UNAVAILABLE -5
#define HELIX_INTERNAL -6
#define HELIX_UNSUPPORTED -7

#define HELIX_TRACE 0
#define HELIX_DEBUG 1
#define HELIX_INFO 2
#define HELIX_WARN 3
#define HELIX_ERROR 4

/*
 * Functions with (out, capacity) return the full length of the result. If it is over the capacity, nothing was written:
 * fetch it with helix_result_read, which does not do the call again. A range outside of the memory ends the call.
 */

/* The event as CloudEvents JSON; may be read again. */
HELIX_IMPORT(helix_input_read)(void *out, helix_u32 capacity);
/* What did not fit, or why the last call was refused; until the next call of another function. */
HELIX_IMPORT(helix_result_read)(void *out, helix_u32 capacity);
/* The output of an action, the reply of a source to a request, or the reason of a failure; the last one counts. */
HELIX_IMPORT(helix_output_write)(const void *text, helix_u32 length);
/* One JSON document: {"type", "data", "subject"?, "key"?, "id"?, "time"?}. Published when the handler returns HELIX_OK. */
HELIX_IMPORT(helix_emit_event)(const void *json, helix_u32 length);
/* A top-level value as JSON text; the empty key is the whole configuration. */
HELIX_IMPORT(helix_get_config_value)(const void *key, helix_u32 key_length, void *out, helix_u32 capacity);
HELIX_IMPORT(helix_log_message)(helix_i32 level, const void *text, helix_u32 length);

/* What is kept between calls: needs "capabilities": {"kv": true} in helix.json. */
HELIX_IMPORT(helix_kv_get)(const void *key, helix_u32 key_length, void *out, helix_u32 capacity);
/* ttl_seconds 0: kept until it is deleted. */
HELIX_IMPORT(helix_kv_set)
(const void *key, helix_u32 key_length, const void *value, helix_u32 length, helix_u32 ttl_seconds);
/* 1 when there was one, 0 when not. */
HELIX_IMPORT(helix_kv_delete)(const void *key, helix_u32 key_length);
/* JSON array of the keys that begin so, in order; at most 1,000. */
HELIX_IMPORT(helix_kv_list)(const void *prefix, helix_u32 prefix_length, void *out, helix_u32 capacity);

/*
 * {"method"?, "url", "headers"?, "body"? or "body64"?, "timeoutMs"?, "credential"?: {"name", "header"?, "prefix"?}}
 * -> {"status", "headers", "body" or "body64"}.
 * Needs "capabilities": {"http": ["api.example.com"], "credentials": ["name"]}, and the operator's policies.
 */
HELIX_IMPORT(helix_http_request)(const void *request, helix_u32 length, void *out, helix_u32 capacity);

/* Writes milliseconds since 1970. */
HELIX_IMPORT(helix_now)(helix_u64 *epoch_milliseconds);
/* At most 65,536 bytes at a time. */
HELIX_IMPORT(helix_random)(void *out, helix_u32 length);

/*
 * What has no function of its own; HELIX_UNSUPPORTED when this Helix does not know the service.
 * Service "credential", input {"name", "purpose"?}: the bytes of the secret. Needs "capabilities": {"credentials": [..]}.
 */
HELIX_IMPORT(helix_call)
(const void *service, helix_u32 service_length, const void *input, helix_u32 length, void *out, helix_u32 capacity);

#ifdef __wasm__
/* Exports a function as a handler: HELIX_HANDLER(helix_handle)(helix_i32 length) { ... } */
#define HELIX_HANDLER(name) __attribute__((export_name(#name))) helix_i32 name

/* Runs once when the configuration is there: HELIX_INIT { ... return HELIX_OK; }. Not HELIX_OK refuses to start. */
#define HELIX_INIT __attribute__((export_name("helix_init"))) helix_i32 helix_init(void)

/* Embeds the file as the manifest; give the folder with -I or build where it is. Once per plugin, at file scope. */
#define HELIX_MANIFEST(file) \
  __asm__(".section .custom_section.helix.manifest,\"\",@\n .incbin \"" file "\"\n .text\n")

/* clang turns loops into calls of these; a plugin without libc has to bring them. */
#ifndef HELIX_WITH_LIBC
__attribute__((weak)) void *memcpy(void *to, const void *from, unsigned long n) {
  helix_byte *t = to;
  const helix_byte *f = from;
  while (n--) *t++ = *f++;
  return to;
}

__attribute__((weak)) void *memset(void *to, int value, unsigned long n) {
  helix_byte *t = to;
  while (n--) *t++ = (helix_byte)value;
  return to;
}
#endif

#else /* an ordinary program, to test an agent in */
#define HELIX_HANDLER(name) helix_i32 name
#define HELIX_INIT helix_i32 helix_init(void)
#define HELIX_MANIFEST(file) extern const char helix_manifest_is_for_wasm
#endif

#endif
