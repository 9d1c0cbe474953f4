/** Runs the cases against the host of the AssemblyScript SDK: README.md says what a case is. */

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { PluginRefused, loadPlugin } from '../assemblyscript/testing/index.js';

const folder = new URL('cases/', import.meta.url);
const guest = name => new URL(`guests/${name}`, import.meta.url);
const bytes = value => typeof value === 'string' ? new TextEncoder().encode(value) : new Uint8Array(Buffer.from(value.hex, 'hex'));
const hex = value => Buffer.from(value).toString('hex');

const DEFAULT_EVENT = { specversion: '1.0', id: '1', source: 'conformance', type: 'conformance.event', time: '2026-01-01T00:00:00Z' };

function check(result, expect, agent) {
  assert.equal(result.outcome, expect.outcome ?? 'done', result.trap ?? result.output);
  assert.deepEqual(result.events, expect.events ?? []);
  if (expect.output === null) assert.equal(result.output, '');
  else if (expect.output !== undefined) assert.deepEqual(result.json, expect.output);
  if (expect.outputText !== undefined) assert.equal(result.output, expect.outputText);
  if (expect.log) assert.deepEqual(result.log.map((line, i) => expect.log[i]?.level ? line : { text: line.text }), expect.log);
  if (expect.requests) {
    assert.deepEqual(result.requests.map(({ timeoutMs, ...request }) => request), expect.requests);
  }
  if (expect.kv) {
    const kept = Object.fromEntries(agent.kv.keys().map(key => [key, hex(agent.kv.get(key))]));
    assert.deepEqual(kept, Object.fromEntries(Object.entries(expect.kv).map(([key, value]) => [key, hex(bytes(value))])));
  }
}

function run(plugin, { type, config, grants, credentials, http, now, kv = {}, calls }) {
  const before = Object.fromEntries(Object.entries(kv).map(([key, value]) => [key, bytes(value)]));
  const answers = http?.map(({ length, ...answer }) => length === undefined ? answer : { ...answer, body: 'x'.repeat(length) });
  const agent = plugin.agent({ type, config, grants, credentials, http: answers, now, kv: before });
  for (const { afterSeconds = 0, event = {}, expect } of calls) {
    agent.clock.advance(afterSeconds * 1000);
    check(agent.call({ ...DEFAULT_EVENT, ...event }), expect, agent);
  }
}

for (const file of readdirSync(folder).sort()) {
  const { guest: name, cases = [], modules = [] } = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  describe(file, () => {
    for (const each of cases) it(each.name, () => run(loadPlugin(guest(name)), each));
    for (const each of modules) {
      it(`${each.accepted ? 'is loaded' : 'is refused'}: ${each.name}`, () => {
        if (each.accepted) loadPlugin(guest(each.guest));
        else assert.throws(() => loadPlugin(guest(each.guest)), PluginRefused);
      });
    }
  });
}
