/**
 * Collects the functions that are annotated with @source, @transformer, @action and @init, writes the exports that Helix
 * calls, and puts the manifest into the module: helix.json, with a handler for each of those functions.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommonFlags, LiteralKind, NodeKind } from 'assemblyscript';

const KINDS = ['source', 'transformer', 'action'];
const OPTIONS = ['type', 'description', 'config', 'wake', 'request'];
const SDK = 'helix-agent/assembly';
const MAX_MANIFEST = 64 * 1024;

class BuildError extends Error {
  /** The compiler prints the stack of what a transform throws. */
  constructor(message, node) {
    super(message);
    const { source, start } = node?.range ?? {};
    const line = source ? source.text.slice(0, start).split('\n').length : 0;
    this.stack = source ? `${message}\n    in ${source.normalizedPath}(${line})` : message;
  }
}

/** The value of a literal as in JSON. */
function valueOf(node) {
  if (node.kind === NodeKind.True) return true;
  if (node.kind === NodeKind.False) return false;
  if (node.kind === NodeKind.Null) return null;
  if (node.kind === NodeKind.Literal) {
    switch (node.literalKind) {
      case LiteralKind.String: return node.value;
      case LiteralKind.Integer: return Number(String(node.value));
      case LiteralKind.Float: return node.value;
      case LiteralKind.Array: return node.elementExpressions.map(valueOf);
      case LiteralKind.Object: return Object.fromEntries(node.names.map((name, i) => [name.text, valueOf(node.values[i])]));
    }
  }
  if (node.kind === NodeKind.UnaryPrefix) {
    const operand = valueOf(node.operand);
    if (typeof operand === 'number' && node.range.source.text[node.range.start] === '-') return -operand;
  }
  throw new BuildError('The options of an agent must be literals: strings, numbers, true, false, null, [..] and {..}.', node);
}

const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);

export default class HelixTransform {
  #handlers = [];
  #exports = new Map();
  #init = null;
  #plugin = {};

  afterParse(parser) {
    for (const source of parser.sources) {
      if (!source.normalizedPath.startsWith('~lib/')) source.statements.forEach(node => this.#collect(node, source));
    }
    if (this.#handlers.length === 0) {
      throw new BuildError('No agent found: annotate an exported function with @source, @transformer or @action.');
    }
    this.#plugin = this.#readPlugin();
    parser.parseFile(this.#glue(), 'helix-glue.ts', true);
  }

  afterCompile(module) {
    // The annotated functions are called by the generated exports; as exports of their own they would only take room.
    for (const name of this.#exports.keys()) module.removeExport(name);
    const manifest = Buffer.from(JSON.stringify({ abi: 1, ...this.#plugin, handlers: this.#handlers }));
    if (manifest.length > MAX_MANIFEST) throw new BuildError(`The manifest is ${manifest.length} bytes long, at most ${MAX_MANIFEST} are allowed.`);
    module.addCustomSection('helix.manifest', manifest);
  }

  #collect(node, source) {
    if (node.kind !== NodeKind.FunctionDeclaration || !node.decorators) return;
    const mine = node.decorators.filter(decorator => [...KINDS, 'init'].includes(decorator.name.text));
    if (mine.length === 0) return;
    if (mine.length > 1) throw new BuildError(`Function ${node.name.text} can be one agent only.`, node);
    node.decorators = node.decorators.filter(decorator => !mine.includes(decorator));
    const name = node.name.text;
    if ((node.flags & CommonFlags.Export) === 0) throw new BuildError(`Function ${name} must be exported.`, node);
    if (this.#exports.has(name)) throw new BuildError(`Two agents have a function ${name}; give them different names.`, node);
    this.#exports.set(name, { path: source.internalPath, returnsNothing: node.signature.returnType.name?.identifier.text === 'void' });
    if (mine[0].name.text === 'init') this.#addInit(name, node);
    else this.#addHandler(name, node, mine[0]);
  }

  #addInit(name, node) {
    if (this.#init) throw new BuildError(`Only one function can be @init; ${this.#init} is.`, node);
    if (node.signature.parameters.length !== 0) throw new BuildError(`Function ${name} must have no parameters.`, node);
    this.#init = name;
  }

  #addHandler(name, node, decorator) {
    if (node.signature.parameters.length !== 1) throw new BuildError(`Function ${name} must have one parameter, the Event.`, node);
    const args = (decorator.args ?? []).map(valueOf);
    const type = typeof args[0] === 'string' ? args.shift() : undefined;
    const options = args.shift() ?? {};
    if (args.length > 0 || !isObject(options)) {
      throw new BuildError(`Write @${decorator.name.text}("the.type") or @${decorator.name.text}("the.type", {..}).`, decorator);
    }
    for (const key of Object.keys(options)) {
      if (!OPTIONS.includes(key)) throw new BuildError(`Unknown option ${key}; known are ${OPTIONS.join(', ')}.`, decorator);
    }
    const { config, ...rest } = type === undefined ? options : { type, ...options };
    if (typeof rest.type !== 'string' || (type !== undefined && rest.type !== type)) {
      throw new BuildError(`@${decorator.name.text} needs one agent type.`, decorator);
    }
    const schema = typeof config === 'string' ? this.#json(config) : config;
    this.#handlers.push({
      type: rest.type, kind: decorator.name.text, export: `handle_${name}`, ...rest, ...(schema === undefined ? {} : { config: schema }),
    });
  }

  #glue() {
    const lines = [`import { Event, begin, done, end, finish, helixAbort } from "${SDK}/glue";`];
    for (const [name, { path }] of this.#exports) lines.push(`import { ${name} as run_${name} } from "./${path}";`);
    for (const [name, { returnsNothing }] of this.#exports) {
      if (name === this.#init) {
        lines.push(returnsNothing
          ? `export function helix_init(): i32 { run_${name}(); return 0; }`
          : `export function helix_init(): i32 { return end(run_${name}()); }`);
        continue;
      }
      lines.push(`export function handle_${name}(length: i32): i32 {`, '  const event = begin();');
      lines.push(returnsNothing
        ? `  run_${name}(event);\n  return finish(event, done());`
        : `  return finish(event, run_${name}(event));`);
      lines.push('}');
    }
    return lines.join('\n');
  }

  #json(file) {
    let text;
    try {
      text = readFileSync(join(this.baseDir, file), 'utf8');
    } catch {
      throw new BuildError(`There is no file ${file} in ${this.baseDir === '.' ? 'this folder' : this.baseDir}.`);
    }
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new BuildError(`${file} is not JSON: ${error.message}`);
    }
  }

  #readPlugin() {
    const manifest = this.#json('helix.json');
    if (!isObject(manifest)) throw new BuildError('helix.json must hold an object.');
    for (const key of ['type', 'kind', 'export', 'handlers', 'wake', 'request']) {
      if (key in manifest) throw new BuildError(`helix.json has ${key}: that is said where the function is annotated.`);
    }
    return manifest;
  }
}
