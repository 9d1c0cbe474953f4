// Runs a built agent in Node, with fakes in the place of Helix.

import { SECTION, memorySection, readCustom, readMemory, readSections, writeModule } from "./wasm.js";

const CODES = { NOT_FOUND: -1, DENIED: -2, INVALID: -3, LIMIT: -4, UNAVAILABLE: -5, INTERNAL: -6, UNSUPPORTED: -7 };
const LEVELS = ["trace", "debug", "info", "warn", "error"];
const DEFAULT_PAGES = 256;
const MAX_KV_KEYS = 1_000;
const MAX_ANSWER = 1024 * 1024;
const utf8 = (text) => new TextEncoder().encode(text);
const text = (bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

class Refusal extends Error {
  constructor(code, message) {
    super(message);
    this.number = CODES[code];
  }
}

/** What a fake throws so that the agent is refused: `refuse("UNAVAILABLE", "connection refused")`. */
export function refuse(code, message) {
  if (!(code in CODES)) throw new TypeError(`${code} is none of ${Object.keys(CODES).join(", ")}`);
  throw new Refusal(code, message);
}

function allowsHost(capabilities, url) {
  const { hostname } = new URL(url);
  return (capabilities.http ?? []).some((allowed) =>
    allowed.startsWith("*.") ? hostname.endsWith(allowed.slice(1)) : hostname === allowed,
  );
}

const matches = (patterns, name) =>
  patterns.some((pattern) => (pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name));

function withDefaults(config, schema) {
  const defaults = Object.entries(schema?.properties ?? {}).filter(([, { default: value }]) => value !== undefined);
  return { ...Object.fromEntries(defaults.map(([key, { default: value }]) => [key, value])), ...config };
}

/** The module with at most so many pages of memory: Helix also writes the bound into the module. */
function limitMemory(wasm, pages) {
  return writeModule(
    readSections(wasm).map((section) => (section.id === SECTION.MEMORY ? memorySection(readMemory(section), pages) : section)),
  );
}

export function readManifest(wasm) {
  const section = readCustom(wasm, "helix.manifest");
  if (!section) throw new Error("the module has no section helix.manifest");
  return JSON.parse(text(section));
}

/** One agent type of a plugin with one configuration. */
export class TestAgent {
  kv = new Map();
  time = Date.parse("2026-01-01T00:00:00Z");
  #module;
  #handler;
  #capabilities;
  #config;
  #http;
  #credentials;
  #instance;
  #pending = new Uint8Array();
  #call;

  /**
   * @param wasm the bytes of the plugin
   * @param type the agent type; may be left out when there is one
   * @param http takes `{ method, url, headers, body }` and gives `{ status, headers, body }`
   * @param credentials `{ name: secret }`
   * @param memoryPages of 64 KiB; what the manifest asks for when it is left out
   */
  constructor(wasm, { type, config = {}, http, credentials = {}, kv = {}, time, memoryPages } = {}) {
    const manifest = readManifest(wasm);
    const { handlers } = manifest;
    const handler = type === undefined && handlers.length === 1 ? handlers[0] : handlers.find((one) => one.type === type);
    if (!handler) throw new Error(`name one of the types ${handlers.map((one) => one.type).join(", ")}`);
    this.#module = new WebAssembly.Module(limitMemory(wasm, memoryPages ?? manifest.limits?.memoryPages ?? DEFAULT_PAGES));
    this.#handler = handler;
    this.#capabilities = manifest.capabilities ?? {};
    this.#config = withDefaults(config, handler.config ?? manifest.config);
    this.#http = http;
    this.#credentials = credentials;
    Object.entries(kv).forEach(([key, value]) => this.kv.set(key, typeof value === "string" ? utf8(value) : value));
    if (time !== undefined) this.time = time;
  }

  /** `{ code, reason, events, output, logs }` of one call: code 0 done, 1 failed, 2 failed, may work later. */
  handle(event) {
    const call = { input: utf8(JSON.stringify(event)), events: [], logs: [], output: undefined };
    this.#call = call;
    const instance = (this.#instance ??= this.#start(call));
    if (typeof instance === "string") {
      this.#instance = undefined;
      return { code: 1, reason: instance, events: [], output: undefined, logs: call.logs };
    }
    let code;
    try {
      code = instance.exports[this.#handler.export](call.input.length);
    } catch (e) {
      this.#instance = undefined; // as Helix does it: whoever traps is thrown away
      return { code: 1, reason: `trapped: ${e.message}`, events: [], output: undefined, logs: call.logs };
    }
    const output = call.output === undefined ? undefined : text(call.output);
    if (code !== 0) return { code, reason: output, events: [], output: undefined, logs: call.logs };
    return { code, reason: undefined, events: call.events, output: output && JSON.parse(output), logs: call.logs };
  }

  wake(reason = "schedule") {
    return this.handle(envelope("helix.wake", { reason }));
  }

  request(request = {}) {
    return this.handle(envelope("helix.request", { method: "POST", query: {}, headers: {}, body: "", remoteAddress: "127.0.0.1", ...request }));
  }

  /** How many bytes of memory the agent has. */
  get memorySize() {
    return this.#instance?.exports.memory.buffer.byteLength;
  }

  #start(call) {
    const instance = new WebAssembly.Instance(this.#module, { helix: this.#functions() });
    this.#instance = instance;
    instance.exports._initialize?.();
    const code = instance.exports.helix_init?.() ?? 0;
    return code === 0 ? instance : `refused to start (${code}): ${call.output === undefined ? "" : text(call.output)}`;
  }

  #read(at, length) {
    return new Uint8Array(this.#instance.exports.memory.buffer).slice(at >>> 0, (at >>> 0) + (length >>> 0));
  }

  #text(at, length) {
    try {
      return text(this.#read(at, length));
    } catch {
      return refuse("INVALID", "the text is not UTF-8");
    }
  }

  #json(at, length) {
    try {
      return JSON.parse(this.#text(at, length));
    } catch (e) {
      return e instanceof Refusal ? this.#rethrow(e) : refuse("INVALID", `this is not JSON: ${e.message}`);
    }
  }

  #rethrow(e) {
    throw e;
  }

  #give(bytes, at, cap) {
    if (bytes.length <= cap) new Uint8Array(this.#instance.exports.memory.buffer).set(bytes, at >>> 0);
    return bytes.length;
  }

  #answer(bytes, at, cap) {
    this.#pending = bytes;
    return this.#give(bytes, at, cap);
  }

  #functions() {
    const guarded = (run) => (...args) => {
      this.#pending = new Uint8Array();
      try {
        return run(...args);
      } catch (e) {
        if (!(e instanceof Refusal)) throw e;
        this.#pending = utf8(e.message);
        return e.number;
      }
    };
    const functions = {
      helix_input_read: (at, cap) => this.#answer(this.#call.input, at, cap),
      helix_output_write: (at, length) => {
        this.#call.output = this.#read(at, length);
        return 0;
      },
      helix_emit_event: (at, length) => this.#emit(this.#json(at, length)),
      helix_get_config_value: (at, length, out, cap) => this.#answer(this.#configValue(this.#text(at, length)), out, cap),
      helix_log_message: (level, at, length) => {
        this.#call.logs.push({ level: LEVELS[level], message: this.#text(at, length) });
        return 0;
      },
      helix_kv_get: (at, length, out, cap) => {
        const value = this.#keyValues().get(this.#text(at, length));
        return this.#answer(value ?? refuse("NOT_FOUND", "there is no such key"), out, cap);
      },
      helix_kv_set: (at, length, value, valueLength) => {
        this.#keyValues().set(this.#text(at, length), this.#read(value, valueLength));
        return 0;
      },
      helix_kv_delete: (at, length) => Number(this.#keyValues().delete(this.#text(at, length))),
      helix_kv_list: (at, length, out, cap) => {
        const prefix = this.#text(at, length);
        const keys = [...this.#keyValues().keys()].filter((key) => key.startsWith(prefix)).sort();
        return this.#answer(utf8(JSON.stringify(keys.slice(0, MAX_KV_KEYS))), out, cap);
      },
      helix_http_request: (at, length, out, cap) => this.#answer(utf8(JSON.stringify(this.#request(this.#json(at, length)))), out, cap),
      helix_now: (out) => {
        this.#give(new Uint8Array(new BigInt64Array([BigInt(this.time)]).buffer), out, 8);
        return 0;
      },
      helix_random: (out, length) => {
        this.#give(crypto.getRandomValues(new Uint8Array(length)), out, length);
        return 0;
      },
      helix_call: (service, serviceLength, at, length, out, cap) =>
        this.#answer(this.#service(this.#text(service, serviceLength), at, length), out, cap),
    };
    return {
      ...Object.fromEntries(Object.entries(functions).map(([name, run]) => [name, guarded(run)])),
      helix_result_read: (at, cap) => this.#give(this.#pending, at, cap),
    };
  }

  #keyValues() {
    return this.#capabilities.kv ? this.kv : refuse("DENIED", "the manifest does not ask for kv");
  }

  #configValue(key) {
    const value = key === "" ? this.#config : this.#config[key];
    return value === undefined ? refuse("NOT_FOUND", `the configuration has no '${key}'`) : utf8(JSON.stringify(value));
  }

  #emit(event) {
    if (typeof event?.type !== "string") refuse("INVALID", "an event needs a type");
    const allowed = this.#capabilities.emit;
    if (allowed && !matches(allowed, event.type)) refuse("DENIED", `the manifest does not ask to emit ${event.type}`);
    this.#call.events.push(event);
    return 0;
  }

  #secret(name) {
    if (!matches(this.#capabilities.credentials ?? [], name)) refuse("DENIED", `the manifest does not ask for the credential ${name}`);
    return this.#credentials[name] ?? refuse("NOT_FOUND", `there is no credential ${name}`);
  }

  #request({ credential, ...request }) {
    if (!allowsHost(this.#capabilities, request.url)) refuse("DENIED", `the manifest does not ask for the host of ${request.url}`);
    const headers = { ...request.headers };
    if (credential) headers[credential.header ?? "Authorization"] = (credential.prefix ?? "Bearer ") + this.#secret(credential.name);
    if (!this.#http) refuse("UNAVAILABLE", "the test has no http");
    const answer = { headers: {}, body: "", ...this.#http({ method: "GET", ...request, headers }) };
    const length = answer.body64 === undefined ? Buffer.byteLength(answer.body) : Buffer.byteLength(answer.body64, "base64");
    if (length > MAX_ANSWER) refuse("LIMIT", `the answer is longer than ${MAX_ANSWER} bytes`);
    return answer;
  }

  #service(service, at, length) {
    if (service !== "credential") refuse("UNSUPPORTED", `there is no service ${service}`);
    return utf8(this.#secret(this.#json(at, length).name));
  }
}

function envelope(type, data) {
  return { specversion: "1.0", id: "test", source: "/test", type, time: "2026-01-01T00:00:00Z", data };
}
