import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock, FakeHttp, FakeKv, FakeRandom, HttpFailure, PluginRefused, addCustomSection, loadPlugin, readModule } from '../testing/index.js';

const encode = text => new TextEncoder().encode(text);
const guest = name => new URL(`../../conformance/guests/${name}.wasm`, import.meta.url);

/** (module (memory (export "memory") 1) (func (export "helix_handle") (param i32) (result i32) i32.const 0)) */
const SMALLEST = Uint8Array.from([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f,
  3, 2, 1, 0,
  5, 3, 1, 0, 1,
  7, 25, 2, 6, ...encode('memory'), 2, 0, 12, ...encode('helix_handle'), 0, 0,
  10, 6, 1, 4, 0, 0x41, 0, 0x0b,
]);
const GOOD = { abi: 1, name: 'smallest', version: '1.0.0', description: 'Does nothing.', type: 'test.nothing' };
const module = (manifest, ...lines) => {
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
  const bytes = addCustomSection(SMALLEST, 'helix.manifest', encode(text));
  return lines.length === 0 ? bytes : addCustomSection(bytes, 'helix.handlers', encode(lines.join('\n')));
};
const problems = bytes => {
  try {
    loadPlugin(bytes);
  } catch (error) {
    assert.ok(error instanceof PluginRefused, String(error));
    return error.problems.join('; ');
  }
  return '';
};

describe('loadPlugin', () => {
  it('takes the smallest plugin', () => {
    const result = loadPlugin(module(GOOD)).run();
    assert.deepEqual([result.outcome, result.code, result.events, result.output], ['done', 0, [], '']);
  });

  it('fills the manifest in', () => {
    const { manifest } = loadPlugin(module(GOOD));
    assert.deepEqual(manifest.handlers, [{
      type: 'test.nothing', kind: 'transformer', export: 'helix_handle', description: 'Does nothing.', config: { type: 'object' },
      wake: undefined, request: false,
    }]);
    assert.equal(manifest.encoding, 'json');
  });

  it('refuses what is no module', () => {
    assert.match(problems(encode('hello')), /cut short/);
    assert.match(problems(encode('hello, world')), /not a core WebAssembly module/);
    assert.match(problems(SMALLEST.subarray(0, 30)), /cut short/);
    assert.match(problems(SMALLEST), /0 sections helix\.manifest/);
    assert.match(problems(addCustomSection(module(GOOD), 'helix.manifest', encode('{}'))), /2 sections helix\.manifest/);
  });

  const wrong = [
    ['a manifest that is not JSON', '{', /is not JSON/],
    ['a manifest that is no object', '[]', /must be a JSON object/],
    ['another abi', { ...GOOD, abi: 2 }, /abi must be 1, is 2/],
    ['no name', { ...GOOD, name: '' }, /name is required/],
    ['a version in two parts', { ...GOOD, version: '1.0' }, /major\.minor\.patch/],
    ['an unknown key', { ...GOOD, colour: 1 }, /unknown key colour/],
    ['an unknown key of a handler', { ...GOOD, type: undefined, handlers: [{ type: 'a', colour: 1 }] }, /handler a: unknown key colour/],
    ['an unknown kind', { ...GOOD, kind: 'sink' }, /kind must be one of/],
    ['no handler', { ...GOOD, type: undefined }, /names 0 handlers/],
    ['too many handlers', { ...GOOD, handlers: Array.from({ length: 64 }, (_, i) => ({ type: `t${i}`, export: `e${i}` })) }, /names 65 handlers/],
    ['one type twice', { ...GOOD, handlers: [{ type: 'test.nothing', export: 'other' }] }, /two handlers share type/],
    ['an export that is missing', { ...GOOD, export: 'missing' }, /must export function missing/],
    ['an export that is no function', { ...GOOD, export: 'memory' }, /exports memory as memory/],
    ['a schema of something else', { ...GOOD, config: { type: 'string' } }, /"type": "object"/],
    ['a wake of a transformer', { ...GOOD, wake: { every: '5m' } }, /for sources/],
    ['a wake that is too often', { ...GOOD, kind: 'source', wake: { every: '4s' } }, /5s to 7d/],
    ['a wake that is too seldom', { ...GOOD, kind: 'source', wake: { every: '8d' } }, /5s to 7d/],
    ['a wake that is no duration', { ...GOOD, kind: 'source', wake: { every: 'often' } }, /5s to 7d/],
    ['an unknown capability', { ...GOOD, capabilities: { files: true } }, /capabilities: unknown key files/],
    ['hosts that are no list', { ...GOOD, capabilities: { http: 'a.example.com' } }, /capabilities\.http must be/],
    ['kv that is no boolean', { ...GOOD, capabilities: { kv: 'yes' } }, /capabilities\.kv must be/],
    ['an unknown limit', { ...GOOD, limits: { files: 1 } }, /limits: unknown key files/],
    ['a limit of nothing', { ...GOOD, limits: { events: 0 } }, /limits\.events must be/],
    ['samples without an event', { ...GOOD, samples: [{}] }, /samples must be/],
    ['msgpack', { ...GOOD, encoding: 'msgpack' }, /not supported by this host/],
    ['an unknown encoding', { ...GOOD, encoding: 'xml' }, /encoding must be/],
    ['a manifest that is too long', { ...GOOD, description: 'x'.repeat(65_536) }, /longer than 65536 bytes/],
  ];
  for (const [what, manifest, expected] of wrong) it(`refuses ${what}`, () => assert.match(problems(module(manifest)), expected));

  it('tells all that is wrong at once', () => {
    const found = problems(module({ ...GOOD, abi: 3, version: 'x', export: 'missing' }));
    for (const expected of [/abi must be 1/, /major\.minor\.patch/, /must export function missing/]) assert.match(found, expected);
  });

  it('reads handlers of section helix.handlers', () => {
    const bytes = module({ ...GOOD, type: undefined }, '{"type":"test.line"}', '');
    assert.equal(loadPlugin(bytes).manifest.handlers[0].type, 'test.line');
    assert.match(problems(module(GOOD, '{')), /section helix\.handlers is not JSON/);
  });

  it('refuses more memory than the limit', () => {
    assert.match(problems(addCustomSection(new Uint8Array(SMALLEST.with(24, 2)), 'helix.manifest', encode(JSON.stringify({ ...GOOD, limits: { memoryPages: 1 } })))), /starts with 2 memory pages/);
  });

  it('knows what a module imports and exports', () => {
    const shape = readModule(SMALLEST);
    assert.deepEqual([...shape.exports.keys()], ['memory', 'helix_handle']);
    assert.deepEqual(shape.exports.get('helix_handle').type, { parameters: ['i32'], results: ['i32'] });
    assert.deepEqual(shape.memories, [{ min: 1, max: null, imported: false }]);
  });
});

describe('an agent', () => {
  it('must be of a type that the plugin has', () => {
    assert.throws(() => loadPlugin(module(GOOD)).agent({ type: 'other' }), /no agent type other; it has test\.nothing/);
  });

  it('may be called too much', () => {
    const calls = { emit: Array.from({ length: 20 }, () => 'x') };
    const plugin = loadPlugin(guest('emit'));
    const refused = plugin.run({ data: calls }).errors;
    assert.equal(refused.length, 20);
    assert.deepEqual(refused[0], { call: 'helix_emit_event', code: 'INVALID', reason: refused[0].reason });
  });

  it('is handed a text as it is', () => {
    const event = '{"specversion":"1.0","id":"1","source":"s","type":"t","data":{"key":"a"},"time":""}';
    assert.equal(loadPlugin(guest('config')).run(event, { type: 'conformance.config', config: { a: 1 } }).json.text, '1');
  });

  it('may be restarted', () => {
    const agent = loadPlugin(guest('kv')).agent({ type: 'conformance.kv.set' });
    agent.call({ data: { key: 'a', value: '1' } });
    agent.restart();
    agent.call({ data: { key: 'b', value: '2' } });
    assert.deepEqual(agent.kv.toJSON(), { a: '1', b: '2' });
  });

  it('may be answered over HTTP by a function', () => {
    const http = request => request.method === 'GET' ? { body: { seen: request.url } } : undefined;
    const ask = (method) => loadPlugin(guest('http')).run(
      { data: { request: JSON.stringify({ method, url: 'https://api.example.com/a' }) } }, { http });
    assert.equal(ask('GET').json.value.body, '{"seen":"https://api.example.com/a"}');
    assert.equal(ask('POST').json.result, -5);
  });

  it('is a source that is woken and asked', () => {
    const agent = loadPlugin(guest('source')).agent();
    assert.deepEqual(agent.wake('start').events, [{ type: 'conformance.woken', data: { reason: 'start' } }]);
    assert.deepEqual(agent.request({ method: 'PUT', body: 'x' }).json, { status: 200, detail: 'PUT' });
  });

  it('gives answers of up to 1 MiB', () => {
    const ask = answer => loadPlugin(guest('http')).run(
      { data: { request: '{"url":"https://api.example.com/"}', capacity: 0 } }, { http: () => answer });
    assert.equal(ask({ body: 'x'.repeat(1024 * 1024) }).json.positive, true);
    assert.equal(ask({ body: 'é'.repeat(512 * 1024 + 1) }).json.result, -4);
    assert.equal(ask({ body64: Buffer.alloc(1024 * 1024 + 1).toString('base64') }).json.result, -4);
  });

  it('passes on what is wrong with a test', () => {
    const http = () => { throw new TypeError('a mistake in the test'); };
    assert.throws(
      () => loadPlugin(guest('http')).run({ data: { request: '{"url":"https://api.example.com/"}' } }, { http }), /a mistake in the test/);
  });
});

describe('the fakes', () => {
  it('have a clock that stands still', () => {
    const clock = new FakeClock('2026-01-01T00:00:00Z');
    assert.equal(clock.now(), Date.UTC(2026, 0, 1));
    clock.advance(1500);
    assert.equal(clock.now(), Date.UTC(2026, 0, 1) + 1500);
    assert.throws(() => new FakeClock('soon'), /not a time/);
  });

  it('repeat their randomness', () => {
    assert.deepEqual(new FakeRandom(5).bytes(16), new FakeRandom(5).bytes(16));
    assert.notDeepEqual(new FakeRandom(5).bytes(16), new FakeRandom(6).bytes(16));
  });

  it('list keys in the order of their bytes', () => {
    const kv = new FakeKv(new FakeClock(), { '\u{1f600}': '', '\uffee': '', a: '', B: '' });
    assert.deepEqual(kv.keys(), ['B', 'a', '\uffee', '\u{1f600}']);
  });

  it('answer no request that nothing was said of', () => {
    assert.throws(() => new FakeHttp([]).answer({ method: 'GET', url: 'x' }), HttpFailure);
  });
});
