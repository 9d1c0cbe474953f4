import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { buildAgent } from "../lib/build.js";
import { TestAgent, readManifest, refuse } from "../lib/testing.js";

const folder = mkdtempSync(join(tmpdir(), "helix-js-"));
after(() => rmSync(folder, { recursive: true }));
let count = 0;

async function build(script, manifest = {}) {
  const own = join(folder, String(count++));
  mkdirSync(own);
  writeFileSync(join(own, "helix.json"), JSON.stringify({ name: "t", version: "1.0.0", ...manifest }));
  writeFileSync(join(own, "agent.ts"), script);
  return buildAgent(join(own, "agent.ts"), { log: () => {} });
}

const IMPORT = 'import { transformer, source, action, onStart, emit, kv, log, http, credential, retry, fail, helix, HelixError } from "helix-agent-js";\n';
const EVENT = { specversion: "1.0", id: "1", source: "/t", type: "t.in", time: "2026-01-01T00:00:00Z", data: { n: 1 } };

async function run(body, { manifest, event = EVENT, ...options } = {}) {
  const wasm = await build(`${IMPORT}transformer("t.t", (event: any, config: any) => {${body}});`, manifest);
  return new TestAgent(wasm, options).handle(event);
}

const value = async (expression, options) => (await run(`return { type: "t.out", data: ${expression} };`, options)).events[0].data;

test("imports helix only, and exports what the manifest names", async () => {
  const wasm = await build(`${IMPORT}transformer("a.a", () => {}); action("b.b", () => 1);`);
  const module = new WebAssembly.Module(wasm);
  assert.deepEqual([...new Set(WebAssembly.Module.imports(module).map((i) => i.module))], ["helix"]);
  assert.deepEqual(WebAssembly.Module.exports(module).map((e) => e.name).sort(), ["helix_handle_0", "helix_handle_1", "helix_init", "memory"]);
  assert.deepEqual(readManifest(wasm).handlers, [
    { type: "a.a", kind: "transformer", export: "helix_handle_0" },
    { type: "b.b", kind: "action", export: "helix_handle_1" },
  ]);
});

test("gives the same bytes for the same source", async () => {
  const script = `${IMPORT}transformer("a.a", () => ({ type: "x", data: new Map([[1, 2]]).size }));`;
  assert.ok(Buffer.from(await build(script)).equals(Buffer.from(await build(script))));
});

test("emits what a transformer returns and what it emits", async () => {
  const { code, events } = await run('emit("t.first", event.data.n); return [{ type: "t.second", subject: "s" }, { type: "t.third", data: "ü€😀" }];');
  assert.equal(code, 0);
  assert.deepEqual(events, [{ type: "t.first", data: 1 }, { type: "t.second", subject: "s", data: null }, { type: "t.third", data: "ü€😀" }]);
});

test("waits for promises", async () => {
  const { events } = await run('return (async () => { await null; await Promise.resolve(); return { type: "t.late" }; })();');
  assert.equal(events[0].type, "t.late");
  const never = await run("return new Promise(() => {});");
  assert.equal(never.code, 1);
  assert.match(never.reason, /promise that nothing will settle/);
});

test("does not overlook a promise that nobody waits for", async () => {
  const { code, reason } = await run('(async () => { throw new Error("lost"); })();');
  assert.equal(code, 1);
  assert.match(reason, /^Error: lost \(agent\.ts:2\)$/);
  assert.equal((await run('const p = Promise.reject(new Error("found")); p.catch(() => {});')).code, 0);
});

test("says what was thrown, and the line of the source", async () => {
  const wasm = await build(`${IMPORT}\n\nfunction check(n: number): never {\n  throw new RangeError(\`\${n} is too much\`);\n}\ntransformer("t.t", (e: any) => check(e.data.n));`);
  assert.deepEqual(new TestAgent(wasm).handle(EVENT), { code: 1, reason: "RangeError: 1 is too much (agent.ts:5)", events: [], output: undefined, logs: [] });
  assert.equal((await run("throw { a: 1 };")).reason, 'threw {"a":1}');
  assert.equal((await run("throw null;")).reason, "threw null");
  assert.match((await run("event.data.missing.deeper;")).reason, /^TypeError: cannot read property 'deeper' of undefined \(agent\.ts:2\)$/);
});

test("retry and fail end the call", async () => {
  assert.deepEqual(await run('emit("t.x", 1); retry("later");'), { code: 2, reason: "later", events: [], output: undefined, logs: [] });
  assert.equal((await run('fail("never");')).code, 1);
  assert.equal((await run('return (async () => { await null; retry("later"); })();')).code, 2);
});

test("an action gives its output, a source its reply", async () => {
  const wasm = await build(`${IMPORT}action("a.a", async (e: any) => ({ twice: e.data.n * 2 })); source({ type: "s.s", request: true, wake: { every: "1h" } }, (e: any) => {
    if (e.type === "helix.wake") return void emit("s.woken", e.data.reason);
    return { status: 201, detail: e.data.body };
  });`);
  assert.deepEqual(new TestAgent(wasm, { type: "a.a" }).handle(EVENT).output, { twice: 2 });
  const agent = new TestAgent(wasm, { type: "s.s" });
  assert.deepEqual(agent.wake("start").events, [{ type: "s.woken", data: "start" }]);
  assert.deepEqual(agent.request({ body: "hello" }).output, { status: 201, detail: "hello" });
});

test("has the configuration, which it cannot change", async () => {
  assert.deepEqual(await value("[config.a, helix.config === config]", { config: { a: [1, 2] } }), [[1, 2], true]);
  const { code, reason } = await run('"use strict"; config.a.push(3);', { config: { a: [1, 2] } });
  assert.equal(code, 1);
  assert.match(reason, /TypeError/);
});

test("fills defaults of the configuration in, as Helix does", async () => {
  const wasm = await build(`${IMPORT}action({ type: "a.a", config: { type: "object", properties: { a: { type: "number", default: 7 } } } }, (e, c: any) => c.a);`);
  assert.equal(new TestAgent(wasm).handle(EVENT).output, 7);
});

test("keeps values", async () => {
  const data = await value(
    '(kv.set("a/1", "x"), kv.setJson("a/2", { b: [1] }, 60), kv.set("a/3", new Uint8Array([0, 255])), [kv.get("a/1"), kv.getJson("a/2"), Array.from(kv.getBytes("a/3")), kv.get("none"), kv.list("a/"), kv.remove("a/1"), kv.remove("a/1")])',
    { manifest: { capabilities: { kv: true } } },
  );
  assert.deepEqual(data, ["x", { b: [1] }, [0, 255], null, ["a/1", "a/2", "a/3"], true, false]);
  const { reason } = await run('kv.get("a");');
  assert.match(reason, /^HelixError: the manifest does not ask for kv \(agent\.ts:2\)$/);
});

test("reads results of any length", async () => {
  const long = "ä".repeat(100_000);
  assert.equal(await value('kv.get("k").length', { manifest: { capabilities: { kv: true } }, kv: { k: long } }), 100_000);
  assert.equal(await value('kv.get("k")', { manifest: { capabilities: { kv: true } }, kv: { k: "" } }), "");
  assert.equal(await value("event.data.length", { event: { ...EVENT, data: long } }), 100_000);
});

test("calls http", async () => {
  const seen = [];
  const http = (request) => {
    seen.push(request);
    return request.url.endsWith("/bytes") ? { status: 200, body64: "AP8=" } : { status: 404, headers: { "X-A": "b" }, body: '{"e":1}' };
  };
  const options = { http, credentials: { "acme-key": "s3cret" }, manifest: { capabilities: { http: ["api.example.com"], credentials: ["acme-*"] } } };
  const data = await value(
    '(() => { const a = http.post("https://api.example.com/x", { q: 1 }, { credential: { name: "acme-key" } }); const b = http.get("https://api.example.com/bytes"); http.request({ url: "https://api.example.com/put", method: "PUT", body: new Uint8Array([1, 2, 3]) }); return [a.status, a.ok, a.header("x-a"), a.json(), Array.from(b.bytes()), credential("acme-key")]; })()',
    options,
  );
  assert.deepEqual(data, [404, false, "b", { e: 1 }, [0, 255], "s3cret"]);
  assert.deepEqual(seen[0], { method: "POST", url: "https://api.example.com/x", headers: { "Content-Type": "application/json", Authorization: "Bearer s3cret" }, body: '{"q":1}' });
  assert.equal(seen[2].body64, "AQID");
});

test("is LIMIT when an answer has more than 1 MiB", async () => {
  const code = (answer) =>
    value('(() => { try { return http.get("https://a.org").status; } catch (e) { return e.code; } })()', {
      manifest: { capabilities: { http: ["a.org"] } },
      http: () => ({ status: 200, ...answer }),
    });
  assert.equal(await code({ body: "x".repeat(1024 * 1024) }), 200);
  assert.equal(await code({ body: "x".repeat(1024 * 1024 + 1) }), "LIMIT");
  assert.equal(await code({ body64: Buffer.alloc(1024 * 1024 + 1).toString("base64") }), "LIMIT");
});

test("a call that Helix could not do is tried again unless the agent catches it", async () => {
  const options = { manifest: { capabilities: { http: ["a.org"] } }, http: () => refuse("UNAVAILABLE", "connection refused") };
  assert.equal((await run('http.get("https://a.org");', options)).code, 2);
  const data = await value('(() => { try { http.get("https://a.org"); } catch (e) { return [e instanceof HelixError, e instanceof Error, e.code, e.retry, e.message]; } })()', options);
  assert.deepEqual(data, [true, true, "UNAVAILABLE", true, "connection refused"]);
});

test("logs", async () => {
  const { logs } = await run('log.warn("a", 1, { b: 2 }); console.log("c"); log.error(new Error("d"));');
  assert.deepEqual(logs, [{ level: "warn", message: 'a 1 {"b":2}' }, { level: "info", message: "c" }, { level: "error", message: "Error: d (agent.ts:2)" }]);
});

test("has time and chance when it runs", async () => {
  assert.deepEqual(await value("[Date.now(), new Date().toISOString(), helix.now()]", { time: 1_700_000_000_123 }), [1_700_000_000_123, "2023-11-14T22:13:20.123Z", 1_700_000_000_123]);
  const wasm = await build(`${IMPORT}action("a.a", () => [Math.random(), Math.random(), crypto.randomUUID(), helix.randomBytes(4).length]);`);
  const [a, b, id, length] = new TestAgent(wasm).handle(EVENT).output;
  assert.ok(a !== b && a >= 0 && a < 1);
  assert.notEqual(new TestAgent(wasm).handle(EVENT).output[0], a);
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(length, 4);
});

test("has text and Base64", async () => {
  assert.deepEqual(
    await value('[Array.from(new TextEncoder().encode("é😀")), new TextDecoder().decode(new Uint8Array([239, 187, 191, 195, 169])), btoa("abc"), atob("YWI="), helix.toBase64(new Uint8Array([1])), Array.from(helix.fromBase64("_-8"))]'),
    [[195, 169, 240, 159, 152, 128], "é", "YWJj", "ab", "AQ==", [255, 239]],
  );
  for (const wrong of ["a", "ab=c", "*", "ab=", "abc=="]) {
    assert.match((await run(`helix.fromBase64(${JSON.stringify(wrong)});`)).reason, /not Base64/, wrong);
  }
});

test("onStart runs once and can refuse", async () => {
  const wasm = await build(`${IMPORT}let runs = 0; onStart(async (config: any) => { await null; runs++; if (!config.url) fail("url is missing"); }); action("a.a", () => runs);`);
  assert.equal(new TestAgent(wasm).handle(EVENT).reason, "refused to start (1): url is missing");
  const agent = new TestAgent(wasm, { config: { url: "x" } });
  agent.handle(EVENT);
  assert.equal(agent.handle(EVENT).output, 1);
});

test("an endless allocation ends the call, and the next one works", async () => {
  const wasm = await build(`${IMPORT}action("a.a", (e: any) => { const a: any[] = []; while (e.data.n) a.push(new Array(1e5).fill(1)); return "fine"; });`);
  const agent = new TestAgent(wasm, { memoryPages: 160 });
  const { code, reason } = agent.handle(EVENT);
  assert.equal(code, 1);
  assert.match(reason, /out of memory/);
  assert.ok(agent.memorySize <= 160 * 65_536);
  assert.equal(agent.handle({ ...EVENT, data: { n: 0 } }).output, "fine");
});

test("an endless recursion ends the call, and the next one works", async () => {
  const wasm = await build(`${IMPORT}const f = (n: number): number => f(n + 1) + 1; action("a.a", (e: any) => e.data.n ? f(0) : "fine");`);
  const agent = new TestAgent(wasm);
  assert.match(agent.handle(EVENT).reason, /stack overflow/);
  assert.equal(agent.handle({ ...EVENT, data: { n: 0 } }).output, "fine");
});

test("memory does not grow with the number of calls", async () => {
  const wasm = await build(`${IMPORT}action("a.a", (e: any) => { const a: any = { e }; a.self = a; a.text = "x".repeat(20000); return a.text.length; });`);
  const agent = new TestAgent(wasm);
  for (let i = 0; i < 200; i++) agent.handle(EVENT);
  const early = agent.memorySize;
  for (let i = 0; i < 2_000; i++) agent.handle(EVENT);
  assert.equal(agent.memorySize, early);
});

test("refuses to build what would not work", async () => {
  const refused = (script, reason, manifest) => assert.rejects(build(IMPORT + script, manifest), reason);
  await refused("const a = 1;", /registers no handler/);
  await refused('transformer("a.a", () => {}); transformer("a.a", () => {});', /a\.a is registered twice/);
  await refused('transformer({ type: "a.a", every: "1m" } as any, () => {});', /unknown option every/);
  await refused('const t = Date.now(); transformer("a.a", () => {});', /asks for the time/);
  await refused('const t = Math.random(); transformer("a.a", () => {});', /random number/);
  await refused('kv.get("a"); transformer("a.a", () => {});', /top level of an agent runs once, when it is built.*agent\.ts:2/);
  await refused('throw new Error("broken");', /Error: broken \(agent\.ts:2\)/);
  await refused('import fs from "node:fs"; transformer("a.a", () => fs);', /"node:fs" is a part of Node/);
  await refused("const = 1;", /agent\.ts:2:6: Expected identifier/);
  await refused('transformer("a.a", () => {});', /handlers does not belong into helix\.json/, { handlers: [] });
  await refused('transformer("a.a", () => {});', /needs a version/, { version: undefined });
});
