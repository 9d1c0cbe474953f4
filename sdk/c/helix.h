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

#define HELIX_IMPORT(name) __attribute__((import_module("helix"), import_name(#name))) extern helix_i32 name

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
 * fetch it with helix_result_read, which does not do the call again.
 */
HELIX_IMPORT(helix_input_read)(void *out, helix_u32 capacity);
HELIX_IMPORT(helix_result_read)(void *out, helix_u32 capacity);
HELIX_IMPORT(helix_output_write)(const void *text, helix_u32 length);
/* One JSON document: {"type": "...", "data": ..., "subject"?: "...", "key"?: "..."}; at most 100 in one call. */
HELIX_IMPORT(helix_emit_event)(const void *json, helix_u32 length);
/* The value as JSON text; the empty key is the whole configuration. */
HELIX_IMPORT(helix_get_config_value)(const void *key, helix_u32 key_length, void *out, helix_u32 capacity);
HELIX_IMPORT(helix_log_message)(helix_i32 level, const void *text, helix_u32 length);
/* The next three need "capabilities": {"kv": true} in helix.json. */
HELIX_IMPORT(helix_kv_get)(const void *key, helix_u32 key_length, void *out, helix_u32 capacity);
HELIX_IMPORT(helix_kv_set)
(const void *key, helix_u32 key_length, const void *value, helix_u32 length, helix_u32 ttl_seconds);
HELIX_IMPORT(helix_kv_delete)(const void *key, helix_u32 key_length);
/* {"method", "url", "headers", "body" or "body64", "timeoutMs"} -> {"status", "headers", "body" or "body64"}.
 * Needs "capabilities": {"http": ["api.example.com"]}, and the operator's policies. */
HELIX_IMPORT(helix_http_request)(const void *request, helix_u32 length, void *out, helix_u32 capacity);
HELIX_IMPORT(helix_now)(helix_u64 *epoch_milliseconds);
HELIX_IMPORT(helix_random)(void *out, helix_u32 length);

/* Exports a function as a handler: HELIX_HANDLER(helix_handle)(helix_i32 length) { ... } */
#define HELIX_HANDLER(name) __attribute__((export_name(#name))) helix_i32 name

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

#endif
