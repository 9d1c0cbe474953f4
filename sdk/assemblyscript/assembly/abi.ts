/** The functions of ABI helix/1 as they are, and how texts and answers cross. The rest of the library builds on it. */

import { Failure, Result } from "./result";

@external("helix", "helix_input_read")
export declare function helix_input_read(out: usize, capacity: i32): i32;
@external("helix", "helix_result_read")
export declare function helix_result_read(out: usize, capacity: i32): i32;
@external("helix", "helix_output_write")
export declare function helix_output_write(pointer: usize, length: i32): i32;
@external("helix", "helix_emit_event")
export declare function helix_emit_event(pointer: usize, length: i32): i32;
@external("helix", "helix_get_config_value")
export declare function helix_get_config_value(key: usize, keyLength: i32, out: usize, capacity: i32): i32;
@external("helix", "helix_log_message")
export declare function helix_log_message(level: i32, pointer: usize, length: i32): i32;
@external("helix", "helix_kv_get")
export declare function helix_kv_get(key: usize, keyLength: i32, out: usize, capacity: i32): i32;
@external("helix", "helix_kv_set")
export declare function helix_kv_set(key: usize, keyLength: i32, value: usize, length: i32, ttl: i32): i32;
@external("helix", "helix_kv_delete")
export declare function helix_kv_delete(key: usize, keyLength: i32): i32;
@external("helix", "helix_kv_list")
export declare function helix_kv_list(prefix: usize, prefixLength: i32, out: usize, capacity: i32): i32;
@external("helix", "helix_http_request")
export declare function helix_http_request(request: usize, length: i32, out: usize, capacity: i32): i32;
@external("helix", "helix_now")
export declare function helix_now(out: usize): i32;
@external("helix", "helix_random")
export declare function helix_random(out: usize, length: i32): i32;
@external("helix", "helix_call")
export declare function helix_call(
  service: usize, serviceLength: i32, input: usize, inputLength: i32, out: usize, capacity: i32,
): i32;

/** Where answers are received; a longer one is fetched with helix_result_read. */
export const ANSWER_CAPACITY: i32 = 4096;
export const ANSWER: usize = memory.data(4096, 8);

/** UTF-8; half of a surrogate pair becomes U+FFFD, since it has no UTF-8. */
export function encode(text: string): ArrayBuffer {
  return String.UTF8.encode(text, false, String.UTF8.ErrorMode.REPLACE);
}

// @ts-ignore: decorator
@inline
export function pointer(buffer: ArrayBuffer): usize {
  return changetype<usize>(buffer);
}

/** Whether the bytes are UTF-8 as Unicode defines it: nothing overlong, no surrogates, nothing over U+10FFFF. */
export function isUtf8(at: usize, length: i32): bool {
  const end = at + length;
  while (at < end) {
    const first = load<u8>(at++);
    if (first < 0x80) continue;
    let more: i32;
    let low: u8 = 0x80;
    let high: u8 = 0xbf;
    if (first >= 0xc2 && first <= 0xdf) {
      more = 1;
    } else if (first >= 0xe0 && first <= 0xef) {
      more = 2;
      if (first == 0xe0) low = 0xa0;
      if (first == 0xed) high = 0x9f;
    } else if (first >= 0xf0 && first <= 0xf4) {
      more = 3;
      if (first == 0xf0) low = 0x90;
      if (first == 0xf4) high = 0x8f;
    } else {
      return false;
    }
    if (<usize>more > end - at) return false;
    for (; more > 0; more--) {
      const next = load<u8>(at++);
      if (next < low || next > high) return false;
      low = 0x80;
      high = 0xbf;
    }
  }
  return true;
}

function pending(length: i32): Uint8Array {
  const bytes = new Uint8Array(length);
  helix_result_read(bytes.dataStart, length);
  return bytes;
}

/** Why the last call was refused. */
export function refusal(code: i32): Failure {
  const length = helix_result_read(ANSWER, ANSWER_CAPACITY);
  const reason = length <= ANSWER_CAPACITY
    ? String.UTF8.decodeUnsafe(ANSWER, length)
    : String.UTF8.decode(pending(length).buffer);
  return new Failure(code, reason);
}

/** Null when the call succeeded. */
export function refused(result: i32): Failure | null {
  return result < 0 ? refusal(result) : null;
}

/** What a call that was given ANSWER and ANSWER_CAPACITY has answered. */
export function answerBytes(length: i32): Result<Uint8Array> {
  if (length < 0) return Result.failed<Uint8Array>(refusal(length));
  if (length > ANSWER_CAPACITY) return Result.of<Uint8Array>(pending(length));
  const bytes = new Uint8Array(length);
  memory.copy(bytes.dataStart, ANSWER, length);
  return Result.of<Uint8Array>(bytes);
}

export function answerText(length: i32): Result<string> {
  if (length >= 0 && length <= ANSWER_CAPACITY) return decode(ANSWER, length);
  const bytes = answerBytes(length);
  const failure = bytes.failure;
  return failure ? Result.failed<string>(failure) : decodeBytes(bytes.value);
}

/** INVALID when the bytes are not UTF-8. */
export function decodeBytes(bytes: Uint8Array): Result<string> {
  return decode(bytes.dataStart, bytes.length);
}

function decode(at: usize, length: i32): Result<string> {
  if (!isUtf8(at, length)) return Result.failed<string>(new Failure(Failure.INVALID, "the text is not UTF-8"));
  return Result.of<string>(String.UTF8.decodeUnsafe(at, length));
}

export function writeOutput(text: string): Failure | null {
  const bytes = encode(text);
  return refused(helix_output_write(pointer(bytes), bytes.byteLength));
}

/** What AssemblyScript calls when a program cannot go on: says where and why, then ends the call. */
export function helixAbort(
  message: string | null = null, fileName: string | null = null, line: u32 = 0, column: u32 = 0,
): void {
  const what: string = message ? message : "aborted";
  const where: string = fileName ? " (" + fileName + ":" + line.toString() + ":" + column.toString() + ")" : "";
  const bytes = encode(what + where);
  helix_output_write(pointer(bytes), bytes.byteLength);
  unreachable();
}
