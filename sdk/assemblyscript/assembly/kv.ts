import {
  ANSWER, ANSWER_CAPACITY, answerBytes, answerText, encode, helix_kv_delete, helix_kv_get, helix_kv_list, helix_kv_set,
  pointer, refusal, refused,
} from "./abi";
import { Json } from "./json";
import { Failure, Result } from "./result";

/** What the agent keeps from one call to the next. Needs `"capabilities": {"kv": true}`. */
export namespace kv {
  /** NOT_FOUND when there is none. */
  export function get(key: string): Result<string> {
    return answerText(fetch(key));
  }

  export function getBytes(key: string): Result<Uint8Array> {
    return answerBytes(fetch(key));
  }

  /** Null when it is kept; `ttlSeconds` 0 is for ever. */
  export function set(key: string, value: string, ttlSeconds: i32 = 0): Failure | null {
    const bytes = encode(value);
    return put(key, pointer(bytes), bytes.byteLength, ttlSeconds);
  }

  export function setBytes(key: string, value: Uint8Array, ttlSeconds: i32 = 0): Failure | null {
    return put(key, value.dataStart, value.length, ttlSeconds);
  }

  /** Whether there was one. */
  export function remove(key: string): Result<bool> {
    const name = encode(key);
    const result = helix_kv_delete(pointer(name), name.byteLength);
    return result < 0 ? Result.failed<bool>(refusal(result)) : Result.of<bool>(result == 1);
  }

  /** The keys that begin so, in order; at most 1,000. */
  export function list(prefix: string = ""): Result<Array<string>> {
    const name = encode(prefix);
    const text = answerText(helix_kv_list(pointer(name), name.byteLength, ANSWER, ANSWER_CAPACITY));
    let failure = text.failure;
    if (failure) return Result.failed<Array<string>>(failure);
    const parsed = Json.parse(text.value);
    failure = parsed.failure;
    if (failure) return Result.failed<Array<string>>(failure);
    const keys = new Array<string>();
    for (let i = 0; i < parsed.value.length; i++) keys.push(parsed.value.at(i).asString().or(""));
    return Result.of<Array<string>>(keys);
  }
}

function fetch(key: string): i32 {
  const name = encode(key);
  return helix_kv_get(pointer(name), name.byteLength, ANSWER, ANSWER_CAPACITY);
}

function put(key: string, value: usize, length: i32, ttlSeconds: i32): Failure | null {
  const name = encode(key);
  return refused(helix_kv_set(pointer(name), name.byteLength, value, length, ttlSeconds));
}
