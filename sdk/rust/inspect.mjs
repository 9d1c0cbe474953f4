// Prints what Helix sees in a plugin, and exits with 1 when it would refuse it: node inspect.mjs plugin.wasm
import fs from 'node:fs';

const module = new WebAssembly.Module(fs.readFileSync(process.argv[2]));
const section = (name) => WebAssembly.Module.customSections(module, name).map((bytes) => new TextDecoder().decode(bytes)).join('');
const lines = section('helix.handlers').split('\n').filter((line) => line.trim() !== '');
const manifest = JSON.parse(section('helix.manifest') || '{}');
const own = manifest.type ? [{ export: 'helix_handle', ...manifest }] : manifest.handlers ?? [];
const handlers = [...own, ...lines.map((line) => JSON.parse(line))];
const exported = WebAssembly.Module.exports(module);

const problems = [];
if (manifest.abi !== 1) problems.push('section helix.manifest is missing, or its abi is not 1: use helix::plugin! once');
if (handlers.length === 0) problems.push('there is no handler');
if (!exported.some((e) => e.name === 'memory' && e.kind === 'memory')) problems.push('the memory is not exported');
for (const handler of handlers) {
  if (!exported.some((e) => e.name === handler.export && e.kind === 'function')) problems.push(`${handler.type}: no export ${handler.export}`);
}
for (const i of WebAssembly.Module.imports(module)) {
  if (!['helix', 'wasi_snapshot_preview1'].includes(i.module)) problems.push(`imports ${i.module}.${i.name}`);
}

console.log(JSON.stringify({ ...manifest, handlers }, null, 2));
for (const problem of problems) console.error(`problem: ${problem}`);
process.exit(problems.length === 0 ? 0 : 1);
