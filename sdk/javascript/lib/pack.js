// Makes a plugin of a script: runs it in the engine, and writes the memory that is there then into the module.

import { readFileSync } from "node:fs";
import * as wasm from "./wasm.js";

const here = (name) => new URL(name, import.meta.url);
const BUILDING_ONLY = /^helix_js_/;
const HANDLER = /^helix_handle_(\d+)$/;
const LOG_LEVELS = ["trace", "debug", "info", "warn", "error"];
const ABOUT_HANDLER = ["type", "kind", "description", "config", "wake", "request"];
const MAX_MANIFEST = 65_536;

export class BuildError extends Error {}

/** The engine with nobody behind it but the packer. */
class Workshop {
  #instance;
  #output = "";

  constructor(engine, log) {
    const helix = {};
    for (const { name } of WebAssembly.Module.imports(engine)) {
      helix[name] = () => {
        throw new BuildError(`${name} was called while building`);
      };
    }
    helix.helix_output_write = (at, length) => {
      this.#output = this.#text(at, length);
      return 0;
    };
    helix.helix_log_message = (level, at, length) => {
      log(`${LOG_LEVELS[level]}: ${this.#text(at, length)}`);
      return 0;
    };
    this.#instance = new WebAssembly.Instance(engine, { helix });
  }

  get memory() {
    return new Uint8Array(this.#instance.exports.memory.buffer);
  }

  get output() {
    return this.#output;
  }

  #text(at, length) {
    return Buffer.from(this.memory.slice(at, at + length)).toString();
  }

  call(name, text) {
    const exports = this.#instance.exports;
    const code = text === undefined ? exports[name]() : this.#callWithText(exports[name], Buffer.from(text));
    if (code !== 0) throw new BuildError(this.#output);
  }

  #callWithText(run, bytes) {
    const { helix_js_alloc: alloc, helix_js_free: free } = this.#instance.exports;
    const at = alloc(bytes.length + 1);
    this.memory.set(bytes, at);
    this.memory[at + bytes.length] = 0;
    try {
      return run(at, bytes.length);
    } finally {
      free(at);
    }
  }

  seal() {
    const exports = this.#instance.exports;
    const used = exports.helix_js_seal();
    if (used & 1) throw new BuildError("the top level of the script asks for the time: it would be that of the build. Ask in a handler or in onStart");
    if (used & 2) throw new BuildError("the top level of the script asks for a random number: every instance would have the same. Ask in a handler or in onStart");
    this.memory.fill(0, 0, exports.helix_js_data_start());
  }
}

function describe(handler, index) {
  const unknown = Object.keys(handler).filter((key) => !ABOUT_HANDLER.includes(key));
  if (unknown.length) throw new BuildError(`${handler.type}: unknown option ${unknown.join(", ")}; known are ${ABOUT_HANDLER.join(", ")}`);
  return { ...handler, export: `helix_handle_${index}` };
}

function completeManifest(about, handlers) {
  for (const key of ["name", "version"]) {
    if (typeof about[key] !== "string") throw new BuildError(`the manifest needs a ${key}`);
  }
  for (const key of ["type", "kind", "export", "handlers", "encoding"]) {
    if (key in about) throw new BuildError(`${key} does not belong into helix.json: the script says it`);
  }
  const manifest = JSON.stringify({ abi: 1, ...about, handlers });
  if (Buffer.byteLength(manifest) > MAX_MANIFEST) throw new BuildError("the manifest is longer than 64 KiB");
  return manifest;
}

/**
 * @param script what to run: JavaScript without imports
 * @param about the manifest without its handlers
 * @param lines of lineTable, so that errors name lines of the sources
 * @param log takes what the script logs meanwhile
 */
export function pack({ script, about, lines, log = console.error }) {
  const engine = readFileSync(here("engine.wasm"));
  const workshop = new Workshop(new WebAssembly.Module(engine), log);
  workshop.call("helix_js_begin", readFileSync(here("prelude.js"), "utf8"));
  if (lines) workshop.call("helix_js_lines", JSON.stringify(lines));
  workshop.call("helix_js_script", script);
  workshop.call("helix_js_handlers");
  const handlers = JSON.parse(workshop.output).map(describe);
  if (!handlers.length) throw new BuildError("the script registers no handler: call transformer, source or action at its top level");
  const manifest = completeManifest(about, handlers);
  workshop.seal();

  const memory = workshop.memory;
  const keep = (name) => !BUILDING_ONLY.test(name) && Number(HANDLER.exec(name)?.[1] ?? 0) < handlers.length;
  const sections = wasm
    .readSections(engine)
    .filter(({ id }) => id !== wasm.SECTION.CUSTOM && id !== wasm.SECTION.DATA_COUNT && id !== wasm.SECTION.DATA)
    .map((section) => {
      if (section.id === wasm.SECTION.MEMORY) return wasm.memorySection(wasm.pagesOf(memory.length));
      return section.id === wasm.SECTION.EXPORT ? wasm.filterExports(section, keep) : section;
    });
  return wasm.writeModule([
    ...sections,
    wasm.dataSection(memory),
    wasm.customSection("helix.manifest", manifest),
    wasm.customSection("licenses", readFileSync(here("../engine/LICENSES.txt"))),
  ]);
}
