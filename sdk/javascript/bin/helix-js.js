#!/usr/bin/env node
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";

const USAGE = `helix-js build ENTRY -o FILE.wasm [--manifest helix.json] [--minify]
    bundles a TypeScript or JavaScript file and makes a plugin of it
helix-js test FILE.wasm --event EVENT.json [--config CONFIG.json] [--type TYPE]
    calls the plugin once, without a server: what it gives goes to standard output, what it logs to standard error;
    without --event, the samples of the manifest are used. Ends with the code of the call`;

class Usage extends Error {}

async function build(entry, { out, manifest, minify }) {
  if (!out) throw new Usage("say where to write the plugin: -o FILE.wasm");
  const { buildAgent } = await import("../lib/build.js");
  const wasm = await buildAgent(entry, { manifest, minify });
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(`${out}.tmp`, wasm);
  renameSync(`${out}.tmp`, out); // whoever watches the folder never sees half a file
  console.error(`${out}: ${Math.round(wasm.length / 1024)} KiB`);
  return 0;
}

async function test(file, { event, config, type }) {
  const { TestAgent, readManifest } = await import("../lib/testing.js");
  const json = (name) => JSON.parse(readFileSync(name, "utf8"));
  const wasm = readFileSync(file);
  const { samples = [], handlers } = readManifest(wasm);
  const inputs = event ? [{ type, event: json(event), config: config && json(config) }] : samples;
  if (!inputs.length) throw new Usage("the manifest has no samples: give --event");
  let worst = 0;
  for (const input of inputs) {
    const agent = new TestAgent(wasm, { type: input.type ?? type ?? handlers[0].type, config: input.config });
    const { logs, ...result } = agent.handle(input.event);
    logs.forEach(({ level, message }) => console.error(`${level}: ${message}`));
    console.log(JSON.stringify(result, null, 2));
    worst = Math.max(worst, result.code);
  }
  return worst;
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: "string", short: "o" },
      manifest: { type: "string" },
      minify: { type: "boolean" },
      event: { type: "string" },
      config: { type: "string" },
      type: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [command, file, ...rest] = positionals;
  if (values.help) {
    console.log(USAGE);
  } else if (!file || rest.length || !["build", "test"].includes(command)) {
    throw new Usage(USAGE);
  } else {
    process.exitCode = await (command === "build" ? build : test)(file, values);
  }
} catch (e) {
  const ours = e instanceof Usage || e.constructor.name === "BuildError" || e.code?.startsWith?.("ERR_PARSE_ARGS");
  console.error(ours || e.code === "ENOENT" ? e.message : e.stack);
  process.exitCode = e instanceof Usage ? 64 : 1;
}
