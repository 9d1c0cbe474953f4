import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadPlugin } from '../../testing/index.js';

const plugin = loadPlugin(new URL('csv-to-events.wasm', import.meta.url));
const columns = [
  { name: 'n', type: 'integer', required: true },
  { name: 'x', type: 'number' },
  { name: 'b', type: 'boolean' },
];

const rows = (csv, config = {}) => plugin.run({ id: 'e', data: { csv } }, { config });
const data = (csv, config) => rows(csv, config).events.map(event => event.data);

describe('csv-to-events', () => {
  it('runs its sample', () => {
    const [{ event, config }] = plugin.manifest.samples;
    assert.deepEqual(plugin.run(event, { config }).events, [
      { type: 'csv.row', data: { order: 1001, amount: 12.5, paid: true, note: 'soap, green' }, id: 'orders-1-2', key: '1001' },
      {
        type: 'csv.row.bad',
        data: { line: 3, reason: "'amount' is not of type number: ten", fields: ['1002', 'ten', 'no', ''] },
        id: 'orders-1-3',
      },
      { type: 'csv.row', data: { order: 1003, amount: 7, paid: false, note: 'says "hello"' }, id: 'orders-1-4', key: '1003' },
    ]);
  });

  it('takes any line ending, blank lines, and a byte order mark', () => {
    for (const csv of ['a,b\n1,2\n3,4', 'a,b\r\n1,2\r\n3,4\r\n', 'a,b\r1,2\r3,4\r', '\ufeffa,b\n\n1,2\n\r\n\n3,4\n\n']) {
      assert.deepEqual(data(csv), [{ a: '1', b: '2' }, { a: '3', b: '4' }], JSON.stringify(csv));
    }
  });

  it('reads quoted fields', () => {
    assert.deepEqual(data('a,b\n"1,2","say ""x"""\n"two\r\nlines",""\n'), [{ a: '1,2', b: 'say "x"' }, { a: 'two\r\nlines', b: '' }]);
    assert.deepEqual(data('a,b\na"b,c\n'), [{ a: 'a"b', b: 'c' }]);
  });

  it('counts lines in quotes too', () => {
    assert.deepEqual(rows('a\n"x\ny"\nz\n').events.map(event => event.id), ['e-2', 'e-4']);
  });

  it('reports rows that do not fit', () => {
    const csv = 'n,x,b\n1,2.5,yes\n,1,no\n1.5,1,no\n2,x,no\n3,1,maybe\n4,1\n5,1,no,6\n"6"7,1,no\n7,,\n"8,1,no';
    const { events, log, outcome } = rows(csv, { columns });
    assert.equal(outcome, 'done');
    assert.deepEqual(events.map(event => event.type === 'csv.row' ? event.data : `${event.data.line}: ${event.data.reason}`), [
      { n: 1, x: 2.5, b: true },
      "3: 'n' is empty",
      "4: 'n' is not of type integer: 1.5",
      "5: 'x' is not of type number: x",
      "6: 'b' is not of type boolean: maybe",
      '7: has 2 fields, not 3',
      '8: has 4 fields, not 3',
      '9: text follows closing quotes',
      { n: 7, x: null, b: null },
      '11: the quotes opened in line 11 are not closed',
    ]);
    assert.deepEqual(log, [{ level: 'info', text: '2 rows, 8 bad ones' }]);
  });

  it('keeps numbers as they are written', () => {
    const result = rows('n,x,b\n9007199254740993,1.10,1\n', { columns });
    assert.equal(result.events[0].data.b, true);
    assert.equal(result.events[0].data.x, 1.1);
  });

  it('works without a header, with another separator and other types of events', () => {
    const config = { header: false, columns, separator: ';', emit: 'my.row', emitBad: 'my.bad', key: 'n' };
    assert.deepEqual(rows('1;2;no\nx;2;no', config).events.map(({ type, key }) => [type, key]), [['my.row', '1'], ['my.bad', undefined]]);
    assert.deepEqual(data('a\tb\n1\t2', { separator: '\t' }), [{ a: '1', b: '2' }]);
  });

  it('takes the text from another member, or from data itself', () => {
    assert.deepEqual(plugin.run({ data: { text: 'a\n1' } }, { config: { member: 'text' } }).events[0].data, { a: '1' });
    assert.deepEqual(plugin.run({ data: 'a\n1', subject: 's' }).events[0].subject, 's');
  });

  it('fails as a whole when nothing can be read', () => {
    const reason = (csv, config) => {
      const result = rows(csv, config);
      assert.equal(result.outcome, 'failed');
      return result.output;
    };
    assert.equal(plugin.run({ data: {} }).output, "'csv' is missing");
    assert.equal(plugin.run({ data: { csv: 5 } }).output, "'csv' is a number, not a string");
    assert.equal(reason(''), 'the text has no rows');
    assert.equal(reason('a,a\n1,2'), "two columns are named 'a'");
    assert.equal(reason('a,\n1,2'), 'column 2 has no name');
    assert.equal(reason('"a\n1'), 'line 1: the quotes opened in line 1 are not closed');
    assert.equal(reason('x\n1', { columns }), "there is no column 'n'");
    assert.equal(reason('1', { header: false }), 'no columns are named: give the text a header, or configure columns');
  });

  it('fails as a whole when there are more rows than events', () => {
    const result = rows('a\n' + '1\n'.repeat(1500));
    assert.deepEqual([result.outcome, result.events], ['failed', []]);
    assert.equal(result.output, 'none of the 1500 rows became an event: line 1002: at most 1000 events in one call');
    assert.equal(rows('a\n' + '1\n'.repeat(1000)).events.length, 1000);
    assert.match(rows('a\n' + '1\n'.repeat(1001)).output, /^none of the 1001 rows/);
  });

  it('fails as a whole when an event is refused', () => {
    const result = rows('a\n1\n2\n', { emit: '' });
    assert.deepEqual([result.outcome, result.events], ['failed', []]);
    assert.match(result.output, /^none of the 2 rows became an event: line 2: /);
  });

  it('reads a megabyte', () => {
    const csv = 'a,b\n' + `${'x'.repeat(1000)},"${'y'.repeat(50)}"\n`.repeat(950);
    assert.equal(rows(csv).events.length, 950);
  });
});
