import assert from 'node:assert/strict';
import { it } from 'node:test';
import { loadPlugin } from '../../assemblyscript/testing/index.js';

// check.sh builds it.
const built = process.env.HELIX_TEMPLATE_WASM;

it('the template greets', { skip: !built && 'it was not built' }, () => {
  const plugin = loadPlugin(built);
  assert.equal(plugin.run({ data: { name: 'Ada' } }).events[0].data.text, 'Hello, Ada!');
  assert.equal(plugin.run({ data: {} }).output, "the event has no text 'name'");
});
