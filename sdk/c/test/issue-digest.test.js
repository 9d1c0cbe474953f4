import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadPlugin } from '../../assemblyscript/testing/index.js';

const plugin = loadPlugin(new URL('../examples/issue-digest/issue-digest.wasm', import.meta.url));

const issue = fields => ({
  type: 'github.issues.opened',
  data: {
    repository: { full_name: 'octo/app' },
    issue: { number: 7, title: 'Login', html_url: 'https://x/7', user: { login: 'ada' }, labels: [], body: null, ...fields },
  },
});

describe('issue-digest', () => {
  it('digests', () => {
    const { events } = plugin.run(issue({ labels: [{ name: 'bug' }], body: 'one\n two  three' }));
    assert.deepEqual(events, [{
      type: 'demo.issue.digest',
      data: {
        repository: 'octo/app', number: 7, title: 'Login', url: 'https://x/7', author: 'ada', labels: ['bug'], severity: 'normal', words: 3,
        summary: 'one two three',
      },
    }]);
  });

  it('takes its defaults from the schema', () => {
    assert.equal(plugin.run(issue({ labels: [{ name: 'security' }] })).events[0].data.severity, 'high');
    assert.equal(plugin.run(issue({ title: 'Data LOSS' }), { config: { urgentWords: [] } }).events[0].data.severity, 'normal');
  });

  it('fails with a reason', () => {
    const result = plugin.run({ data: {} });
    assert.deepEqual([result.outcome, result.events], ['failed', []]);
    assert.match(result.output, /not a GitHub issue/);
    assert.match(plugin.run(issue({}), { config: { emit: 'not..valid' } }).output, /refused/);
  });

  it('works on memory that holds an earlier event', () => {
    const agent = plugin.agent();
    agent.call(issue({ body: 'x'.repeat(100_000) }));
    assert.equal(agent.call(issue({ body: 'short' })).events[0].data.summary, 'short');
  });
});
