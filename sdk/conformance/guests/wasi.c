/* The part of WASI that is there, and that the rest answers with an error. */
#include "guest.h"

HELIX_MANIFEST("wasi.json");

#define WASI(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name))) extern helix_i32 wasi_##name

typedef struct {
  const void *at;
  helix_u32 length;
} part;

WASI(fd_write)(helix_i32 fd, const part *parts, helix_u32 count, helix_u32 *written);
WASI(fd_read)(helix_i32 fd, const part *parts, helix_u32 count, helix_u32 *read);
WASI(fd_close)(helix_i32 fd);
WASI(fd_prestat_get)(helix_i32 fd, void *prestat);
WASI(path_open)
(helix_i32 fd, helix_i32 flags, const void *path, helix_u32 length, helix_i32 oflags, helix_u64 rights, helix_u64 inheriting,
 helix_i32 fdflags, helix_u32 *opened);
WASI(clock_time_get)(helix_i32 clock, helix_u64 precision, helix_u64 *time);
WASI(clock_res_get)(helix_i32 clock, helix_u64 *resolution);
WASI(random_get)(void *out, helix_u32 length);
WASI(args_sizes_get)(helix_u32 *count, helix_u32 *size);
WASI(args_get)(void *pointers, void *text);
WASI(environ_sizes_get)(helix_u32 *count, helix_u32 *size);
WASI(environ_get)(void *pointers, void *text);
WASI(sched_yield)(void);
__attribute__((noreturn, import_module("wasi_snapshot_preview1"), import_name("proc_exit"))) extern void wasi_proc_exit(helix_i32 code);

/* {"writes": [..], "fd": n} */
HELIX_HANDLER(write)(helix_i32 length) {
  helix_json data = begin(length);
  ht_raw(&out, "[");
  for (helix_json w = hj_first(hj_get(data, "writes")); !hj_is_absent(w); w = hj_next(w)) {
    bytes text = argument(w, buffer);
    helix_u32 half = text.length / 2, written = 0;
    part parts[2] = {{text.at, half}, {text.at + half, text.length - half}};
    helix_i32 result = wasi_fd_write((helix_i32)number_or(hj_get(data, "fd"), 1), parts, 2, &written);
    ht_raw(&out, out.length > 1 ? ",{" : "{");
    member_number("result", result);
    member_number("written", (helix_i32)written);
    ht_raw(&out, "}");
  }
  ht_raw(&out, "]");
  return end();
}

HELIX_HANDLER(others)(helix_i32 length) {
  begin(length);
  helix_u32 number = 7, size = 7;
  helix_u64 time = 0, resolution = 0;
  part into = {rest, 16};
  ht_raw(&out, "{");
  member_number("read", wasi_fd_read(0, &into, 1, &number));
  member_number("bytes", (helix_i32)number);
  member_number("time", wasi_clock_time_get(0, 1, &time));
  member_number("millis", (helix_i32)(time / 1000000 % 1000000000));
  member_number("monotonic", wasi_clock_time_get(1, 1, &time));
  member_number("resolution", wasi_clock_res_get(0, &resolution));
  member_true("resolutionPositive", resolution > 0);
  member_number("random", wasi_random_get(buffer, 64));
  member_true("randomWritten", !untouched(0) && untouched(64));
  number = size = 7;
  member_number("args", wasi_args_sizes_get(&number, &size));
  member_number("argCount", (helix_i32)(number + size));
  member_number("argsGet", wasi_args_get(rest, rest));
  number = size = 7;
  member_number("environ", wasi_environ_sizes_get(&number, &size));
  member_number("environCount", (helix_i32)(number + size));
  member_number("environGet", wasi_environ_get(rest, rest));
  member_number("yield", wasi_sched_yield());
  member_number("prestat", wasi_fd_prestat_get(3, rest));
  member_true("closeRefused", wasi_fd_close(9) != 0);
  member_true("openRefused", wasi_path_open(3, 0, "x", 1, 0, 0, 0, 0, &number) != 0);
  ht_raw(&out, "}");
  return end();
}

HELIX_HANDLER(leave)(helix_i32 length) {
  begin(length);
  wasi_proc_exit(0);
}
