/** The least of WASI preview 1 that ordinary toolchains link against; there are no files. */

import { GuestTrap } from './host.js';

const SUCCESS = 0, BADF = 8, INVAL = 28, NOSYS = 52;
const NANOS_PER_MILLI = 1_000_000n;
const LEVEL_OF = { 1: 'info', 2: 'warn' };

/** What one instance has written without ending the line. */
export class WasiOutput {
  #rest = { 1: [], 2: [] };

  write(descriptor, bytes, calls) {
    for (const byte of bytes) {
      if (byte === 10) this.#end(descriptor, calls);
      else this.#rest[descriptor].push(byte);
    }
  }

  /** At the end of a call. */
  flush(calls) {
    for (const descriptor of [1, 2]) if (this.#rest[descriptor].length > 0) this.#end(descriptor, calls);
  }

  #end(descriptor, calls) {
    const line = Uint8Array.from(this.#rest[descriptor]);
    this.#rest[descriptor] = [];
    calls.write(LEVEL_OF[descriptor], line);
  }
}

/**
 * @param name of the function
 * @param current gives the calls that are running
 * @param around the clock and the randomness
 */
export function wasiFunction(name, current, around, output) {
  const u32 = (pointer, value) => {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, true);
    current().put(pointer, bytes);
  };
  const u64 = (pointer, value) => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, true);
    current().put(pointer, bytes);
  };
  const vectors = (pointer, count) => Array.from({ length: count >>> 0 }, (_, i) => {
    const view = new DataView(current().read(pointer + 8 * i, 8).buffer);
    return [view.getUint32(0, true), view.getUint32(4, true)];
  });
  const none = (first, second) => {
    u32(first, 0);
    u32(second, 0);
    return SUCCESS;
  };
  const functions = {
    fd_write(descriptor, pointer, count, written) {
      if (descriptor !== 1 && descriptor !== 2) return BADF;
      const parts = vectors(pointer, count).map(([from, length]) => current().read(from, length));
      try {
        for (const part of parts) output.write(descriptor, part, current());
      } catch (error) {
        // Over the limit of log lines: the program goes on, its lines are dropped as those of helix_log_message are.
        if (error.code !== 'LIMIT') throw error;
      }
      u32(written, parts.reduce((sum, part) => sum + part.length, 0));
      return SUCCESS;
    },
    fd_read(descriptor, pointer, count, read) {
      if (descriptor !== 0) return BADF;
      u32(read, 0);
      return SUCCESS;
    },
    clock_time_get(clock, precision, out) {
      if (clock > 3) return INVAL;
      u64(out, BigInt(Math.trunc(around.clock.now())) * NANOS_PER_MILLI);
      return SUCCESS;
    },
    clock_res_get(clock, out) {
      if (clock > 3) return INVAL;
      u64(out, NANOS_PER_MILLI);
      return SUCCESS;
    },
    random_get(pointer, length) {
      current().read(pointer, length);
      current().put(pointer, around.random.bytes(length >>> 0));
      return SUCCESS;
    },
    args_sizes_get: none,
    environ_sizes_get: none,
    args_get: () => SUCCESS,
    environ_get: () => SUCCESS,
    sched_yield: () => SUCCESS,
    proc_exit(code) {
      throw new GuestTrap(`ended itself with proc_exit(${code})`);
    },
  };
  return functions[name] ?? (() => name.startsWith('fd_') ? BADF : NOSYS);
}
