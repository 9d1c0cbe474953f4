/** Reads sections `helix.manifest` and `helix.handlers` of a module. Tells all that is wrong at once. */

import { describe } from './wasm.js';

const KEYS = ['abi', 'name', 'version', 'description', 'handlers', 'type', 'kind', 'export', 'config', 'wake', 'request',
  'capabilities', 'limits', 'encoding', 'samples', 'subscribe', 'emit'];
const HANDLER_KEYS = ['type', 'kind', 'export', 'description', 'config', 'wake', 'request'];
const KINDS = ['source', 'transformer', 'action'];
const LIMITS = ['memoryPages', 'timeoutMs', 'hostCalls', 'events', 'eventBytes', 'outputBytes', 'logLines', 'concurrency'];
const MAX_BYTES = 64 * 1024;
const MAX_HANDLERS = 64;
const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 };

const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);
const isTexts = value => Array.isArray(value) && value.every(item => typeof item === 'string' && item !== '');

function parse(bytes, section, problems) {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    problems.push(`section ${section} is not JSON: ${error.message}`);
    return undefined;
  }
}

/** Seconds of `5s`, `10m`, `2h`, `7d`; NaN for anything else. */
function seconds(duration) {
  const match = /^(\d+)([smhd])$/.exec(duration);
  return match ? Number(match[1]) * UNITS[match[2]] : NaN;
}

function checkUnknown(object, known, where, problems) {
  for (const key of Object.keys(object)) {
    if (!known.includes(key)) problems.push(`${where}: unknown key ${key}; known are ${known.join(', ')}`);
  }
}

function readHandler(node, root, problems) {
  const where = `handler ${node.type ?? '?'}`;
  const handler = {
    type: node.type,
    kind: node.kind ?? 'transformer',
    export: node.export ?? 'helix_handle',
    description: node.description ?? root.description ?? '',
    config: node.config ?? root.config ?? { type: 'object' },
    wake: node.wake,
    request: node.request ?? false,
  };
  if (typeof handler.type !== 'string' || handler.type === '') problems.push(`${where}: type is required and must be a string`);
  if (!KINDS.includes(handler.kind)) problems.push(`${where}: kind must be one of ${KINDS.join(', ')}, is ${handler.kind}`);
  if (!isObject(handler.config) || handler.config.type !== 'object') {
    problems.push(`${where}: config must be a JSON Schema with "type": "object"`);
  }
  if (handler.kind !== 'source' && (node.wake !== undefined || node.request !== undefined)) {
    problems.push(`${where}: wake and request are for sources`);
  }
  if (handler.wake !== undefined) {
    const every = seconds(handler.wake?.every);
    if (!(every >= 5 && every <= 7 * UNITS.d)) problems.push(`${where}: wake.every must be 5s to 7d, is ${handler.wake?.every}`);
  }
  if (typeof handler.request !== 'boolean') problems.push(`${where}: request must be true or false`);
  return handler;
}

function readHandlers(root, lines, problems) {
  const nodes = [...('type' in root ? [root] : []), ...(Array.isArray(root.handlers) ? root.handlers : []), ...lines];
  if (nodes.length === 0 || nodes.length > MAX_HANDLERS) {
    problems.push(`names ${nodes.length} handlers; give type, or 1 to ${MAX_HANDLERS} handlers`);
  }
  const handlers = nodes.filter(isObject).map(node => {
    if (node !== root) checkUnknown(node, HANDLER_KEYS, `handler ${node.type ?? '?'}`, problems);
    return readHandler(node, root, problems);
  });
  for (const key of ['type', 'export']) {
    const values = handlers.map(handler => handler[key]);
    values.filter((value, i) => values.indexOf(value) !== i).forEach(value => problems.push(`two handlers share ${key} ${value}`));
  }
  return handlers;
}

function readCapabilities(wanted, problems) {
  if (!isObject(wanted)) {
    problems.push('capabilities must be an object');
    return {};
  }
  checkUnknown(wanted, ['http', 'kv', 'credentials', 'emit'], 'capabilities', problems);
  for (const key of ['http', 'credentials', 'emit']) {
    if (key in wanted && !isTexts(wanted[key])) problems.push(`capabilities.${key} must be an array of strings`);
  }
  if ('kv' in wanted && typeof wanted.kv !== 'boolean') problems.push('capabilities.kv must be true or false');
  return wanted;
}

function readLimits(limits, problems) {
  if (!isObject(limits)) {
    problems.push('limits must be an object');
    return {};
  }
  checkUnknown(limits, LIMITS, 'limits', problems);
  for (const [key, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value < 1) problems.push(`limits.${key} must be a positive number`);
  }
  return limits;
}

function checkSamples(samples, problems) {
  const good = Array.isArray(samples) && samples.every(sample => isObject(sample) && isObject(sample.event));
  if (!good) problems.push('samples must be an array of objects, each with an event');
}

/** @returns the manifest with everything filled in, and what is wrong with it */
export function readManifest(shape) {
  const problems = [];
  const found = shape.custom.get('helix.manifest') ?? [];
  if (found.length !== 1) {
    return { problems: [`the module has ${found.length} sections helix.manifest, it must have one`], handlers: [], capabilities: {}, limits: {}, samples: [] };
  }
  if (found[0].length > MAX_BYTES) problems.push(`section helix.manifest is longer than ${MAX_BYTES} bytes`);
  let root = parse(found[0], 'helix.manifest', problems);
  if (!isObject(root)) {
    if (root !== undefined) problems.push('the manifest must be a JSON object');
    root = {};
  }
  checkUnknown(root, KEYS, 'the manifest', problems);
  if (root.abi !== 1) problems.push(`abi must be 1, is ${JSON.stringify(root.abi)}`);
  if (typeof root.name !== 'string' || root.name === '') problems.push('name is required and must be a string');
  if (!/^\d+\.\d+\.\d+$/.test(root.version)) problems.push(`version must be major.minor.patch, is ${JSON.stringify(root.version)}`);
  if (!['json', 'msgpack'].includes(root.encoding ?? 'json')) problems.push(`encoding must be json or msgpack, is ${root.encoding}`);
  if (root.samples !== undefined) checkSamples(root.samples, problems);
  const lines = (shape.custom.get('helix.handlers') ?? [])
    .flatMap(bytes => new TextDecoder().decode(bytes).split('\n'))
    .filter(line => line.trim() !== '')
    .map(line => parse(new TextEncoder().encode(line), 'helix.handlers', problems));
  return {
    ...root,
    encoding: root.encoding ?? 'json',
    handlers: readHandlers(root, lines, problems),
    capabilities: readCapabilities(root.capabilities ?? {}, problems),
    limits: readLimits(root.limits ?? {}, problems),
    samples: root.samples ?? [],
    problems,
  };
}

/** What does not fit ABI helix/1 in the imports and exports of a module. */
export function checkShape(shape, handlers, parameters) {
  const problems = [];
  for (const wanted of shape.imports) {
    const known = wanted.module === 'helix' ? parameters[wanted.name] : undefined;
    if (wanted.module === 'wasi_snapshot_preview1') {
      if (wanted.kind !== 'function') problems.push(`imports ${wanted.module}.${wanted.name}, which is not a function`);
    } else if (wanted.module !== 'helix') {
      problems.push(`imports ${wanted.module}.${wanted.name}: only functions of "helix" and "wasi_snapshot_preview1" are offered`);
    } else if (known === undefined) {
      problems.push(`needs function helix.${wanted.name}, which ABI helix/1 does not have`);
    } else {
      const expected = describe({ parameters: Array(known).fill('i32'), results: ['i32'] });
      const actual = wanted.type ? describe(wanted.type) : wanted.kind;
      if (actual !== expected) problems.push(`imports helix.${wanted.name} as ${actual}; it is ${expected}`);
    }
  }
  if (shape.exports.get('memory')?.kind !== 'memory') problems.push('must export its memory as "memory"');
  if (shape.memories.length !== 1 || shape.memories[0].imported) problems.push('must have one memory of its own');
  const require = (name, type, needed) => {
    const found = shape.exports.get(name);
    if (!found && needed) problems.push(`must export function ${name} ${type}, which its manifest names as a handler`);
    if (found && (!found.type || describe(found.type) !== type)) {
      problems.push(`exports ${name} as ${found.type ? describe(found.type) : found.kind}; it must be ${type}`);
    }
  };
  handlers.forEach(handler => require(handler.export, '(i32) -> i32', true));
  require('_initialize', '() -> ()', false);
  require('helix_init', '() -> i32', false);
  return problems;
}
