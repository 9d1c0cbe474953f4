/*
 * QuickJS as a plugin of ABI helix/1. The packer (lib/pack.js) runs the functions helix_js_* of this module when an agent is
 * built, and writes the memory that they leave behind into the agent's module: an agent starts with its script already
 * read and run. Those functions are not in the agent's module.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <malloc.h>
#include <sys/time.h>

#include "quickjs.h"

#define IMPORT(name) __attribute__((import_module("helix"), import_name(#name)))
#define EXPORT(name) __attribute__((export_name(#name)))

IMPORT(helix_input_read) int32_t helix_input_read(void *out, int32_t cap);
IMPORT(helix_result_read) int32_t helix_result_read(void *out, int32_t cap);
IMPORT(helix_output_write) int32_t helix_output_write(const void *text, int32_t length);
IMPORT(helix_emit_event) int32_t helix_emit_event(const void *text, int32_t length);
IMPORT(helix_get_config_value)
int32_t helix_get_config_value(const void *key, int32_t length, void *out, int32_t cap);
IMPORT(helix_log_message) int32_t helix_log_message(int32_t level, const void *text, int32_t length);
IMPORT(helix_kv_get) int32_t helix_kv_get(const void *key, int32_t length, void *out, int32_t cap);
IMPORT(helix_kv_set)
int32_t helix_kv_set(const void *key, int32_t length, const void *value, int32_t value_length, int32_t ttl);
IMPORT(helix_kv_delete) int32_t helix_kv_delete(const void *key, int32_t length);
IMPORT(helix_kv_list) int32_t helix_kv_list(const void *prefix, int32_t length, void *out, int32_t cap);
IMPORT(helix_http_request) int32_t helix_http_request(const void *request, int32_t length, void *out, int32_t cap);
IMPORT(helix_now) int32_t helix_now(void *out);
IMPORT(helix_random) int32_t helix_random(void *out, int32_t length);
IMPORT(helix_call)
int32_t helix_call(const void *service, int32_t service_length, const void *in, int32_t in_length, void *out, int32_t cap);

enum { DONE = 0, FAILED = 1 };

/* Where the data begin: all below is stack (see -z stack-size and --stack-first in build.sh). */
extern unsigned char __global_base;

/*
 * A frame of JavaScript takes some hundred bytes of this stack and a multiple of that on the stack of the engine that runs
 * this module. With this bound the script gets a RangeError that it can catch before the engine gives up.
 */
#define SCRIPT_STACK (64 * 1024)

#define SCRATCH 16384
#define MAX_REJECTIONS 16

static JSRuntime *runtime;
static JSContext *context;
static JSValue dispatch = JS_UNDEFINED;
static JSValue initialize = JS_UNDEFINED;
static JSValue describe_error = JS_UNDEFINED;
static JSValue host_error = JS_UNDEFINED;
static JSValue set_lines = JS_UNDEFINED;
static JSValue list_handlers = JS_UNDEFINED;

static int sealed;       /* the script has been read: we run as a plugin */
static int began;        /* the context is complete: who asks for the time is the script */
static int clock_used;
static int random_used;
static uint64_t random_state;
static char scratch[SCRATCH + 1];

static struct {
  JSValue promise;
  JSValue reason;
} rejections[MAX_REJECTIONS];
static int rejection_count;

/* ---- what the C library would ask WASI for ---- */

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  int64_t milliseconds = 0;
  if (sealed) {
    helix_now(&milliseconds);
  } else if (began) {
    clock_used = 1;
  }
  time->tv_sec = milliseconds / 1000;
  time->tv_usec = (milliseconds % 1000) * 1000;
  return 0;
}

/* Of stdout and stderr, which only the debugging aids of QuickJS write to. */
size_t __stdio_write(void *file, const unsigned char *bytes, size_t length) { return length; }
int __stdio_close(void *file) { return 0; }
long long __stdio_seek(void *file, long long offset, int whence) { return -1; }

_Noreturn void __assert_fail(const char *expression, const char *file, int line, const char *function) {
  __builtin_trap();
}

/* ---- memory: as the default of QuickJS, but knowing the size of each block, which decides when garbage is collected ---- */

static void *engine_malloc(JSMallocState *state, size_t size) {
  void *block = malloc(size);
  if (block) {
    state->malloc_count++;
    state->malloc_size += malloc_usable_size(block) + 8;
  }
  return block;
}

static void engine_free(JSMallocState *state, void *block) {
  if (!block) return;
  state->malloc_count--;
  state->malloc_size -= malloc_usable_size(block) + 8;
  free(block);
}

static void *engine_realloc(JSMallocState *state, void *block, size_t size) {
  if (!block) return size ? engine_malloc(state, size) : NULL;
  if (!size) {
    engine_free(state, block);
    return NULL;
  }
  size_t before = malloc_usable_size(block);
  void *moved = realloc(block, size);
  if (moved) state->malloc_size += malloc_usable_size(moved) - before;
  return moved;
}

static size_t engine_usable_size(const void *block) { return malloc_usable_size((void *)block); }

static const JSMallocFunctions MEMORY = {engine_malloc, engine_free, engine_realloc, engine_usable_size};

/* ---- texts and answers ---- */

typedef struct {
  const char *at;
  size_t length;
} text;

static int take_text(JSContext *ctx, JSValueConst value, text *out) {
  out->at = JS_ToCStringLen(ctx, &out->length, value);
  return out->at ? 0 : -1;
}

static void give_back(JSContext *ctx, text taken) { JS_FreeCString(ctx, taken.at); }

/* A string as UTF-8, or the bytes of a Uint8Array or ArrayBuffer. `owner` is what to free afterwards, if anything. */
typedef struct {
  const void *at;
  size_t length;
  const char *owner;
  JSValue buffer;
} payload;

static int take_payload(JSContext *ctx, JSValueConst value, payload *out) {
  out->owner = NULL;
  out->buffer = JS_UNDEFINED;
  if (!JS_IsObject(value)) {
    out->at = out->owner = JS_ToCStringLen(ctx, &out->length, value);
    return out->owner ? 0 : -1;
  }
  size_t offset, length, whole;
  JSValue buffer = JS_GetTypedArrayBuffer(ctx, value, &offset, &length, NULL);
  if (JS_IsException(buffer)) return -1;
  uint8_t *bytes = JS_GetArrayBuffer(ctx, &whole, buffer);
  if (!bytes && length) {
    JS_FreeValue(ctx, buffer);
    return -1;
  }
  out->at = bytes + offset;
  out->length = length;
  out->buffer = buffer;
  return 0;
}

static void drop_payload(JSContext *ctx, payload *taken) {
  if (taken->owner) JS_FreeCString(ctx, taken->owner);
  JS_FreeValue(ctx, taken->buffer);
}

/* The pending result of `length` bytes, which is in `scratch` already when it fits. NUL terminated; free with drop_answer. */
static char *answer(JSContext *ctx, int32_t length) {
  if (length <= SCRATCH) {
    scratch[length] = 0;
    return scratch;
  }
  char *long_answer = js_malloc(ctx, (size_t)length + 1);
  if (!long_answer) return NULL;
  helix_result_read(long_answer, length);
  long_answer[length] = 0;
  return long_answer;
}

static void drop_answer(JSContext *ctx, char *taken) {
  if (taken != scratch) js_free(ctx, taken);
}

static JSValue refuse(JSContext *ctx, int32_t code) {
  int32_t length = helix_result_read(scratch, SCRATCH);
  char *reason = answer(ctx, length);
  if (!reason) return JS_EXCEPTION;
  JSValue arguments[] = {JS_NewInt32(ctx, code), JS_NewStringLen(ctx, reason, (size_t)length)};
  drop_answer(ctx, reason);
  JSValue error = JS_Call(ctx, host_error, JS_UNDEFINED, 2, arguments);
  JS_FreeValue(ctx, arguments[1]);
  return JS_IsException(error) ? error : JS_Throw(ctx, error);
}

static JSValue done(JSContext *ctx, int32_t result) { return result < 0 ? refuse(ctx, result) : JS_UNDEFINED; }

static JSValue new_bytes(JSContext *ctx, const void *bytes, size_t length) {
  JSValue buffer = JS_NewArrayBufferCopy(ctx, bytes, length);
  if (JS_IsException(buffer)) return buffer;
  JSValueConst arguments[] = {buffer, JS_UNDEFINED, JS_UNDEFINED}; /* it reads all three */
  JSValue array = JS_NewTypedArray(ctx, 3, arguments, JS_TYPED_ARRAY_UINT8);
  JS_FreeValue(ctx, buffer);
  return array;
}

enum shape { AS_TEXT, AS_JSON, AS_BYTES };

static JSValue answer_value(JSContext *ctx, int32_t result, enum shape shape) {
  if (result < 0) return refuse(ctx, result);
  char *taken = answer(ctx, result);
  if (!taken) return JS_EXCEPTION;
  JSValue value = shape == AS_BYTES  ? new_bytes(ctx, taken, (size_t)result)
                  : shape == AS_JSON ? JS_ParseJSON(ctx, taken, (size_t)result, "<host>")
                                     : JS_NewStringLen(ctx, taken, (size_t)result);
  drop_answer(ctx, taken);
  return value;
}

static int refuse_while_building(JSContext *ctx) {
  if (sealed) return 0;
  JS_ThrowTypeError(ctx, "Helix is not there yet: the top level of an agent runs once, when it is built; do this in a "
                         "handler or in onStart");
  return -1;
}

/* ---- what the prelude calls ---- */

#define NATIVE(name) static JSValue name(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv)
#define ONLY_AT_RUN_TIME \
  if (refuse_while_building(ctx)) return JS_EXCEPTION

NATIVE(native_output) {
  /* also while building: the packer wants to know what went wrong */
  text output;
  if (take_text(ctx, argv[0], &output)) return JS_EXCEPTION;
  int32_t result = helix_output_write(output.at, (int32_t)output.length);
  give_back(ctx, output);
  return done(ctx, result);
}

NATIVE(native_emit) {
  ONLY_AT_RUN_TIME;
  text event;
  if (take_text(ctx, argv[0], &event)) return JS_EXCEPTION;
  int32_t result = helix_emit_event(event.at, (int32_t)event.length);
  give_back(ctx, event);
  return done(ctx, result);
}

NATIVE(native_config) {
  ONLY_AT_RUN_TIME;
  return answer_value(ctx, helix_get_config_value("", 0, scratch, SCRATCH), AS_JSON);
}

NATIVE(native_log) {
  int32_t level;
  text message;
  if (JS_ToInt32(ctx, &level, argv[0]) || take_text(ctx, argv[1], &message)) return JS_EXCEPTION;
  int32_t result = helix_log_message(level, message.at, (int32_t)message.length);
  give_back(ctx, message);
  return done(ctx, result);
}

NATIVE(native_kv_get) {
  ONLY_AT_RUN_TIME;
  text key;
  if (take_text(ctx, argv[0], &key)) return JS_EXCEPTION;
  int32_t result = helix_kv_get(key.at, (int32_t)key.length, scratch, SCRATCH);
  give_back(ctx, key);
  return answer_value(ctx, result, JS_ToBool(ctx, argv[1]) ? AS_BYTES : AS_TEXT);
}

NATIVE(native_kv_set) {
  ONLY_AT_RUN_TIME;
  text key;
  payload value;
  int32_t ttl;
  if (JS_ToInt32(ctx, &ttl, argv[2]) || take_text(ctx, argv[0], &key)) return JS_EXCEPTION;
  if (take_payload(ctx, argv[1], &value)) {
    give_back(ctx, key);
    return JS_EXCEPTION;
  }
  int32_t result = helix_kv_set(key.at, (int32_t)key.length, value.at, (int32_t)value.length, ttl);
  give_back(ctx, key);
  drop_payload(ctx, &value);
  return done(ctx, result);
}

NATIVE(native_kv_remove) {
  ONLY_AT_RUN_TIME;
  text key;
  if (take_text(ctx, argv[0], &key)) return JS_EXCEPTION;
  int32_t result = helix_kv_delete(key.at, (int32_t)key.length);
  give_back(ctx, key);
  return result < 0 ? refuse(ctx, result) : JS_NewBool(ctx, result);
}

NATIVE(native_kv_list) {
  ONLY_AT_RUN_TIME;
  text prefix;
  if (take_text(ctx, argv[0], &prefix)) return JS_EXCEPTION;
  int32_t result = helix_kv_list(prefix.at, (int32_t)prefix.length, scratch, SCRATCH);
  give_back(ctx, prefix);
  return answer_value(ctx, result, AS_JSON);
}

NATIVE(native_http) {
  ONLY_AT_RUN_TIME;
  text request;
  if (take_text(ctx, argv[0], &request)) return JS_EXCEPTION;
  int32_t result = helix_http_request(request.at, (int32_t)request.length, scratch, SCRATCH);
  give_back(ctx, request);
  return answer_value(ctx, result, AS_JSON);
}

NATIVE(native_call) {
  ONLY_AT_RUN_TIME;
  text service;
  payload in;
  if (take_text(ctx, argv[0], &service)) return JS_EXCEPTION;
  if (take_payload(ctx, argv[1], &in)) {
    give_back(ctx, service);
    return JS_EXCEPTION;
  }
  int32_t result =
      helix_call(service.at, (int32_t)service.length, in.at, (int32_t)in.length, scratch, SCRATCH);
  give_back(ctx, service);
  drop_payload(ctx, &in);
  return answer_value(ctx, result, JS_ToBool(ctx, argv[2]) ? AS_BYTES : AS_TEXT);
}

NATIVE(native_now) {
  ONLY_AT_RUN_TIME;
  int64_t milliseconds = 0;
  int32_t result = helix_now(&milliseconds);
  return result < 0 ? refuse(ctx, result) : JS_NewInt64(ctx, milliseconds);
}

NATIVE(native_random) {
  ONLY_AT_RUN_TIME;
  int32_t length;
  if (JS_ToInt32(ctx, &length, argv[0])) return JS_EXCEPTION;
  if (length < 0 || length > 65536) return JS_ThrowRangeError(ctx, "0 to 65,536 random bytes at a time");
  char *bytes = js_malloc(ctx, (size_t)length + 1);
  if (!bytes) return JS_EXCEPTION;
  int32_t result = helix_random(bytes, length);
  JSValue value = result < 0 ? refuse(ctx, result) : new_bytes(ctx, bytes, (size_t)length);
  js_free(ctx, bytes);
  return value;
}

NATIVE(native_math_random) {
  if (!sealed) random_used = 1;
  while (!random_state) {
    if (!sealed) {
      random_state = 1;
    } else if (helix_random(&random_state, sizeof random_state) < 0) {
      return refuse(ctx, -6);
    }
  }
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return JS_NewFloat64(ctx, (double)((random_state * 0x2545f4914f6cdd1dULL) >> 11) * 0x1p-53);
}

NATIVE(native_to_utf8) {
  text string;
  if (take_text(ctx, argv[0], &string)) return JS_EXCEPTION;
  JSValue bytes = new_bytes(ctx, string.at, string.length);
  give_back(ctx, string);
  return bytes;
}

NATIVE(native_from_utf8) {
  payload bytes;
  if (take_payload(ctx, argv[0], &bytes)) return JS_EXCEPTION;
  JSValue string = JS_NewStringLen(ctx, bytes.at, bytes.length);
  drop_payload(ctx, &bytes);
  return string;
}

static const char BASE64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

NATIVE(native_to_base64) {
  payload bytes;
  if (take_payload(ctx, argv[0], &bytes)) return JS_EXCEPTION;
  size_t length = (bytes.length + 2) / 3 * 4;
  char *out = js_malloc(ctx, length + 1);
  if (!out) {
    drop_payload(ctx, &bytes);
    return JS_EXCEPTION;
  }
  const uint8_t *in = bytes.at;
  char *o = out;
  for (size_t i = 0; i < bytes.length; i += 3) {
    size_t left = bytes.length - i;
    uint32_t word = (uint32_t)in[i] << 16 | (left > 1 ? in[i + 1] << 8 : 0) | (left > 2 ? in[i + 2] : 0);
    *o++ = BASE64[word >> 18];
    *o++ = BASE64[word >> 12 & 63];
    *o++ = left > 1 ? BASE64[word >> 6 & 63] : '=';
    *o++ = left > 2 ? BASE64[word & 63] : '=';
  }
  drop_payload(ctx, &bytes);
  JSValue string = JS_NewStringLen(ctx, out, length);
  js_free(ctx, out);
  return string;
}

static int base64_digit(int c) {
  return c >= 'A' && c <= 'Z'   ? c - 'A'
         : c >= 'a' && c <= 'z' ? c - 'a' + 26
         : c >= '0' && c <= '9' ? c - '0' + 52
         : c == '+' || c == '-' ? 62
         : c == '/' || c == '_' ? 63
                                : -1;
}

/* Undefined when it is not Base64. White space is skipped, the padding may be left out. */
NATIVE(native_from_base64) {
  text string;
  if (take_text(ctx, argv[0], &string)) return JS_EXCEPTION;
  uint8_t *out = js_malloc(ctx, string.length / 4 * 3 + 4);
  if (!out) {
    give_back(ctx, string);
    return JS_EXCEPTION;
  }
  size_t length = 0, digits = 0, padding = 0;
  uint32_t word = 0;
  int valid = 1;
  for (size_t i = 0; i < string.length && valid; i++) {
    int c = (unsigned char)string.at[i];
    if (c == ' ' || (c >= '\t' && c <= '\r')) continue;
    int digit = base64_digit(c);
    if (c == '=') {
      padding++;
    } else if (digit < 0 || padding) {
      valid = 0;
    } else {
      word = word << 6 | (uint32_t)digit;
      if (digits++ % 4) out[length++] = (uint8_t)(word >> (6 - 2 * ((digits - 1) % 4)));
    }
  }
  valid = valid && digits % 4 != 1 && padding <= 2 && (!padding || (digits + padding) % 4 == 0);
  give_back(ctx, string);
  JSValue bytes = valid ? new_bytes(ctx, out, length) : JS_UNDEFINED;
  js_free(ctx, out);
  return bytes;
}

static const JSCFunctionListEntry NATIVES[] = {
    JS_CFUNC_DEF("output", 1, native_output),
    JS_CFUNC_DEF("emit", 1, native_emit),
    JS_CFUNC_DEF("config", 0, native_config),
    JS_CFUNC_DEF("log", 2, native_log),
    JS_CFUNC_DEF("kvGet", 2, native_kv_get),
    JS_CFUNC_DEF("kvSet", 3, native_kv_set),
    JS_CFUNC_DEF("kvRemove", 1, native_kv_remove),
    JS_CFUNC_DEF("kvList", 1, native_kv_list),
    JS_CFUNC_DEF("http", 1, native_http),
    JS_CFUNC_DEF("call", 3, native_call),
    JS_CFUNC_DEF("now", 0, native_now),
    JS_CFUNC_DEF("random", 1, native_random),
    JS_CFUNC_DEF("mathRandom", 0, native_math_random),
    JS_CFUNC_DEF("toUtf8", 1, native_to_utf8),
    JS_CFUNC_DEF("fromUtf8", 1, native_from_utf8),
    JS_CFUNC_DEF("toBase64", 1, native_to_base64),
    JS_CFUNC_DEF("fromBase64", 1, native_from_base64),
};

/* ---- running JavaScript ---- */

static int32_t fail_plainly(const char *reason) {
  helix_output_write(reason, (int32_t)strlen(reason));
  return FAILED;
}

/* Says what was thrown, and how the call ends. Takes the value. */
static int32_t fail(JSValue thrown) {
  JSValueConst arguments[] = {thrown};
  JSValue code = JS_Call(context, describe_error, JS_UNDEFINED, 1, arguments);
  JS_FreeValue(context, thrown);
  int32_t number = FAILED;
  if (JS_IsException(code)) {
    JS_FreeValue(context, JS_GetException(context));
    return fail_plainly("out of memory");
  }
  JS_ToInt32(context, &number, code);
  JS_FreeValue(context, code);
  return number;
}

static void on_rejection(JSContext *ctx, JSValueConst promise, JSValueConst reason, JS_BOOL is_handled, void *opaque) {
  for (int i = 0; is_handled && i < rejection_count; i++) {
    if (JS_VALUE_GET_PTR(rejections[i].promise) == JS_VALUE_GET_PTR(promise)) {
      JS_FreeValue(ctx, rejections[i].promise);
      JS_FreeValue(ctx, rejections[i].reason);
      rejections[i] = rejections[--rejection_count];
      return;
    }
  }
  if (!is_handled && rejection_count < MAX_REJECTIONS) {
    rejections[rejection_count].promise = JS_DupValue(ctx, promise);
    rejections[rejection_count++].reason = JS_DupValue(ctx, reason);
  }
}

static void forget_rejections(void) {
  while (rejection_count) {
    rejection_count--;
    JS_FreeValue(context, rejections[rejection_count].promise);
    JS_FreeValue(context, rejections[rejection_count].reason);
  }
}

static int run_jobs(void) {
  JSContext *of_job;
  int ran;
  while ((ran = JS_ExecutePendingJob(runtime, &of_job)) > 0) {
  }
  return ran;
}

/* How a call ends that gave `result`: with every promise settled that can be. Takes the result. */
static int32_t settle(JSValue result) {
  if (JS_IsException(result)) {
    JSValue thrown = JS_GetException(context);
    run_jobs();
    return fail(thrown);
  }
  if (run_jobs() < 0) {
    JS_FreeValue(context, result);
    return fail(JS_GetException(context));
  }
  int32_t code = DONE;
  JSPromiseStateEnum state = JS_PromiseState(context, result);
  if (state == JS_PROMISE_REJECTED) {
    code = fail(JS_PromiseResult(context, result));
  } else if (state == JS_PROMISE_PENDING) {
    code = fail_plainly("waits for a promise that nothing will settle: there are no timers, and calls of Helix are "
                        "synchronous");
  } else if (rejection_count) {
    code = fail(JS_DupValue(context, rejections[0].reason));
  }
  JS_FreeValue(context, result);
  return code;
}

static int32_t run(JSValueConst function, int argc, JSValueConst *argv) {
  JS_UpdateStackTop(runtime);
  int32_t code = settle(JS_Call(context, function, JS_UNDEFINED, argc, argv));
  forget_rejections();
  return code;
}

static JSValue read_event(int32_t length) {
  char *buffer = length <= SCRATCH ? scratch : js_malloc(context, (size_t)length + 1);
  if (!buffer) return JS_EXCEPTION;
  helix_input_read(buffer, length);
  buffer[length] = 0;
  JSValue event = JS_ParseJSON(context, buffer, (size_t)length, "event");
  drop_answer(context, buffer);
  return event;
}

static int32_t handle(int handler, int32_t length) {
  if (!sealed) return fail_plainly("this is the bare engine: an agent is built with helix-js");
  JS_UpdateStackTop(runtime);
  JSValue event = read_event(length);
  if (JS_IsException(event)) return fail(JS_GetException(context));
  JSValueConst arguments[] = {JS_NewInt32(context, handler), event};
  int32_t code = run(dispatch, 2, arguments);
  JS_FreeValue(context, event);
  return code;
}

EXPORT(helix_init) int32_t start(void) {
  if (!sealed) return fail_plainly("this is the bare engine: an agent is built with helix-js");
  return run(initialize, 0, NULL);
}

#define HANDLER(n) \
  __attribute__((export_name("helix_handle_" #n))) int32_t handler_##n(int32_t length) { return handle(n, length); }
HANDLER(0)
HANDLER(1)
HANDLER(2)
HANDLER(3)
HANDLER(4)
HANDLER(5)
HANDLER(6)
HANDLER(7)
HANDLER(8)
HANDLER(9)
HANDLER(10)
HANDLER(11)
HANDLER(12)
HANDLER(13)
HANDLER(14)
HANDLER(15)

/* ---- for the packer ---- */

EXPORT(helix_js_alloc) void *allocate(int32_t size) { return malloc((size_t)size); }

EXPORT(helix_js_free) void release(void *block) { free(block); }

/* Below it is only stack, which holds nothing between two calls. */
EXPORT(helix_js_data_start) int32_t data_start(void) { return (int32_t)(uintptr_t)&__global_base; }

static JSValue member(JSValueConst object, const char *name) { return JS_GetPropertyStr(context, object, name); }

/* `source` is an expression whose value is a function: it is given the natives, and gives what we call. */
EXPORT(helix_js_begin) int32_t begin(const char *source, int32_t length) {
  runtime = JS_NewRuntime2(&MEMORY, NULL);
  JS_SetMaxStackSize(runtime, SCRIPT_STACK);
  JS_SetHostPromiseRejectionTracker(runtime, on_rejection, NULL);
  context = JS_NewContext(runtime);

  JSValue natives = JS_NewObject(context);
  JS_SetPropertyFunctionList(context, natives, NATIVES, sizeof NATIVES / sizeof NATIVES[0]);
  JSValue prelude = JS_Eval(context, source, (size_t)length, "helix.js", JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_STRICT);
  JSValueConst arguments[] = {natives};
  JSValue ours = JS_IsException(prelude) ? prelude : JS_Call(context, prelude, JS_UNDEFINED, 1, arguments);
  JS_FreeValue(context, natives);
  if (JS_IsException(ours)) {
    JSValue thrown = JS_GetException(context);
    const char *reason = JS_ToCString(context, thrown);
    return fail_plainly(reason ? reason : "the prelude failed");
  }
  JS_FreeValue(context, prelude);
  dispatch = member(ours, "dispatch");
  initialize = member(ours, "initialize");
  describe_error = member(ours, "describeError");
  host_error = member(ours, "hostError");
  set_lines = member(ours, "setLines");
  list_handlers = member(ours, "listHandlers");
  JS_FreeValue(context, ours);
  began = 1;
  return DONE;
}

/* `table`: which line of the sources each line of the script is from, for the prelude. */
EXPORT(helix_js_lines) int32_t lines(const char *table, int32_t length) {
  JSValue parsed = JS_ParseJSON(context, table, (size_t)length, "lines");
  if (JS_IsException(parsed)) return fail(JS_GetException(context));
  JSValueConst arguments[] = {parsed};
  int32_t code = run(set_lines, 1, arguments);
  JS_FreeValue(context, parsed);
  return code;
}

EXPORT(helix_js_script) int32_t script(const char *source, int32_t length) {
  JS_UpdateStackTop(runtime);
  int32_t code = settle(JS_Eval(context, source, (size_t)length, "agent.js", JS_EVAL_TYPE_GLOBAL));
  forget_rejections();
  return code;
}

/* Writes the handlers that the script has registered to the output. */
EXPORT(helix_js_handlers) int32_t handlers(void) { return run(list_handlers, 0, NULL); }

/* From now on it is a plugin. Gives 1 when the script has asked for the time, 2 for a random number, 3 for both. */
EXPORT(helix_js_seal) int32_t seal(void) {
  JS_RunGC(runtime);
  memset(scratch, 0, sizeof scratch);
  random_state = 0;
  sealed = 1;
  return clock_used | random_used << 1;
}
