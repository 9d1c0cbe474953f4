import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { TestAgent, readManifest, refuse } from "helix-agent-js/testing";

const wasm = readFileSync(new URL("../status-watch.wasm", import.meta.url));

const incident = (over = {}) => ({
  id: "i1",
  name: "Errors in the API",
  status: "investigating",
  impact: "major",
  created_at: "2026-03-02T09:14:00Z",
  updated_at: "2026-03-02T09:20:00Z",
  resolved_at: null,
  shortlink: "https://stspg.io/i1",
  incident_updates: [{ body: " We look into it. \n" }],
  ...over,
});

function watch(page) {
  const http = ({ url }) => ({ status: 200, body: JSON.stringify(page(new URL(url).hostname)) });
  return new TestAgent(wasm, { type: "status.watch", http });
}

test("tells an incident once, and again when it changes", () => {
  let incidents = [incident()];
  const agent = watch(() => ({ page: { name: "GitHub" }, incidents }));

  const [event] = agent.wake("start").events;
  assert.equal(event.subject, "www.githubstatus.com/i1");
  assert.equal(event.data.update, "We look into it.");
  assert.equal(event.data.was, undefined);
  assert.deepEqual(agent.wake().events, []);

  incidents = [incident({ status: "monitoring", updated_at: "2026-03-02T09:40:00Z" })];
  const [changed] = agent.wake().events;
  assert.equal(changed.data.was, "investigating");
  assert.equal(changed.data.status, "monitoring");
});

test("does not tell old incidents at its first visit", () => {
  const resolved = incident({ status: "resolved", resolved_at: "2026-03-02T10:44:00Z" });
  const agent = watch(() => ({ page: { name: "GitHub" }, incidents: [resolved] }));
  assert.deepEqual(agent.wake("start").events, []);
});

test("tries again when no page can be read", () => {
  const down = new TestAgent(wasm, { type: "status.watch", http: () => ({ status: 502 }) });
  const { code, reason, logs } = down.wake();
  assert.equal(code, 2);
  assert.equal(reason, "no status page could be read");
  assert.equal(logs[0].message, "www.githubstatus.com answers 502");

  const unreachable = new TestAgent(wasm, { type: "status.watch", http: () => refuse("UNAVAILABLE", "connection refused") });
  assert.equal(unreachable.wake().code, 2);
});

test("may not call a host that its manifest does not name", () => {
  const agent = new TestAgent(wasm, { type: "status.watch", config: { hosts: ["example.org"] } });
  const { code, reason } = agent.wake();
  assert.equal(code, 1);
  assert.match(reason, /^HelixError: .*example\.org.* \(src\/agent\.ts:\d+\)$/);
});

test("writes a message", () => {
  const { samples } = readManifest(wasm);
  const { events } = new TestAgent(wasm, { type: "status.message" }).handle(samples[0].event);
  assert.equal(
    events[0].data.text,
    "✓ Example: Errors in the API is resolved after 1 h 30 min\nAll requests succeed again.\nhttps://stspg.io/example",
  );
});
