import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { TestAgent } from "helix-agent-js/testing";

const wasm = readFileSync(new URL("../dist/my-agent.wasm", import.meta.url));
const reading = (value) => ({ id: "1", source: "/test", type: "sensor.reading", data: { sensor: "boiler", value } });

test("says when a reading is too high", () => {
  const { events } = new TestAgent(wasm).handle(reading(97));
  assert.deepEqual(events, [{ type: "sensor.too-high", subject: "boiler", data: { value: 97, limit: 90 } }]);
});

test("is silent below the limit", () => {
  assert.deepEqual(new TestAgent(wasm, { config: { limit: 100 } }).handle(reading(97)).events, []);
});
