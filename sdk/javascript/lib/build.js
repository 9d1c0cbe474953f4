// From a source file to a plugin.

import { existsSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { build as bundle } from "esbuild";
import { lineTable } from "./lines.js";
import { BuildError, pack } from "./pack.js";

const API = readFileSync(new URL("index.js", import.meta.url), "utf8");

// In a namespace of its own, so that the bundle does not say where this package is installed.
const provideApi = {
  name: "provide-api",
  setup(build) {
    build.onResolve({ filter: /^helix-agent-js$/ }, ({ path }) => ({ path, namespace: "helix" }));
    build.onLoad({ filter: /.*/, namespace: "helix" }, () => ({ contents: API }));
  },
};

const refuseNode = {
  name: "refuse-node",
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ path }) =>
      isBuiltin(path) ? { errors: [{ text: `"${path}" is a part of Node, which an agent does not run in` }] } : undefined,
    );
  },
};

function readManifest(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (e) {
    throw new BuildError(`${file}: ${e.message}`);
  }
}

function findManifest(entry) {
  for (let folder = dirname(resolve(entry)); ; folder = dirname(folder)) {
    const file = join(folder, "helix.json");
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) throw new BuildError(`there is no helix.json beside ${entry} or above it`);
  }
}

/** The bytes of the plugin that `entry`, a TypeScript or JavaScript file, becomes. */
export async function buildAgent(entry, { manifest, minify = false, log } = {}) {
  const file = manifest ?? findManifest(entry);
  const root = dirname(resolve(file));
  const { outputFiles } = await bundle({
    absWorkingDir: root,
    entryPoints: [resolve(entry)],
    bundle: true,
    write: false,
    outfile: join(root, "agent.js"),
    format: "iife",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["import", "default"],
    target: "es2023",
    charset: "utf8",
    minify,
    legalComments: "none",
    sourcemap: "external",
    sourcesContent: false,
    plugins: [provideApi, refuseNode],
    logLevel: "silent",
  }).catch((e) => {
    if (!e.errors) throw e;
    throw new BuildError(e.errors.map(({ location: at, text }) => (at ? `${at.file}:${at.line}:${at.column}: ${text}` : text)).join("\n"));
  });
  const named = (suffix) => outputFiles.find(({ path }) => path.endsWith(suffix)).text;
  const lines = lineTable(named(".map"), (source) => relative(root, resolve(root, source)).replaceAll("\\", "/"));
  lines.sources = lines.sources.map((source) => (source.startsWith("..") ? source.split("/").at(-1) : source));
  return pack({ script: named(".js"), about: readManifest(file), lines, log });
}
