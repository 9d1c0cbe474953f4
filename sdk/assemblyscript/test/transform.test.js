import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPlugin } from '../testing/index.js';
import { SDK, compile, withoutCompiler } from './build.js';

const IMPORT = 'import { Event, Json, Outcome, done, emit } from "helix-agent/assembly";\n';
const BODY = '(event: Event): Outcome { return done(); }\n';
const MANIFEST = { name: 'test', version: '1.0.0', description: 'A test.' };

function build(source, manifest = MANIFEST, files = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'helix-transform-'));
  try {
    mkdirSync(join(folder, 'assembly'));
    writeFileSync(join(folder, 'assembly/plugin.ts'), IMPORT + source);
    if (manifest) writeFileSync(join(folder, 'helix.json'), typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return compile(folder, '-O0');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('helix-asc', { skip: withoutCompiler }, () => {
  it('makes handlers of the functions of several files, with their options', () => {
    const { status, errors, file } = build(
      'export { other } from "./other";\n'
      + `@action("test.one", { description: "One.", config: "one.json" }) export function one${BODY}`
      + `@source({ type: "test.two", wake: { every: "10s" }, request: true }) export function two${BODY}`
      + `@transformer("test.three", { config: { type: "object", properties: { n: { "default": -1.5, "enum": [null, false, 2] } } } }) export function three${BODY}`,
      { ...MANIFEST, capabilities: { kv: true }, limits: { events: 5 } },
      { 'one.json': '{"type":"object","title":"One"}', 'assembly/other.ts': `${IMPORT}@transformer("test.other") export function other${BODY}` },
    );
    assert.equal(status, 0, errors);
    const { manifest } = loadPlugin(file);
    const of = type => manifest.handlers.find(handler => handler.type === type);
    assert.deepEqual(manifest.handlers.map(handler => handler.export).sort(), ['handle_one', 'handle_other', 'handle_three', 'handle_two']);
    assert.deepEqual([of('test.one').kind, of('test.one').description, of('test.one').config.title], ['action', 'One.', 'One']);
    assert.deepEqual([of('test.two').kind, of('test.two').wake, of('test.two').request], ['source', { every: '10s' }, true]);
    assert.deepEqual(of('test.three').config.properties.n, { default: -1.5, "enum": [null, false, 2] });
    assert.deepEqual([manifest.abi, manifest.capabilities, manifest.limits], [1, { kv: true }, { events: 5 }]);
  });

  const wrong = [
    ['no agent', `export function one${BODY}`, /No agent found/],
    ['a function that is not exported', `@action("a") function one${BODY}`, /Function one must be exported[^]*assembly\/plugin\.ts\(2\)/],
    ['no type', `@action export function one${BODY}`, /@action needs one agent type/],
    ['an unknown option', `@action("a", { wakes: 1 }) export function one${BODY}`, /Unknown option wakes; known are/],
    ['an option that is no literal', `@action("a", { description: "a" + "b" }) export function one${BODY}`, /must be literals/],
    ['two annotations', `@action("a") @source("b") export function one${BODY}`, /can be one agent only/],
    ['no parameter', '@action("a") export function one(): Outcome { return done(); }', /must have one parameter/],
    ['a schema that is not there', `@action("a", { config: "none.json" }) export function one${BODY}`, /There is no file none\.json/],
    ['a wrong schema', `@action("a", { config: { type: "array" } }) export function one${BODY}`, /config must be a JSON Schema/],
    ['a wake that is no source', `@action("a", { wake: { every: "5m" } }) export function one${BODY}`, /wake and request are for sources/],
    ['a type twice', `@action("a") export function one${BODY}@action("a") export function two${BODY}`, /two handlers share type a/],
    ['a function that Helix does not offer', '@action("a") export function one(event: Event): void { console.log("x"); }', /use log\.info/],
  ];
  for (const [what, source, expected] of wrong) {
    it(`refuses ${what}`, () => {
      const { status, errors } = build(source);
      assert.equal(status, 1);
      assert.match(errors, expected);
    });
  }

  const manifests = [
    ['no helix.json', null, /There is no file helix\.json/],
    ['a helix.json that is not JSON', '{', /helix\.json is not JSON/],
    ['handlers in helix.json', { ...MANIFEST, handlers: [] }, /helix\.json has handlers/],
    ['an unknown key in helix.json', { ...MANIFEST, surprise: 1 }, /unknown key surprise/],
  ];
  for (const [what, manifest, expected] of manifests) {
    it(`refuses ${what}`, () => {
      const { status, errors } = build(`@action("a") export function one${BODY}`, manifest);
      assert.equal(status, 1);
      assert.match(errors, expected);
    });
  }

  it('builds the template, which is what it says', () => {
    const folder = mkdtempSync(join(tmpdir(), 'helix-template-'));
    try {
      cpSync(join(SDK, 'template'), folder, { recursive: true });
      const { status, errors, file } = compile(folder);
      assert.equal(status, 0, errors);
      const agent = loadPlugin(file).agent({ config: { greeting: 'Good day' }, kv: { Ada: '1' } });
      assert.deepEqual(agent.call({ data: { name: 'Ada' } }).events, [{ type: 'demo.greeted', data: { text: 'Good day, Ada!', times: 2 } }]);
      assert.equal(agent.call({ data: {} }).output, "'name' is missing");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
