/** Errors are values: AssemblyScript has no exceptions that could be caught. */

import { Json } from "./json";

/** Why something could not be done. */
export class Failure {
  static readonly NOT_FOUND: i32 = -1;
  /** The manifest does not ask for it, or the operator does not grant it. */
  static readonly DENIED: i32 = -2;
  static readonly INVALID: i32 = -3;
  /** A bound is exceeded. */
  static readonly LIMIT: i32 = -4;
  /** May work later. */
  static readonly UNAVAILABLE: i32 = -5;
  static readonly INTERNAL: i32 = -6;
  static readonly UNSUPPORTED: i32 = -7;

  constructor(
    readonly code: i32,
    readonly reason: string,
  ) {}

  /** For the end of a handler: to be tried again when it may work later, otherwise failed. */
  outcome(): Outcome {
    return this.code == Failure.UNAVAILABLE ? retry(this.reason) : failed(this.reason);
  }

  /** The same failure, with what was being done in front of its reason. */
  during(what: string): Failure {
    return new Failure(this.code, what + ": " + this.reason);
  }

  toString(): string {
    return this.reason;
  }
}

/** A value or a failure. */
export class Result<T> {
  private constructor(
    private readonly found: T,
    /** Null when there is a value. */
    readonly failure: Failure | null,
  ) {}

  static of<T>(value: T): Result<T> {
    return new Result<T>(value, null);
  }

  static failed<T>(failure: Failure): Result<T> {
    if (isReference<T>()) return new Result<T>(changetype<T>(0), failure);
    return new Result<T>(<T>0, failure);
  }

  get ok(): bool {
    return this.failure == null;
  }

  /** The value; of a failure, ends the call with its reason. Look at `failure` first, or use `or`. */
  get value(): T {
    const failure = this.failure;
    if (failure) throw new Error(failure.reason);
    return this.found;
  }

  /** The value, or `fallback` when there is none. */
  or(fallback: T): T {
    return this.failure ? fallback : this.found;
  }

  /** For the end of a handler, when it failed. */
  outcome(): Outcome {
    const failure = this.failure;
    return failure ? failure.outcome() : done();
  }
}

/** How a handler ends: see `done`, `reply`, `failed` and `retry`. */
export class Outcome {
  static readonly DONE: i32 = 0;
  static readonly FAILED: i32 = 1;
  static readonly RETRY: i32 = 2;

  constructor(
    readonly code: i32,
    readonly reason: string,
    readonly output: Json | null,
  ) {}
}

/** It is done; what was emitted is published. `output` is for actions. */
export function done(output: Json | null = null): Outcome {
  return new Outcome(Outcome.DONE, "", output);
}

/** It is done; what a source answers to a request. */
export function reply(status: i32, detail: string = ""): Outcome {
  const answer = Json.object().set("status", status);
  if (detail.length > 0) answer.set("detail", detail);
  return done(answer);
}

/** The same call will fail again. Nothing is published. */
export function failed(reason: string): Outcome {
  return new Outcome(Outcome.FAILED, reason, null);
}

/** The same call may succeed later. Nothing is published. */
export function retry(reason: string): Outcome {
  return new Outcome(Outcome.RETRY, reason, null);
}
