/** Reads of a module what ABI helix/1 needs to know, without compiling it. */

const CUSTOM = 0, TYPE = 1, IMPORT = 2, FUNCTION = 3, MEMORY = 5, EXPORT = 7;
const KINDS = ['function', 'table', 'memory', 'global'];
const VALUE_TYPES = { 0x7f: 'i32', 0x7e: 'i64', 0x7d: 'f32', 0x7c: 'f64', 0x7b: 'v128', 0x70: 'funcref', 0x6f: 'externref' };

class Cursor {
  constructor(bytes, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  u8() {
    if (this.at >= this.end) throw new Error('the module is cut short');
    return this.bytes[this.at++];
  }

  u32() {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new Error('a number in the module is too long');
  }

  take(length) {
    if (this.at + length > this.end) throw new Error('the module is cut short');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  name() {
    return new TextDecoder('utf-8', { fatal: true }).decode(this.take(this.u32()));
  }

  vector(read) {
    return Array.from({ length: this.u32() }, () => read());
  }

  valueType() {
    const byte = this.u8();
    const type = VALUE_TYPES[byte];
    if (!type) throw new Error(`value type 0x${byte.toString(16)} is not supported`);
    return type;
  }

  limits() {
    const flags = this.u8();
    if (flags > 1) throw new Error('shared and 64 bit memories are not supported');
    return { min: this.u32(), max: flags ? this.u32() : null };
  }
}

function sections(bytes) {
  const cursor = new Cursor(bytes);
  const magic = cursor.take(8);
  if (![0, 0x61, 0x73, 0x6d, 1, 0, 0, 0].every((byte, i) => magic[i] === byte)) {
    throw new Error('this is not a core WebAssembly module');
  }
  const found = [];
  while (cursor.at < bytes.length) {
    const start = cursor.at;
    const id = cursor.u8();
    const length = cursor.u32();
    const body = cursor.at;
    cursor.take(length);
    found.push({ id, start, body, end: cursor.at });
  }
  return found;
}

function functionType(cursor) {
  if (cursor.u8() !== 0x60) throw new Error('only function types are supported');
  return { parameters: cursor.vector(() => cursor.valueType()), results: cursor.vector(() => cursor.valueType()) };
}

/** `(i32, i32) -> i32`, to compare and to show. */
export function describe(type) {
  const results = type.results.length === 1 ? type.results[0] : `(${type.results.join(', ')})`;
  return `(${type.parameters.join(', ')}) -> ${results}`;
}

/**
 * @returns {{custom: Map<string, Uint8Array[]>, imports: {module: string, name: string, kind: string, type?: object}[],
 *   exports: Map<string, {kind: string, type?: object}>, memories: {min: number, max: number?, imported: boolean}[]}}
 */
export function readModule(bytes) {
  const shape = { custom: new Map(), imports: [], exports: new Map(), memories: [] };
  const functions = [];
  let types = [];
  for (const { id, body, end } of sections(bytes)) {
    const cursor = new Cursor(bytes, body, end);
    if (id === CUSTOM) {
      const name = cursor.name();
      if (!shape.custom.has(name)) shape.custom.set(name, []);
      shape.custom.get(name).push(bytes.slice(cursor.at, end));
    } else if (id === TYPE) {
      types = cursor.vector(() => functionType(cursor));
    } else if (id === IMPORT) {
      cursor.vector(() => readImport(cursor, types, functions, shape));
    } else if (id === FUNCTION) {
      cursor.vector(() => functions.push(types[cursor.u32()]));
    } else if (id === MEMORY) {
      cursor.vector(() => shape.memories.push({ ...cursor.limits(), imported: false }));
    } else if (id === EXPORT) {
      cursor.vector(() => {
        const name = cursor.name();
        const kind = KINDS[cursor.u8()];
        const index = cursor.u32();
        shape.exports.set(name, kind === 'function' ? { kind, type: functions[index] } : { kind });
      });
    }
  }
  return shape;
}

function readImport(cursor, types, functions, shape) {
  const found = { module: cursor.name(), name: cursor.name(), kind: KINDS[cursor.u8()] };
  if (found.kind === 'function') {
    found.type = types[cursor.u32()];
    functions.push(found.type);
  } else if (found.kind === 'memory') {
    shape.memories.push({ ...cursor.limits(), imported: true });
  } else if (found.kind === 'table') {
    cursor.u8();
    cursor.limits();
  } else if (found.kind === 'global') {
    cursor.valueType();
    cursor.u8();
  } else {
    throw new Error('only functions, tables, memories and globals can be imported');
  }
  shape.imports.push(found);
}

function leb(value) {
  const bytes = [];
  for (; value > 0x7f; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return [...bytes, value];
}

/** The module with its memory bounded, so that growing fails in a test as it does in Helix. */
export function limitMemory(bytes, pages) {
  const memory = sections(bytes).find(section => section.id === MEMORY);
  if (!memory) return bytes;
  const { min, max } = readModule(bytes).memories[0];
  const body = [1, 1, ...leb(min), ...leb(Math.max(min, Math.min(max ?? pages, pages)))];
  return Uint8Array.from([...bytes.subarray(0, memory.start), MEMORY, ...leb(body.length), ...body, ...bytes.subarray(memory.end)]);
}

/** The module with one more custom section: how a toolchain without custom sections gets its manifest in. */
export function addCustomSection(bytes, name, contents) {
  const label = new TextEncoder().encode(name);
  const length = leb(label.length);
  const head = [CUSTOM, ...leb(length.length + label.length + contents.length), ...length];
  return Uint8Array.from([...bytes, ...head, ...label, ...contents]);
}
