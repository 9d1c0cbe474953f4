import { ANSWER, ANSWER_CAPACITY, answerText, encode, helix_get_config_value, pointer } from "./abi";
import { Json } from "./json";
import { Failure, Result } from "./result";

/** The configuration of the agent. Defaults of its schema have been filled in. */
export namespace config {
  /** A top-level value; absent when there is none. */
  export function get(key: string): Json {
    return read(key).or(Json.absent());
  }

  /** All of it. */
  export function all(): Json {
    return read("").or(Json.absent());
  }

  export function getString(key: string): Result<string> {
    return named<string>(holder(key).getString(key));
  }

  export function getBoolean(key: string): Result<bool> {
    return named<bool>(holder(key).getBoolean(key));
  }

  export function getNumber(key: string): Result<f64> {
    return named<f64>(holder(key).getNumber(key));
  }

  export function getInteger(key: string): Result<i64> {
    return named<i64>(holder(key).getInteger(key));
  }

  export function getArray(key: string): Result<Json> {
    return named<Json>(holder(key).getArray(key));
  }

  export function getObject(key: string): Result<Json> {
    return named<Json>(holder(key).getObject(key));
  }
}

function read(key: string): Result<Json> {
  const name = encode(key);
  const text = answerText(helix_get_config_value(pointer(name), name.byteLength, ANSWER, ANSWER_CAPACITY));
  const failure = text.failure;
  return failure ? Result.failed<Json>(failure) : Json.parse(text.value);
}

/** An object with this one member, so that a value of another kind is reported by its name. */
function holder(key: string): Json {
  const object = Json.object();
  const value = key.length > 0 ? read(key).or(Json.absent()) : Json.absent();
  return value.isAbsent ? object : object.set(key, value);
}

function named<T>(result: Result<T>): Result<T> {
  const failure = result.failure;
  return failure ? Result.failed<T>(new Failure(failure.code, "configuration: " + failure.reason)) : result;
}
