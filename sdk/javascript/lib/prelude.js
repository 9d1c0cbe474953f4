// What an agent finds when its script begins. Runs inside of the engine; `native` is what engine.c offers.
(native) => {
  const NAMES = { [-1]: "NOT_FOUND", [-2]: "DENIED", [-3]: "INVALID", [-4]: "LIMIT", [-5]: "UNAVAILABLE", [-6]: "INTERNAL", [-7]: "UNSUPPORTED" };
  const LEVELS = { trace: 0, debug: 1, info: 2, warn: 3, error: 4 };
  const DONE = 0, FAILED = 1, RETRY = 2;
  const MAX_HANDLERS = 16;

  class HelixError extends Error {
    constructor(message, code) {
      super(message);
      this.name = "HelixError";
      this.code = code;
      this.retry = code === "UNAVAILABLE";
    }
  }

  const handlers = [];
  const starts = [];
  let built = false;
  let config;
  let lines = [];

  const freeze = (value) => {
    if (value !== null && typeof value === "object" && !Object.isFrozen(value)) {
      Object.freeze(value);
      Object.values(value).forEach(freeze);
    }
    return value;
  };

  const isThenable = (value) => value !== null && typeof value === "object" && typeof value.then === "function";

  const toJson = (value, what) => {
    const json = JSON.stringify(value);
    if (json === undefined) throw new TypeError(`${what} cannot be written as JSON`);
    return json;
  };

  const currentConfig = () => (config ??= freeze(native.config()));

  const emit = (draft, data) => {
    const event = typeof draft === "string" ? { type: draft, data } : draft;
    if (event === null || typeof event !== "object" || typeof event.type !== "string") {
      throw new TypeError("an event to emit needs a type");
    }
    native.emit(toJson(event.data === undefined ? { ...event, data: null } : event, "the event"));
  };

  const absent = (read) => {
    try {
      return read();
    } catch (e) {
      if (e instanceof HelixError && e.code === "NOT_FOUND") return undefined;
      throw e;
    }
  };

  const ttlOf = (seconds = 0) => {
    if (!Number.isInteger(seconds) || seconds < 0) throw new TypeError("the time to live is a whole number of seconds");
    return seconds;
  };

  const kv = Object.freeze({
    get: (key) => absent(() => native.kvGet(String(key), false)),
    getBytes: (key) => absent(() => native.kvGet(String(key), true)),
    getJson: (key) => {
      const text = kv.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    set: (key, value, ttlSeconds) => {
      if (typeof value !== "string" && !(value instanceof Uint8Array)) {
        throw new TypeError("kv.set stores a string or a Uint8Array; kv.setJson stores any JSON value");
      }
      native.kvSet(String(key), value, ttlOf(ttlSeconds));
    },
    setJson: (key, value, ttlSeconds) => native.kvSet(String(key), toJson(value, "the value"), ttlOf(ttlSeconds)),
    remove: (key) => native.kvRemove(String(key)),
    list: (prefix = "") => native.kvList(String(prefix)),
  });

  const show = (value) => {
    if (typeof value === "string") return value;
    if (value instanceof Error) return located(value);
    try {
      return JSON.stringify(value) ?? String(value);
    } catch {
      return String(value);
    }
  };

  const writeLog = (level, parts) => native.log(LEVELS[level], parts.map(show).join(" ").toWellFormed());
  const log = Object.freeze(Object.fromEntries(Object.keys(LEVELS).map((level) => [level, (...parts) => writeLog(level, parts)])));

  class Response {
    #answer;
    #bytes;
    constructor(answer) {
      this.#answer = answer;
      this.status = answer.status;
      this.ok = answer.status >= 200 && answer.status < 300;
      this.headers = answer.headers ?? {};
    }
    header(name) {
      const wanted = name.toLowerCase();
      const found = Object.keys(this.headers).find((key) => key.toLowerCase() === wanted);
      const value = found === undefined ? undefined : this.headers[found];
      return Array.isArray(value) ? value[0] : value;
    }
    text() {
      return this.#answer.body ?? native.fromUtf8(this.bytes());
    }
    bytes() {
      return (this.#bytes ??= this.#answer.body64 === undefined
        ? native.toUtf8(this.#answer.body ?? "")
        : native.fromBase64(this.#answer.body64));
    }
    json() {
      return JSON.parse(this.text());
    }
  }

  const request = (options) => {
    const { json, body, ...rest } = typeof options === "string" ? { url: options } : options;
    if (json !== undefined) {
      rest.body = toJson(json, "the body");
      const headers = rest.headers ?? {};
      const typed = Object.keys(headers).some((key) => key.toLowerCase() === "content-type");
      if (!typed) rest.headers = { ...headers, "Content-Type": "application/json" };
    } else if (body instanceof Uint8Array) {
      rest.body64 = native.toBase64(body);
    } else if (body !== undefined) {
      rest.body = String(body);
    }
    return new Response(native.http(toJson(rest, "the request")));
  };

  const http = Object.freeze({
    request,
    get: (url, options) => request({ ...options, url }),
    post: (url, json, options) => request({ ...options, method: "POST", url, json }),
  });

  const ending = (message, retry) => {
    const error = new HelixError(String(message), retry ? "UNAVAILABLE" : "FAILED");
    error.plain = true;
    return error;
  };

  const register = (kind) => (options, run) => {
    const about = typeof options === "string" ? { type: options } : options;
    if (built) throw new Error("handlers are registered at the top level of the script");
    if (typeof about?.type !== "string" || !about.type) throw new TypeError(`${kind}: a type is needed`);
    if (typeof run !== "function") throw new TypeError(`${kind} ${about.type}: a function is needed`);
    if (handlers.some((other) => other.about.type === about.type)) throw new Error(`${about.type} is registered twice`);
    if (handlers.length === MAX_HANDLERS) throw new RangeError(`an agent has at most ${MAX_HANDLERS} handlers`);
    handlers.push({ kind, about, run });
    return run;
  };

  const helix = Object.freeze({
    transformer: register("transformer"),
    source: register("source"),
    action: register("action"),
    onStart: (run) => {
      if (built) throw new Error("onStart belongs to the top level of the script");
      if (typeof run !== "function") throw new TypeError("onStart: a function is needed");
      starts.push(run);
    },
    get config() {
      return currentConfig();
    },
    emit,
    kv,
    log,
    http,
    credential: (name, purpose) =>
      native.call("credential", JSON.stringify(purpose === undefined ? { name } : { name, purpose }), false),
    now: () => native.now(),
    randomBytes: (length) => native.random(length),
    call: (service, input = "") => native.call(String(service), typeof input === "string" ? input : toJson(input, "the input"), false),
    retry: (message) => {
      throw ending(message, true);
    },
    fail: (message) => {
      throw ending(message, false);
    },
    toBase64: (bytes) => native.toBase64(bytes),
    fromBase64: (text) => {
      const bytes = native.fromBase64(String(text));
      if (bytes === undefined) throw new TypeError("this is not Base64");
      return bytes;
    },
    HelixError,
  });

  // --- how a call ends ---

  const finish = (handler, value) => {
    if (handler.kind === "transformer") {
      for (const draft of Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]) emit(draft);
    } else if (value !== undefined) {
      native.output(toJson(value, "the result"));
    }
  };

  const dispatch = (index, event) => {
    const handler = handlers[index];
    const value = handler.run(event, currentConfig());
    if (isThenable(value)) return Promise.resolve(value).then((settled) => finish(handler, settled));
    finish(handler, value);
  };

  const initialize = () => {
    const settled = starts.map((run) => run(currentConfig())).filter(isThenable);
    if (settled.length) return Promise.all(settled);
  };

  // The first place of the stack that is in the script, as the place in the source that it was built from.
  const place = (stack) => {
    const found = /agent\.js:(\d+)(?::(\d+))?/.exec(stack);
    if (!found) return undefined;
    const source = lines[found[1] - 1];
    return source ? `${source[0]}:${source[1]}` : `agent.js:${found[1]}`;
  };

  const located = (error) => {
    const text = `${error.name}: ${error.message}`;
    const at = place(String(error.stack ?? ""));
    return at === undefined ? text : `${text} (${at})`;
  };

  const describeError = (thrown) => {
    const isError = thrown instanceof Error;
    const text = thrown instanceof HelixError && thrown.plain ? thrown.message : isError ? located(thrown) : `threw ${show(thrown)}`;
    native.output(text.toWellFormed());
    return isError && thrown.retry === true ? RETRY : FAILED;
  };

  const setLines = ({ sources, lines: table }) => {
    lines = table.map((entry) => (entry ? [sources[entry[0]], entry[1]] : undefined));
  };

  const listHandlers = () => {
    built = true;
    native.output(toJson(handlers.map(({ kind, about }) => ({ ...about, kind })), "what is said about a handler"));
  };

  // --- globals that scripts count on ---

  const define = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });

  define("helix", helix);
  define("console", Object.freeze({
    log: log.info,
    trace: log.trace,
    debug: log.debug,
    info: log.info,
    warn: log.warn,
    error: log.error,
  }));
  Object.defineProperty(Math, "random", { value: native.mathRandom, writable: true, configurable: true });

  define("TextEncoder", class TextEncoder {
    get encoding() {
      return "utf-8";
    }
    encode(text = "") {
      return native.toUtf8(String(text).toWellFormed());
    }
  });
  define("TextDecoder", class TextDecoder {
    constructor(label = "utf-8") {
      if (!/^utf-?8$/i.test(label)) throw new RangeError(`only utf-8 is there, not ${label}`);
    }
    get encoding() {
      return "utf-8";
    }
    decode(bytes = new Uint8Array()) {
      const view = ArrayBuffer.isView(bytes) ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes);
      const text = native.fromUtf8(view);
      return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    }
  });
  const latin1 = (text) => Uint8Array.from(text, (c) => {
    const code = c.charCodeAt(0);
    if (code > 255) throw new RangeError("btoa takes characters up to U+00FF");
    return code;
  });
  define("btoa", (text) => native.toBase64(latin1(String(text))));
  define("atob", (text) => Array.from(helix.fromBase64(text), (byte) => String.fromCharCode(byte)).join(""));
  define("queueMicrotask", (run) => void Promise.resolve().then(run));
  define("crypto", Object.freeze({
    getRandomValues: (array) => {
      const view = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      view.set(native.random(view.length));
      return array;
    },
    randomUUID: () => {
      const bytes = native.random(16);
      bytes[6] = (bytes[6] & 0x0f) | 0x40;
      bytes[8] = (bytes[8] & 0x3f) | 0x80;
      const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
    },
  }));

  return { dispatch, initialize, describeError, setLines, listHandlers, hostError: (code, reason) => new HelixError(reason, NAMES[code] ?? `CODE ${code}`) };
}
