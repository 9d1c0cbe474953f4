/**
 * Runs Helix plugins without Helix: load a `.wasm`, give one of its agents a configuration, call it with events, look at
 * what it did. Works for a plugin in any language.
 *
 *     const plugin = loadPlugin('build/hello.wasm');
 *     const agent = plugin.agent({ config: { greeting: 'Hello' } });
 *     const result = agent.call({ type: 'demo.named', data: { name: 'Ada' } });
 *     assert.deepEqual(result.events, [{ type: 'demo.greeted', data: { text: 'Hello, Ada' } }]);
 */

import { readFileSync } from 'node:fs';
import { DEFAULT_LIMITS, GuestTrap, HostCalls, PARAMETERS } from './host.js';
import { FakeClock, FakeHttp, FakeKv, FakeRandom, bytesOf, textOf } from './fakes.js';
import { checkShape, readManifest } from './manifest.js';
import { WasiOutput, wasiFunction } from './wasi.js';
import { limitMemory, readModule } from './wasm.js';

export { CODES, DEFAULT_LIMITS } from './host.js';
export { FakeClock, FakeHttp, FakeKv, FakeRandom, HttpFailure } from './fakes.js';
export { addCustomSection, readModule } from './wasm.js';

const NOTHING = new Uint8Array(0);
const OUTCOMES = { 0: 'done', 1: 'failed', 2: 'retry' };

/** The file does not fit ABI helix/1; `problems` lists all that is wrong. */
export class PluginRefused extends Error {
  constructor(problems) {
    super(problems.join('; '));
    this.name = 'PluginRefused';
    this.problems = problems;
  }
}

/**
 * @param {string | URL | Uint8Array} file a path, or the bytes themselves
 * @returns {Plugin}
 * @throws {PluginRefused}
 */
export function loadPlugin(file) {
  const bytes = file instanceof Uint8Array ? file : new Uint8Array(readFileSync(file));
  let shape;
  try {
    shape = readModule(bytes);
  } catch (error) {
    throw new PluginRefused([error.message]);
  }
  const { problems, ...manifest } = readManifest(shape);
  problems.push(...checkShape(shape, manifest.handlers, PARAMETERS));
  if (manifest.encoding === 'msgpack') problems.push('encoding msgpack is not supported by this host');
  const limits = { ...DEFAULT_LIMITS, ...manifest.limits };
  const pages = shape.memories[0]?.min ?? 0;
  if (pages > limits.memoryPages) problems.push(`starts with ${pages} memory pages and may have ${limits.memoryPages}`);
  if (problems.length > 0) throw new PluginRefused(problems);
  let module;
  try {
    module = new WebAssembly.Module(limitMemory(bytes, limits.memoryPages));
  } catch (error) {
    throw new PluginRefused([error.message]);
  }
  return new Plugin(module, shape, manifest, limits);
}

export class Plugin {
  #module;
  #shape;
  #limits;

  constructor(module, shape, manifest, limits) {
    this.#module = module;
    this.#shape = shape;
    this.#limits = limits;
    this.manifest = manifest;
  }

  /**
   * An agent of this plugin.
   *
   * @param {object} [options]
   * @param {string} [options.type] the agent type; the first of the manifest by default
   * @param {object} [options.config] defaults of the schema's top level are filled in; it is not validated
   * @param {object} [options.kv] what is kept before, by key; strings or bytes
   * @param {object[] | function} [options.http] answers, see FakeHttp
   * @param {Record<string, string | Uint8Array>} [options.credentials] secrets by name
   * @param {{http?: string[], kv?: boolean, credentials?: string[], emit?: string[]}} [options.grants] what the operator
   *   allows of what the manifest asks for; a member that is left out allows all of it
   * @param {number | string} [options.now] the time; it stands still until `agent.clock.advance(millis)`
   * @param {number} [options.seed] of the randomness
   */
  agent(options = {}) {
    const handlers = this.manifest.handlers;
    const handler = options.type === undefined ? handlers[0] : handlers.find(each => each.type === options.type);
    if (!handler) throw new TypeError(`the plugin has no agent type ${options.type}; it has ${handlers.map(each => each.type).join(', ')}`);
    return new Agent(this.#module, this.#shape, this.manifest, this.#limits, handler, options);
  }

  /** Calls a new agent once. */
  run(event, options = {}) {
    return this.agent(options).call(event);
  }
}

/** The top-level values as JSON text; numbers of a configuration given as text stay as they are only in the whole. */
function configOf(config, schema) {
  const given = typeof config === 'string' ? JSON.parse(config) : config ?? {};
  const defaults = Object.entries(schema.properties ?? {}).filter(([key, property]) => property?.default !== undefined && !(key in given));
  const whole = { ...given, ...Object.fromEntries(defaults.map(([key, property]) => [key, property.default])) };
  return {
    all: typeof config === 'string' && defaults.length === 0 ? config : JSON.stringify(whole),
    values: new Map(Object.entries(whole).map(([key, value]) => [key, JSON.stringify(value)])),
  };
}

/** An agent with its configuration, what it keeps, and its instance, which lasts until it traps. */
export class Agent {
  #module;
  #shape;
  #handler;
  #around;
  #instance = null;
  #current = null;

  constructor(module, shape, manifest, limits, handler, options) {
    this.#module = module;
    this.#shape = shape;
    this.#handler = handler;
    this.clock = new FakeClock(options.now);
    this.kv = new FakeKv(this.clock, options.kv);
    this.#around = {
      config: configOf(options.config, handler.config),
      capabilities: manifest.capabilities,
      grants: options.grants ?? {},
      limits,
      clock: this.clock,
      kv: this.kv,
      random: new FakeRandom(options.seed),
      http: new FakeHttp(options.http),
      credentials: options.credentials ?? {},
    };
  }

  /**
   * @param {object | string | Uint8Array} event an object, to which what a CloudEvent must have is added, or the text of
   *   one, which is handed over as it is
   * @returns {Result}
   */
  call(event = {}) {
    const input = typeof event === 'string' || event instanceof Uint8Array ? bytesOf(event) : bytesOf(JSON.stringify(this.#complete(event)));
    const calls = new HostCalls(input, this.#around, () => this.#memory());
    return this.#guarded(calls, () => {
      if (this.#instance === null) {
        const refused = this.#start();
        if (refused) return refused;
      }
      this.#current = calls;
      const code = this.#instance.exports[this.#handler.export](input.length);
      this.#instance.output.flush(calls);
      return new Result(OUTCOMES[code] ?? 'failed', code, calls);
    });
  }

  /** Wakes a source, as Helix does when it starts and then by its schedule. */
  wake(reason = 'schedule') {
    return this.call({ type: 'helix.wake', data: { reason } });
  }

  /** Hands a request to a source; `method`, `query` and `headers` are filled in. */
  request(request = {}) {
    return this.call({
      type: 'helix.request',
      data: { method: 'POST', query: {}, headers: {}, ...('body64' in request ? {} : { body: '' }), remoteAddress: '192.0.2.1', ...request },
    });
  }

  /** Throws the instance away; what is kept stays. */
  restart() {
    this.#instance = null;
  }

  #complete(event) {
    return {
      specversion: '1.0', id: '1', source: 'test', type: 'test.event', time: new Date(this.clock.now()).toISOString(), ...event,
    };
  }

  /** Whether it refuses to start, as a result; undefined when it is there. */
  #start() {
    const calls = new HostCalls(NOTHING, this.#around, () => this.#memory());
    return this.#guarded(calls, () => {
      this.#current = calls;
      const output = new WasiOutput();
      const imports = { helix: {}, wasi_snapshot_preview1: {} };
      for (const { module, name } of this.#shape.imports) {
        imports[module][name] = module === 'helix'
          ? (...args) => this.#running().call(name, args)
          : wasiFunction(name, () => this.#running(), this.#around, output);
      }
      const { exports } = new WebAssembly.Instance(this.#module, imports);
      this.#instance = { exports, output };
      exports._initialize?.();
      const code = exports.helix_init?.() ?? 0;
      output.flush(calls);
      if (code === 0) return undefined;
      this.#instance = null;
      return new Result('refused', code, calls);
    });
  }

  #memory() {
    if (this.#instance === null) throw new GuestTrap('called Helix in its start function; use _initialize');
    return this.#instance.exports.memory;
  }

  #running() {
    if (this.#current === null) throw new Error('the guest called Helix while it was not called');
    return this.#current;
  }

  #guarded(calls, action) {
    try {
      return action();
    } catch (error) {
      const trapped = error instanceof WebAssembly.RuntimeError || error instanceof GuestTrap
        || error instanceof RangeError && error.message.includes('call stack');
      if (!trapped) throw error;
      this.#instance?.output.flush(calls);
      this.#instance = null;
      return new Result('trap', null, calls, error.message);
    } finally {
      this.#current = null;
    }
  }
}

/** What a call did. Events count only when the outcome is `done`. */
export class Result {
  /**
   * @param {'done' | 'failed' | 'retry' | 'trap' | 'refused'} outcome `refused` when `helix_init` was not content
   * @param {number | null} code what the handler returned; null when it trapped
   * @param {HostCalls} calls
   * @param {string | null} trap the reason of the trap
   */
  constructor(outcome, code, calls, trap = null) {
    this.outcome = outcome;
    this.code = code;
    this.trap = trap;
    this.events = outcome === 'done' ? calls.events : [];
    this.outputBytes = calls.output;
    /** `{level, text}` each */
    this.log = calls.log;
    /** The calls that were refused: `{call, code, reason}` each, the code by name. */
    this.errors = calls.errors;
    /** What was sent: `{method, url, headers, body?, body64?, timeoutMs?}` each, credentials in their headers. */
    this.requests = calls.requests;
  }

  /** What was given to `helix_output_write`: the output of an action, the reply of a source, or the reason of a failure. */
  get output() {
    return textOf(this.outputBytes);
  }

  /** The output as a value. */
  get json() {
    return JSON.parse(this.output);
  }
}
