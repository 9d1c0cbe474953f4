// Reads and writes the sections of a wasm file, as far as packing an agent needs it.

export const SECTION = Object.freeze({ CUSTOM: 0, IMPORT: 2, FUNCTION: 3, MEMORY: 5, EXPORT: 7, DATA: 11, DATA_COUNT: 12 });

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const PAGE = 65_536;

export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    if (this.at >= this.bytes.length) throw new Error("the wasm file ends too early");
    return this.bytes[this.at++];
  }

  u32() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
      if (shift > 28) throw new Error("a number in the wasm file is too long");
    }
  }

  take(length) {
    if (this.at + length > this.bytes.length) throw new Error("the wasm file ends too early");
    return this.bytes.subarray(this.at, (this.at += length));
  }

  name() {
    return new TextDecoder().decode(this.take(this.u32()));
  }
}

export function u32(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

function i32(value) {
  const bytes = [];
  for (let rest = value | 0; ; rest >>= 7) {
    const low = rest & 0x7f;
    if ((rest >> 7 === 0 && !(low & 0x40)) || (rest >> 7 === -1 && low & 0x40)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

const utf8 = (text) => new TextEncoder().encode(text);
const named = (name) => [...u32(utf8(name).length), ...utf8(name)];

/** `[{ id, body }]` in the order of the file. */
export function readSections(wasm) {
  if (!MAGIC.every((byte, i) => wasm[i] === byte)) throw new Error("this is not a wasm module");
  const reader = new Reader(wasm, MAGIC.length);
  const sections = [];
  while (reader.at < wasm.length) {
    const id = reader.byte();
    sections.push({ id, body: reader.take(reader.u32()) });
  }
  return sections;
}

export function writeModule(sections) {
  return Buffer.concat([Buffer.from(MAGIC), ...sections.flatMap(({ id, body }) => [Buffer.from([id, ...u32(body.length)]), body])]);
}

export function customSection(name, content) {
  return { id: SECTION.CUSTOM, body: Buffer.concat([Buffer.from(named(name)), Buffer.from(content)]) };
}

export function readCustom(wasm, wanted) {
  for (const { id, body } of readSections(wasm)) {
    if (id !== SECTION.CUSTOM) continue;
    const reader = new Reader(body);
    if (reader.name() === wanted) return body.subarray(reader.at);
  }
  return undefined;
}

/** One memory that begins with `pages` and may grow to `most`, or as far as the host lets it. */
export function memorySection(pages, most) {
  const limits = most === undefined ? [0, ...u32(pages)] : [1, ...u32(pages), ...u32(most)];
  return { id: SECTION.MEMORY, body: Buffer.from([1, ...limits]) };
}

/** The pages that the only memory begins with. */
export function readMemory({ body }) {
  const reader = new Reader(body);
  if (reader.u32() !== 1) throw new Error("a plugin has one memory");
  reader.byte();
  return reader.u32();
}

export function filterExports(section, keep) {
  const reader = new Reader(section.body);
  const kept = [];
  for (let left = reader.u32(); left > 0; left--) {
    const start = reader.at;
    const name = reader.name();
    reader.byte();
    reader.u32();
    if (keep(name)) kept.push(section.body.subarray(start, reader.at));
  }
  return { id: section.id, body: Buffer.concat([Buffer.from(u32(kept.length)), ...kept]) };
}

/** The memory as data segments, without what is zero anyway. */
export function dataSection(memory) {
  const GAP = 64; // a shorter run of zeros is cheaper to keep than to begin a new segment
  const segments = [];
  let at = 0;
  while (at < memory.length) {
    while (at < memory.length && memory[at] === 0) at++;
    const start = at;
    let end = at;
    while (at < memory.length && at - end < GAP) {
      if (memory[at++] !== 0) end = at;
    }
    if (end > start) {
      segments.push(Buffer.from([0, 0x41, ...i32(start), 0x0b, ...u32(end - start)]), memory.subarray(start, end));
    }
  }
  return { id: SECTION.DATA, body: Buffer.concat([Buffer.from(u32(segments.length / 2)), ...segments]) };
}

export const pagesOf = (bytes) => Math.ceil(bytes / PAGE);
