import {
  ANSWER, ANSWER_CAPACITY, answerBytes, decodeBytes, encode, helix_call, helix_now, helix_random, pointer, refused,
} from "./abi";
import { Json } from "./json";
import { Failure, Result } from "./result";

const MAX_RANDOM: i32 = 65536;

/** Milliseconds since 1970. */
export function now(): i64 {
  helix_now(ANSWER);
  return load<i64>(ANSWER);
}

/** RFC 3339, e.g. 2026-01-01T00:00:00.000Z. */
export function nowText(): string {
  return new Date(now()).toISOString();
}

/** Bytes that nobody can guess. */
export function randomBytes(length: i32): Result<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += MAX_RANDOM) {
    const failure = refused(helix_random(bytes.dataStart + at, min(length - at, MAX_RANDOM)));
    if (failure) return Result.failed<Uint8Array>(failure);
  }
  return Result.of<Uint8Array>(bytes);
}

/** What has no function of its own; UNSUPPORTED when this Helix does not know the service. */
export function call(service: string, input: string): Result<Uint8Array> {
  const name = encode(service);
  const bytes = encode(input);
  const length = helix_call(
    pointer(name), name.byteLength, pointer(bytes), bytes.byteLength, ANSWER, ANSWER_CAPACITY,
  );
  return answerBytes(length);
}

/**
 * A secret, for what `Request.credential` cannot do. Needs its name in `"capabilities": {"credentials": [..]}`.
 *
 * @param purpose what it is for, for the audit
 */
export function credential(name: string, purpose: string = ""): Result<string> {
  const input = Json.object().set("name", name);
  if (purpose.length > 0) input.set("purpose", purpose);
  const secret = call("credential", input.toString());
  const failure = secret.failure;
  return failure ? Result.failed<string>(failure) : decodeBytes(secret.value);
}
