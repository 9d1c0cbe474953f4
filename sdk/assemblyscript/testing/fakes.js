/** What stands in for Helix around a plugin: a clock, randomness, kept values and the network. All of it repeatable. */

const encoder = new TextEncoder();

export function bytesOf(value) {
  return typeof value === 'string' ? encoder.encode(value) : Uint8Array.from(value);
}

/** UTF-8, or undefined when the bytes are something else. */
export function textOf(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export class FakeClock {
  #millis;

  /** @param now milliseconds since 1970, or what `Date` reads */
  constructor(now = '2026-01-01T00:00:00Z') {
    this.#millis = new Date(now).getTime();
    if (Number.isNaN(this.#millis)) throw new TypeError(`not a time: ${now}`);
  }

  now() {
    return this.#millis;
  }

  advance(millis) {
    this.#millis += millis;
  }
}

/** The same bytes for the same seed (mulberry32): for tests, not for secrets. */
export class FakeRandom {
  #state;

  constructor(seed = 1) {
    this.#state = seed >>> 0;
  }

  bytes(length) {
    return Uint8Array.from({ length }, () => this.#next() & 0xff);
  }

  #next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}

function compareUtf8(a, b) {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

export class FakeKv {
  #clock;
  #entries = new Map();

  /** @param values by key; strings or bytes */
  constructor(clock, values = {}) {
    this.#clock = clock;
    for (const [key, value] of Object.entries(values)) this.set(key, bytesOf(value));
  }

  get(key) {
    const entry = this.#entries.get(key);
    return entry !== undefined && (entry.expires === 0 || this.#clock.now() < entry.expires) ? entry.value : undefined;
  }

  set(key, value, ttlSeconds = 0) {
    this.#entries.set(key, { value, expires: ttlSeconds === 0 ? 0 : this.#clock.now() + ttlSeconds * 1000 });
  }

  delete(key) {
    const existed = this.get(key) !== undefined;
    this.#entries.delete(key);
    return existed;
  }

  keys(prefix = '') {
    return [...this.#entries.keys()].filter(key => key.startsWith(prefix) && this.get(key) !== undefined).sort(compareUtf8);
  }

  /** What is there, as text where it is text and as bytes where it is not. */
  toJSON() {
    return Object.fromEntries(this.keys().map(key => [key, textOf(this.get(key)) ?? this.get(key)]));
  }
}

/** An answer of a network that fails: the guest gets `code`, e.g. UNAVAILABLE. */
export class HttpFailure extends Error {
  constructor(code, reason) {
    super(reason);
    this.code = code;
  }
}

/**
 * Answers requests one after the other from a list of `{status, headers, body | body64}` or `{error, reason}`, or by a
 * function of the request. A request that nothing answers fails as UNAVAILABLE, never goes out.
 */
export class FakeHttp {
  #answers;

  constructor(answers = []) {
    this.#answers = typeof answers === 'function' ? answers : [...answers];
  }

  answer(request) {
    const answer = typeof this.#answers === 'function' ? this.#answers(request) : this.#answers.shift();
    if (answer === undefined) throw new HttpFailure('UNAVAILABLE', `nothing answers ${request.method} ${request.url}`);
    if (answer.error) throw new HttpFailure(answer.error, answer.reason ?? 'the request failed');
    const { status = 200, headers = {}, body, body64 } = answer;
    if (body64 !== undefined) return { status, headers, body64 };
    return { status, headers, body: typeof body === 'object' ? JSON.stringify(body) : body ?? '' };
  }
}
