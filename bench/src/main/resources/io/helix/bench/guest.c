/* What the benchmarks of plugins run: the digest of the C SDK's example, and handlers that measure one thing each. */
#include "issue-digest.c" /* brings helix_handle, which emits its digest */

/* The same digest as an output: without the host's work on an emitted event. */
HELIX_HANDLER(digest_output)(helix_i32 length) {
  if (length < 0 || length > MAX_INPUT) return fail("the event is too long");
  helix_input_read(input, MAX_INPUT);
  helix_json data = hj_get(hj_parse(input, (helix_u32)length), "data");
  helix_i32 config_length = helix_get_config_value("", 0, config_text, MAX_CONFIG);
  if (config_length < 0 || config_length > MAX_CONFIG) return fail("the configuration is too long");
  helix_json config = hj_parse(config_text, (helix_u32)config_length);
  helix_text out = {digest, MAX_DIGEST, 0, 0};
  write_digest(&out, config, hj_get(hj_get(data, "repository"), "full_name"), hj_get(data, "issue"));
  return out.overflow ? fail("the digest is too long") : helix_output_write(out.buffer, out.length);
}

/* No work at all: what a call with so many bytes in and out costs. */
HELIX_HANDLER(echo)(helix_i32 length) {
  if (length < 0 || length > MAX_INPUT) return fail("the event is too long");
  helix_input_read(input, MAX_INPUT);
  return helix_output_write(input, (helix_u32)length);
}

#define CELLS 16384

static helix_byte composite[CELLS];
volatile helix_u32 computed; /* so that the work is not dropped */

/* Nothing but work: a sieve, which lives on memory, and a hash, which lives on registers. */
HELIX_HANDLER(compute)(helix_i32 length) {
  helix_u64 hash = 14695981039346656037ULL + (helix_u32)length;
  for (helix_u32 i = 0; i < CELLS; i++) composite[i] = 0;
  for (helix_u32 i = 2; i < CELLS; i++) {
    if (composite[i]) continue;
    hash = (hash ^ i) * 1099511628211ULL;
    for (helix_u32 multiple = i + i; multiple < CELLS; multiple += i) composite[multiple] = 1;
  }
  for (helix_u32 i = 0; i < 4 * CELLS; i++) {
    hash ^= hash << 13;
    hash ^= hash >> 7;
    hash ^= hash << 17;
  }
  computed = (helix_u32)(hash ^ hash >> 32);
  return HELIX_OK;
}

/* The hostile ones. */
HELIX_HANDLER(spin)(helix_i32 length) {
  helix_u32 n = (helix_u32)length;
  for (;;) computed = n++;
}

extern helix_byte __heap_base; /* of the linker */

HELIX_HANDLER(grow)(helix_i32 length) {
  while (__builtin_wasm_memory_grow(0, 1) != (unsigned long)-1) length++;
  for (unsigned long at = 0; at < __builtin_wasm_memory_size(0) << 16; at += 4096) {
    if (at >= (unsigned long)&__heap_base) *(volatile helix_byte *)at = (helix_byte)length;
  }
  return HELIX_OK;
}

HELIX_HANDLER(flood)(helix_i32 length) {
  for (;;) {
    helix_input_read(input, MAX_INPUT);
    helix_output_write(input, (helix_u32)length);
  }
}
