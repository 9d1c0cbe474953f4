import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPlugin } from 'helix-agent/testing';

const plugin = loadPlugin('build/my-agent.wasm');

test('greets, and counts', () => {
  const agent = plugin.agent({ config: { greeting: 'Good day' } });
  agent.call({ data: { name: 'Ada' } });
  const result = agent.call({ data: { name: 'Ada' } });
  assert.deepEqual(result.events, [{ type: 'demo.greeted', data: { text: 'Good day, Ada!', times: 2 } }]);
});

test('fails without a name', () => {
  const result = plugin.run({ data: {} });
  assert.equal(result.outcome, 'failed');
  assert.equal(result.output, "'name' is missing");
});
