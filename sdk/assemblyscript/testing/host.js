/** The host side of ABI helix/1, for one call of a guest. */

import { HttpFailure, bytesOf, textOf } from './fakes.js';

export const CODES = {
  NOT_FOUND: -1, DENIED: -2, INVALID: -3, LIMIT: -4, UNAVAILABLE: -5, INTERNAL: -6, UNSUPPORTED: -7,
};

export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'];

/** The functions of module `helix`, each with the number of its parameters. */
export const PARAMETERS = {
  helix_input_read: 2,
  helix_result_read: 2,
  helix_output_write: 2,
  helix_emit_event: 2,
  helix_get_config_value: 4,
  helix_log_message: 3,
  helix_kv_get: 4,
  helix_kv_set: 5,
  helix_kv_delete: 2,
  helix_kv_list: 4,
  helix_http_request: 4,
  helix_now: 1,
  helix_random: 2,
  helix_call: 6,
};

export const DEFAULT_LIMITS = {
  memoryPages: 256, hostCalls: 10_000, events: 100, eventBytes: 4 * 1024 * 1024, outputBytes: 1024 * 1024, logLines: 100,
};

const MAX_KEY = 200;
const MAX_VALUE = 64 * 1024;
const MAX_LISTED = 1000;
const MAX_RANDOM = 65_536;
const MAX_LOG_LINE = 4096;
const MAX_TEXT = 1024;
const MAX_ANSWER = 1024 * 1024;
const EVENT_MEMBERS = ['type', 'data', 'subject', 'key', 'id', 'time'];
const REQUEST_MEMBERS = ['method', 'url', 'headers', 'body', 'body64', 'timeoutMs', 'credential'];
const NOTHING = new Uint8Array(0);

/** The guest broke the ABI or a bound of one call: the call is over. */
export class GuestTrap extends Error {}

class Refusal extends Error {
  constructor(code, reason) {
    super(reason);
    this.code = code;
  }
}

const refuse = (code, reason) => {
  throw new Refusal(code, reason);
};

const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `weather.*` allows everything that begins with `weather.`. */
const matchesName = (pattern, name) => pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;

/** `*.example.org` allows the hosts below example.org. */
function matchesHost(pattern, host) {
  const wanted = pattern.toLowerCase();
  if (wanted === '*') return true;
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) && host.length >= wanted.length : wanted === host;
}

function isEventType(type) {
  return type.length <= 255 && /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(type);
}

const isPlainText = text => text.length >= 1 && text.length <= MAX_TEXT && !/[\u0000-\u001f\u007f]/.test(text);

const isTime = text => /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/.test(text)
  && !Number.isNaN(Date.parse(text));

const decode64 = text => {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) refuse('INVALID', 'body64 is not base64');
  return new Uint8Array(Buffer.from(text, 'base64'));
};

/**
 * @typedef {object} Surroundings what a call finds around it
 * @property {Map<string, string> & {all: string}} config JSON text by top-level key; `all` is the whole
 * @property {{capabilities: object, grants: object, limits: object}} allowed
 * @property kv, clock, random, http, credentials
 */
export class HostCalls {
  events = [];
  output = NOTHING;
  log = [];
  errors = [];
  requests = [];
  #input;
  #around;
  #memory;
  #pending = NOTHING;
  #calls = 0;
  #lines = 0;
  #eventBytes = 0;

  constructor(input, around, memory) {
    this.#input = input;
    this.#around = around;
    this.#memory = memory;
  }

  /** One call of the guest; a negative result when it is refused. */
  call(name, args) {
    if (++this.#calls > this.#around.limits.hostCalls) {
      throw new GuestTrap(`made more than ${this.#around.limits.hostCalls} host calls`);
    }
    if (name === 'helix_result_read') return this.#give(this.#pending, args[0], args[1]);
    this.#pending = NOTHING;
    try {
      return this.#perform(name, args);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#pending = bytesOf(error.message);
      this.errors.push({ call: name, code: error.code, reason: error.message });
      return CODES[error.code];
    }
  }

  /** A line of `helix_log_message` or of WASI. */
  write(level, bytes) {
    if (++this.#lines > this.#around.limits.logLines) refuse('LIMIT', `at most ${this.#around.limits.logLines} log lines in one call`);
    const text = new TextDecoder().decode(bytes.subarray(0, MAX_LOG_LINE));
    // eslint-disable-next-line no-control-regex
    this.log.push({ level, text: text.replace(/[\u0000-\u001f\u007f]/g, ' ') });
  }

  read(pointer, length) {
    const { offset, count } = this.#range(pointer, length);
    return new Uint8Array(this.#memory().buffer).slice(offset, offset + count);
  }

  put(pointer, bytes) {
    const { offset } = this.#range(pointer, bytes.length);
    new Uint8Array(this.#memory().buffer).set(bytes, offset);
  }

  #perform(name, a) {
    switch (name) {
      case 'helix_input_read':
        return this.#answer(() => this.#input, a[0], a[1]);
      case 'helix_output_write':
        return this.#writeOutput(this.read(a[0], a[1]));
      case 'helix_emit_event':
        return this.#emit(this.read(a[0], a[1]));
      case 'helix_get_config_value': {
        const key = this.read(a[0], a[1]);
        return this.#answer(() => this.#config(this.#text(key)), a[2], a[3]);
      }
      case 'helix_log_message': {
        const bytes = this.read(a[1], a[2]);
        if (!(a[0] in LEVELS)) refuse('INVALID', `log level ${a[0]} is not 0 to 4`);
        this.write(LEVELS[a[0]], bytes);
        return 0;
      }
      case 'helix_kv_get': {
        const key = this.read(a[0], a[1]);
        return this.#answer(() => this.#kvGet(this.#key(key)), a[2], a[3]);
      }
      case 'helix_kv_set':
        return this.#kvSet(this.read(a[0], a[1]), this.read(a[2], a[3]), a[4]);
      case 'helix_kv_delete':
        return this.#around.kv.delete(this.#key(this.read(a[0], a[1]))) ? 1 : 0;
      case 'helix_kv_list': {
        const prefix = this.read(a[0], a[1]);
        return this.#answer(() => this.#kvList(prefix), a[2], a[3]);
      }
      case 'helix_http_request': {
        const request = this.read(a[0], a[1]);
        return this.#answer(() => this.#http(request), a[2], a[3]);
      }
      case 'helix_now': {
        const time = new Uint8Array(8);
        new DataView(time.buffer).setBigInt64(0, BigInt(Math.trunc(this.#around.clock.now())), true);
        this.put(a[0], time);
        return 0;
      }
      case 'helix_random': {
        const { count } = this.#range(a[0], a[1]);
        if (count > MAX_RANDOM) refuse('LIMIT', `at most ${MAX_RANDOM} random bytes at a time`);
        this.put(a[0], this.#around.random.bytes(count));
        return 0;
      }
      case 'helix_call': {
        const service = this.read(a[0], a[1]);
        const input = this.read(a[2], a[3]);
        return this.#answer(() => this.#service(this.#text(service), input), a[4], a[5]);
      }
      default:
        throw new Error(`no such function: ${name}`);
    }
  }

  /** Where the answer goes is checked before it is worked out: what traps has had no effect. */
  #answer(produce, out, capacity) {
    this.#range(out, capacity);
    this.#pending = produce();
    return this.#give(this.#pending, out, capacity);
  }

  #give(result, out, capacity) {
    const { count } = this.#range(out, capacity);
    if (result.length <= count) this.put(out, result);
    return result.length;
  }

  #range(pointer, length) {
    const offset = pointer >>> 0;
    const count = length >>> 0;
    if (offset + count > this.#memory().buffer.byteLength) {
      throw new GuestTrap(`gave Helix a pointer outside of its memory: ${offset} with length ${count}`);
    }
    return { offset, count };
  }

  #text(bytes) {
    return textOf(bytes) ?? refuse('INVALID', 'the text is not UTF-8');
  }

  #json(bytes, what) {
    const text = this.#text(bytes);
    let value;
    try {
      value = JSON.parse(text);
    } catch (error) {
      refuse('INVALID', `${what} is not JSON: ${error.message}`);
    }
    if (!isObject(value)) refuse('INVALID', `${what} must be a JSON object`);
    return value;
  }

  #writeOutput(bytes) {
    if (bytes.length > this.#around.limits.outputBytes) {
      refuse('LIMIT', `the output is longer than ${this.#around.limits.outputBytes} bytes`);
    }
    this.output = bytes;
    return 0;
  }

  #emit(bytes) {
    const { events, eventBytes } = this.#around.limits;
    if (this.events.length >= events) refuse('LIMIT', `at most ${events} events in one call`);
    if (this.#eventBytes + bytes.length > eventBytes) refuse('LIMIT', `the events of one call have at most ${eventBytes} bytes together`);
    const event = this.#json(bytes, 'the event');
    for (const member of Object.keys(event)) {
      if (!EVENT_MEMBERS.includes(member)) refuse('INVALID', `unknown member '${member}' of the event; known are ${EVENT_MEMBERS.join(', ')}`);
    }
    for (const member of ['subject', 'key', 'id', 'time']) {
      if (event[member] === null) delete event[member];
      if (member in event && typeof event[member] !== 'string') refuse('INVALID', `member '${member}' of the event must be a string`);
    }
    for (const member of ['subject', 'id']) {
      if (member in event && !isPlainText(event[member])) refuse('INVALID', `'${member}' of the event has 1 to ${MAX_TEXT} characters, no control characters`);
    }
    if (typeof event.type !== 'string' || !isEventType(event.type)) refuse('INVALID', `event type '${event.type}' is not valid`);
    if ('time' in event && !isTime(event.time)) refuse('INVALID', `time '${event.time}' is not an RFC 3339 timestamp`);
    this.#requireName('emit', event.type, `to emit ${event.type}`, true);
    this.#eventBytes += bytes.length;
    this.events.push(event);
    return 0;
  }

  #config(key) {
    const value = key === '' ? this.#around.config.all : this.#around.config.values.get(key);
    return value === undefined ? refuse('NOT_FOUND', `the configuration has no '${key}'`) : bytesOf(value);
  }

  /** Both the manifest and the operator must allow it; an operator who says nothing allows what the manifest asks for. */
  #requireName(capability, name, purpose, whenAbsent, matches = matchesName) {
    const allows = (patterns, otherwise) => patterns === undefined ? otherwise : patterns.some(pattern => matches(pattern, name));
    if (!allows(this.#around.capabilities[capability], whenAbsent)) refuse('DENIED', `the manifest does not ask ${purpose}`);
    if (!allows(this.#around.grants[capability], true)) refuse('DENIED', `the operator does not allow the plugin ${purpose}`);
  }

  #requireKv() {
    if (!this.#around.capabilities.kv) refuse('DENIED', 'the manifest does not ask to keep values');
    if (this.#around.grants.kv === false) refuse('DENIED', 'the operator does not allow the plugin to keep values');
  }

  #key(bytes) {
    this.#requireKv();
    const key = this.#text(bytes);
    if (key.length < 1 || key.length > MAX_KEY) refuse('INVALID', `a key has 1 to ${MAX_KEY} characters`);
    return key;
  }

  #kvGet(key) {
    return this.#around.kv.get(key) ?? refuse('NOT_FOUND', `no value is stored for '${key}'`);
  }

  #kvSet(keyBytes, value, ttl) {
    const key = this.#key(keyBytes);
    if (ttl < 0) refuse('INVALID', 'a time to live is 0 or more seconds');
    if (value.length > MAX_VALUE) refuse('LIMIT', `a stored value is at most ${MAX_VALUE} bytes long`);
    this.#around.kv.set(key, value, ttl);
    return 0;
  }

  #kvList(bytes) {
    this.#requireKv();
    return bytesOf(JSON.stringify(this.#around.kv.keys(this.#text(bytes)).slice(0, MAX_LISTED)));
  }

  #http(bytes) {
    const request = this.#json(bytes, 'the request');
    const { url, headers } = this.#checkRequest(request);
    this.#requireName('http', url.hostname.replace(/^\[|\]$/g, ''), `to call ${url.hostname}`, false, matchesHost);
    if (request.credential !== undefined) this.#addCredential(request.credential, headers);
    const sent = { method: (request.method ?? 'GET').toUpperCase(), url: request.url, headers };
    for (const member of ['body', 'body64', 'timeoutMs']) if (request[member] !== undefined) sent[member] = request[member];
    this.requests.push(sent);
    const answer = this.#answerTo(sent);
    const length = answer.body64 === undefined ? Buffer.byteLength(answer.body) : Buffer.byteLength(answer.body64, 'base64');
    if (length > MAX_ANSWER) refuse('LIMIT', `the answer is longer than ${MAX_ANSWER} bytes`);
    return bytesOf(JSON.stringify(answer));
  }

  #answerTo(request) {
    try {
      return this.#around.http.answer(request);
    } catch (error) {
      if (error instanceof HttpFailure) refuse(error.code, error.message);
      throw error;
    }
  }

  #checkRequest(request) {
    for (const member of Object.keys(request)) {
      if (!REQUEST_MEMBERS.includes(member)) refuse('INVALID', `unknown member '${member}' of the request; known are ${REQUEST_MEMBERS.join(', ')}`);
    }
    const wrong = (member, kind) => refuse('INVALID', `'${member}' of the request must be ${kind}`);
    for (const member of ['url', 'method', 'body', 'body64']) {
      if (member in request && typeof request[member] !== 'string') wrong(member, 'a string');
    }
    if ('body' in request && 'body64' in request) refuse('INVALID', 'the request has both body and body64');
    if ('body64' in request) decode64(request.body64);
    if ('timeoutMs' in request && !(Number.isInteger(request.timeoutMs) && request.timeoutMs > 0)) wrong('timeoutMs', 'a positive number');
    const headers = request.headers ?? {};
    if (!isObject(headers) || !Object.values(headers).every(value => typeof value === 'string')) wrong('headers', 'an object of strings');
    if (!URL.canParse(request.url ?? '')) refuse('INVALID', `'${request.url ?? ''}' is not a URL`);
    const url = new URL(request.url);
    if (!['http:', 'https:'].includes(url.protocol)) refuse('INVALID', `'${request.url}' is not an http or https URL`);
    return { url, headers: { ...headers } };
  }

  #addCredential(wanted, headers) {
    if (!isObject(wanted)) refuse('INVALID', "'credential' of the request must be an object");
    const { header = 'Authorization', prefix = 'Bearer ' } = wanted;
    if (typeof header !== 'string' || typeof prefix !== 'string') refuse('INVALID', 'header and prefix of a credential must be strings');
    headers[header] = prefix + textOf(this.#credential(wanted.name));
  }

  #credential(name) {
    if (typeof name !== 'string' || name === '') refuse('INVALID', 'a credential is asked for by its name');
    this.#requireName('credentials', name, `to use credential ${name}`, false);
    const secret = this.#around.credentials[name];
    return secret === undefined ? refuse('NOT_FOUND', `there is no credential ${name}`) : bytesOf(secret);
  }

  #service(service, input) {
    if (service !== 'credential') refuse('UNSUPPORTED', `this host has no service '${service}'`);
    return this.#credential(this.#json(input, 'the input of credential').name);
  }
}
