import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { join } from 'node:path';
import { loadPlugin } from '../testing/index.js';
import { SDK, compile, withoutCompiler } from './build.js';

describe('the library', { skip: withoutCompiler }, () => {
  let plugin;

  before(() => {
    const { status, errors, file } = compile(join(SDK, 'test/guest'));
    assert.equal(status, 0, errors);
    plugin = loadPlugin(file);
  });

  const run = (type, data, options = {}) => plugin.run({ data }, { type, ...options });

  describe('reads and writes JSON', () => {
    const parse = text => run('test.parse', { text }).json;
    const same = [
      'null', 'true', 'false', '0', '-0', '1', '-1', '1.5', '1e5', '1E+5', '1.10', '123456789012345678901234567890', '""', '"a"',
      '[]', '{}', '[[],{}]', '[1,[2,[3]]]', '{"a":{"b":[null]}}', '"\u00e9\u4e2d\u{1f600}"', '{"":1}', '"\\u0000\\u001f"',
      '"\\\\\\"\\b\\f\\n\\r\\t"', '"\u007f\u2028"', '{"__proto__":1,"constructor":2}',
    ];
    for (const text of same) it(`keeps ${text}`, () => assert.equal(parse(text).written, text));

    const different = [
      [' [ 1 , 2 ]\t\r\n', '[1,2]'],
      ['{ "a" : 1 , "b" : 2 }', '{"a":1,"b":2}'],
      ['"\\u0041\\/\\u00e9\\u4e2d"', '"A/\u00e9\u4e2d"'],
      ['"\\ud83d\\ude00"', '"\u{1f600}"'],
      ['"\\uD83D\\uDE00x"', '"\u{1f600}x"'],
      ['"\\ud83d"', '"\ufffd"'],
      ['"\\ude00"', '"\ufffd"'],
      ['"\\ud83dx"', '"\ufffdx"'],
      ['"\\ud83d\\u0041"', '"\ufffdA"'],
      ['"\\ud83d\\ud83d\\ude00"', '"\ufffd\u{1f600}"'],
      ['"\\ud83d\\n"', '"\ufffd\\n"'],
      ['{"a":1,"a":2}', '{"a":2}'],
      ['"\\u000a"', '"\\n"'],
    ];
    for (const [text, written] of different) it(`reads ${JSON.stringify(text)}`, () => assert.equal(parse(text).written, written));

    const malformed = [
      '', ' ', '{', '[', '"', '"a', '"\\', '"\\u', '"\\u12', '"\\u12g4"', '"\\x"', '"\n"', '"\u0000"', 'nul', 'nulll', 'True', '+1',
      '01', '-', '-a', '1.', '.5', '1e', '1e+', '0x10', 'NaN', 'Infinity', '[1,]', '[,1]', '[1 2]', '[1', '[1,', '{"a"}', '{"a":}',
      '{"a":1,}', '{"a":1', '{"a" 1}', '{a:1}', "{'a':1}", '{1:1}', '1 2', '[]]', '{}}', '"a" "b"', '\ufeff1', '// c\n1', '"\\ud83d\\u"',
      '"\\ud83d\\u12"', '\u0000', '\u00a01', '}', ']', ',', ':',
    ];
    for (const text of malformed) {
      it(`refuses ${JSON.stringify(text)}`, () => {
        const { failure, written } = parse(text);
        assert.match(failure ?? `read as ${written}`, /^not JSON at character \d+: ./);
      });
    }

    it('agrees with JSON.parse about mutilated texts', () => {
      const text = '{"a":[1,-2.5e3,"x\\u00e9\\n",true,null],"b":{"c":""}}';
      for (let i = 0; i < text.length; i++) {
        for (const mutilated of [text.slice(0, i) + text.slice(i + 1), text.slice(0, i), text.slice(0, i) + '"' + text.slice(i), text.slice(0, i) + '\\' + text.slice(i + 1)]) {
          let expected;
          try {
            expected = JSON.parse(mutilated);
          } catch {
            expected = undefined;
          }
          const { written } = parse(mutilated);
          assert.deepEqual(written === undefined ? undefined : JSON.parse(written), expected, mutilated);
        }
      }
    });

    it('bounds the depth', () => {
      const nested = depth => '['.repeat(depth) + ']'.repeat(depth);
      assert.equal(parse(nested(128)).written, nested(128));
      assert.match(parse(nested(129)).failure, /nested deeper than 128/);
      assert.match(parse('{"a":'.repeat(100_000)).failure, /nested deeper than 128/);
    });

    it('reads large texts', () => {
      const large = JSON.stringify(Array.from({ length: 5000 }, (_, i) => ({ i, s: `x${i}\n` })));
      const { written, length } = parse(large);
      assert.equal(written, large);
      assert.equal(length, 5000);
    });

    it('reads numbers as JavaScript does, and integers exactly', () => {
      const literals = [
        '0', '-0', '1', '-1', '0.1', '0.2', '1.7976931348623157e308', '5e-324', '2.2250738585072014e-308', '2.2250738585072011e-308', '1e400',
        '-1e400', '1e-400', '9007199254740993', '9007199254740992', '123456789.123456789', '9223372036854775807', '-9223372036854775808',
        '9223372036854775808', '-9223372036854775809', '18446744073709551616', '3.0', '3e2', '2.5', '1e18', '1e19', '1E2', '8.5e-1',
        '179769313486231580793e289', '1.00000000000000011102230246251565404236316680908203125', '6.62607015e-34', '7.2057594037927933e16',
      ];
      let seed = 7;
      const next = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0);
      const view = new DataView(new ArrayBuffer(8));
      while (literals.length < 2000) {
        view.setUint32(0, next());
        view.setUint32(4, next());
        const value = view.getFloat64(0);
        if (Number.isFinite(value)) literals.push(String(value), (next() / 1000).toString(), (next() % 1e6 / 1e4).toFixed(4));
      }
      const expected = literal => {
        view.setFloat64(0, Number(literal));
        return view.getBigUint64(0).toString();
      };
      const results = run('test.numbers', { numbers: literals }).json;
      const wrong = literals.filter((literal, i) => results[i].bits !== expected(literal));
      assert.deepEqual(wrong, []);
      const integer = literal => results[literals.indexOf(literal)].integer;
      assert.equal(integer('9007199254740993'), '9007199254740993');
      assert.equal(integer('9223372036854775807'), '9223372036854775807');
      assert.equal(integer('-9223372036854775808'), '-9223372036854775808');
      assert.equal(integer('9223372036854775808'), '9223372036854775808 does not fit into 64 bits');
      assert.equal(integer('-9223372036854775809'), '-9223372036854775809 does not fit into 64 bits');
      assert.equal(integer('18446744073709551616'), '18446744073709551616 does not fit into 64 bits');
      assert.equal(integer('1e19'), '1e19 does not fit into 64 bits');
      assert.equal(integer('1e400'), '1e400 does not fit into 64 bits');
      assert.equal(integer('2.5'), '2.5 is not an integer');
      assert.equal(integer('3.0'), '3');
      assert.equal(integer('3e2'), '300');
      assert.equal(integer('-0'), '0');
      results.forEach(({ written }, i) => {
        const value = Number(literals[i]);
        assert.equal(written, Number.isFinite(value) ? value + 0 : null, literals[i]);
      });
    });

    it('has typed values with clear failures', () => {
      const data = { s: 'text', n: 7, f: 2.5, b: true, a: [1], o: { deep: [0, { x: 'found' }] }, nil: null };
      assert.deepEqual(run('test.values', data).json, {
        strings: ['text', { code: -3, reason: "'n' is a number, not a string" }, { code: -1, reason: "'none' is missing" }],
        integers: [7, { code: -3, reason: "'f': 2.5 is not an integer" }, { code: -3, reason: "'s' is a string, not an integer" }],
        numbers: [2.5, { code: -3, reason: "'nil' is null, not a number" }],
        booleans: [true, { code: -3, reason: "'a' is an array, not a boolean" }],
        containers: [[1], { deep: [0, { x: 'found' }] }, { code: -3, reason: "'a' is an array, not an object" }],
        path: 'found',
        absent: true,
        asString: { code: -3, reason: 'the value is null, not a string' },
        keys: ['deep'],
        nullable: [null, 'text'],
        nan: null,
        infinity: null,
        i64: Number(-(2n ** 63n)),
        u64: Number(2n ** 64n - 1n),
        f64: 0.1,
      });
      assert.match(run('test.values', data).output, /"i64":-9223372036854775808,"u64":18446744073709551615/);
    });
  });

  it('reads the event', () => {
    const event = { id: 'e1', source: 'here', type: 'a.b', time: '2026-02-03T04:05:06Z', subject: 's\u{1f600}', helixrun: 'r', data: [1] };
    const { length, ...rest } = plugin.run(event, { type: 'test.event' }).json;
    assert.deepEqual(rest, {
      id: 'e1', source: 'here', type: 'a.b', time: '2026-02-03T04:05:06Z', subject: 's\u{1f600}', extension: 'r', data: [1],
    });
    assert.equal(plugin.run({ data: 'x'.repeat(10_000) }, { type: 'test.event' }).json.data.length, 10_000);
  });

  it('fails for an event that is not JSON or not text, whatever the handler does', () => {
    for (const type of ['test.event', 'test.values']) {
      assert.match(plugin.run('{"data":', { type }).output, /^the event: not JSON at character 8/);
      assert.equal(plugin.run(Uint8Array.of(0x22, 0xff, 0x22), { type }).output, 'the text is not UTF-8');
    }
    assert.equal(plugin.run('{"data":', { type: 'test.event' }).outcome, 'failed');
  });

  it('reads the configuration', () => {
    const config = { string: 's', integer: 3, number: 0.5, boolean: true, array: [1, 2], object: { a: null } };
    assert.deepEqual(run('test.config', {}, { config }).json, {
      all: { ...config, filled: 'by default' },
      filled: 'by default',
      ...config,
      wrong: { code: -3, reason: "configuration: 'string' is a string, not an integer" },
      missing: { code: -1, reason: "configuration: 'missing' is missing" },
    });
  });

  it('reads a configuration that is longer than one answer', () => {
    const config = { string: 'y'.repeat(20_000) };
    assert.equal(run('test.config', {}, { config }).json.string, config.string);
  });

  it('keeps values', () => {
    const agent = plugin.agent({ type: 'test.kv', kv: { count: '1' } });
    assert.deepEqual(agent.call({}).json, {
      before: '1',
      none: { code: -1, reason: "no value is stored for 'none'" },
      set: null,
      after: '2',
      setBytes: null,
      notText: { code: -3, reason: 'the text is not UTF-8' },
      bytes: '/wA=',
      ttl: null,
      long: null,
      longBack: true,
      empty: null,
      emptyBack: '',
      badKey: { code: -3, reason: 'a key has 1 to 200 characters' },
      list: ['brief', 'bytes'],
      removed: true,
      removedAgain: false,
      all: ['brief', 'bytes', 'empty', 'long'],
    });
    agent.clock.advance(5000);
    assert.deepEqual(agent.kv.keys(), ['bytes', 'empty', 'long']);
    const denied = run('test.kv', {}, { grants: { kv: false } }).json;
    assert.equal(denied.before.code, -2);
    assert.equal(denied.all.code, -2);
  });

  it('calls HTTP with a credential that it never sees', () => {
    const http = [{ status: 201, headers: { 'X-Answer': 'a' }, body: '{"n":1}' }];
    const result = run('test.http', {}, { http, credentials: { 'github-token': 'secret' } });
    assert.deepEqual(result.requests, [{
      method: 'POST',
      url: 'https://api.example.com/items',
      headers: { 'X-Test': 'yes', 'Content-Type': 'application/json', Authorization: 'Bearer secret' },
      body: '{"a":1}',
      timeoutMs: 500,
    }]);
    assert.deepEqual(result.json, { status: 201, ok: true, header: 'a', json: { n: 1 }, text: '{"n":1}', bytes: 'eyJuIjoxfQ==', failure: null });
  });

  it('tells what a status means', () => {
    const failure = status => run('test.http', {}, { http: [{ status, body: 'x'.repeat(6000) }], credentials: { 'github-token': 's' } }).json.failure;
    assert.deepEqual(failure(404), { code: -3, reason: 'the answer has status 404' });
    assert.deepEqual(failure(503), { code: -5, reason: 'the answer has status 503' });
  });

  it('sends and receives bytes', () => {
    for (const body64 of ['', '/w==', '/wA=', '/wAB', 'AAECAwQFBgc=']) {
      const result = run('test.http.bytes', { body64 }, { http: [{ body64 }] });
      assert.equal(result.requests[0].body64, body64);
      assert.equal(result.json, body64);
    }
    for (const body64 of ['/', '/w=', '====', 'a===', '/w=a', '/w==/w==', '\u00e9AAA']) assert.equal(run('test.http.bytes', { body64 }).output, 'not base64', body64);
  });

  it('asks for a retry when the network fails, and fails when it is denied', () => {
    const retry = run('test.http', {}, { http: [{ error: 'UNAVAILABLE', reason: 'timeout' }], credentials: { 'github-token': 's' } });
    assert.deepEqual([retry.outcome, retry.output], ['retry', 'timeout']);
    const denied = run('test.http', {}, { grants: { http: [] } });
    assert.deepEqual([denied.outcome, denied.requests], ['failed', []]);
    assert.equal(run('test.http.elsewhere', {}).json.code, -2);
  });

  it('knows the time, randomness and secrets', () => {
    const result = run('test.services', {}, { now: '2026-03-04T05:06:07.089Z', credentials: { 'github-token': 'sec\u00e9ret', other: 'x' } }).json;
    assert.deepEqual(result, {
      now: Date.parse('2026-03-04T05:06:07.089Z'),
      nowText: '2026-03-04T05:06:07.089Z',
      random: 70_000,
      different: true,
      secret: 'sec\u00e9ret',
      denied: { code: -2, reason: 'the manifest does not ask to use credential other' },
      unknown: { code: -7, reason: "this host has no service 'no-such-service'" },
    });
  });

  it('emits events, all or none', () => {
    const made = i => ({ type: 'test.made', data: { i }, subject: 's', key: 'k', id: `id-${i}`, time: '2026-01-02T03:04:05Z' });
    assert.deepEqual(run('test.emit', { count: 3 }).events, [made(0), made(1), made(2)]);
    const over = run('test.emit', { count: 4 });
    assert.deepEqual([over.outcome, over.output, over.events], ['failed', 'an event was refused: at most 3 events in one call', []]);
    assert.deepEqual(run('test.emit', { fail: true }).events, []);
    const later = run('test.emit', { retry: true });
    assert.deepEqual([later.outcome, later.code, later.output, later.events], ['retry', 2, 'not now', []]);
  });

  it('lets a handler decide on an event that it only tried', () => {
    assert.deepEqual(run('test.emit.bad', {}).events, [{ type: 'test.tried', data: { code: -3 } }]);
    const refused = run('test.emit.bad', { refused: true });
    assert.deepEqual([refused.outcome, refused.output], ['failed', 'an event was refused: the manifest does not ask to emit elsewhere']);
  });

  it('forgets a refused event with its call', () => {
    const agent = plugin.agent({ type: 'test.emit.bad' });
    assert.equal(agent.call({ data: { refused: true } }).outcome, 'failed');
    assert.equal(agent.call({ data: {} }).outcome, 'done');
  });

  it('logs', () => {
    assert.deepEqual(run('test.nothing').log, [
      { level: 'trace', text: 'a' }, { level: 'debug', text: 'b' }, { level: 'info', text: '' }, { level: 'warn', text: '\ufffd' }, { level: 'error', text: 'e' },
    ]);
  });

  it('says where it gave up', () => {
    const aborted = run('test.abort', 1);
    assert.equal(aborted.outcome, 'trap');
    assert.match(aborted.output, /^data is there \(assembly\/plugin\.ts:\d+:\d+\)$/);
    const value = run('test.value', {});
    assert.equal(value.outcome, 'trap');
    assert.match(value.output, /^'missing' is missing \(/);
    assert.equal(run('test.forever').outcome, 'trap');
  });

  it('works on after a trap, with a new instance', () => {
    const agent = plugin.agent({ type: 'test.abort' });
    assert.equal(agent.call({ data: 1 }).outcome, 'trap');
    assert.equal(agent.call({}).outcome, 'done');
  });

  it('is a source', () => {
    const handler = plugin.manifest.handlers.find(each => each.type === 'test.source');
    assert.deepEqual([handler.kind, handler.wake, handler.request], ['source', { every: '5m' }, true]);
    const agent = plugin.agent({ type: 'test.source' });
    assert.deepEqual(agent.wake('start').events, [{ type: 'test.woken', data: { reason: 'start' } }]);
    assert.deepEqual(agent.request({ body: 'x' }).json, { status: 200, detail: 'thanks' });
    assert.deepEqual([agent.request().outcome, agent.request().output], ['failed', 'send something']);
    assert.equal(agent.call({ type: 'other' }).output, 'neither');
  });

  it('refuses to start when its init says so', () => {
    const result = run('test.nothing', {}, { config: { refuse: true } });
    assert.deepEqual([result.outcome, result.output], ['refused', 'told to refuse']);
  });

  it('does not grow from call to call', () => {
    const agent = plugin.agent({ type: 'test.parse' });
    const text = JSON.stringify(Array.from({ length: 200 }, (_, i) => ({ i, s: `x${i}` })));
    for (let i = 0; i < 500; i++) assert.equal(agent.call({ data: { text } }).outcome, 'done');
  });
});
