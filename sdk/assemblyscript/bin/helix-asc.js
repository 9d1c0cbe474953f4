#!/usr/bin/env node
/**
 * Compiles a Helix plugin: the AssemblyScript compiler with the options a plugin needs, then a check that Helix will
 * take the file. What is given on the command line goes to the compiler too.
 *
 *     helix-asc [assembly/plugin.ts] [-o build/plugin.wasm] [--baseDir FOLDER] [compiler options]
 */

import { promises as files, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';
import { PluginRefused, loadPlugin } from '../testing/index.js';
import HelixTransform from '../transform.js';

const SDK = fileURLToPath(new URL('..', import.meta.url));
const OWN = /(?:^|\/)node_modules\/helix-agent\/(.*)$/;
const HINTS = {
  'env.console': 'use log.info of the SDK instead of console.log',
  'env.seed': 'use randomBytes of the SDK instead of Math.random',
  'env.Date.now': 'use now of the SDK instead of Date.now',
  'env.trace': 'use log.debug of the SDK instead of trace',
};

/** The library of this very package, however it is installed. */
async function readFile(name, baseDir) {
  const own = OWN.exec(name.replaceAll('\\', '/'));
  try {
    return await files.readFile(own ? resolve(SDK, own[1]) : resolve(baseDir, name), 'utf8');
  } catch {
    return null;
  }
}

function option(args, ...names) {
  const at = args.findIndex(arg => names.includes(arg));
  return at < 0 ? undefined : args[at + 1];
}

/** Compiles; gives the problems back, none when it worked. */
async function build(args) {
  const given = [...args];
  if (!given.some(arg => arg.endsWith('.ts'))) given.unshift('assembly/plugin.ts');
  if (option(given, '-o', '--outFile') === undefined) given.push('--outFile', 'build/plugin.wasm');
  if (!given.some(arg => /^(-O|--optimize|--debug)/.test(arg))) given.push('-Osize');
  const { error } = await main([
    ...given,
    '--runtime', 'incremental',
    '--exportStart', '_initialize',
    '--use', 'abort=~lib/helix-agent/assembly/abi/helixAbort',
  ], { readFile, transforms: [HelixTransform], stdout: process.stdout, stderr: process.stderr });
  if (error) return [];
  const file = resolve(option(given, '--baseDir') ?? '.', option(given, '-o', '--outFile'));
  try {
    loadPlugin(readFileSync(file));
    return null;
  } catch (refused) {
    if (!(refused instanceof PluginRefused)) throw refused;
    return refused.problems.map(problem => {
      const hint = Object.entries(HINTS).find(([name]) => problem.includes(name));
      return hint ? `${problem} (${hint[1]})` : problem;
    });
  }
}

const problems = await build(process.argv.slice(2));
problems?.forEach(problem => console.error(`helix-asc: ${problem}`));
process.exitCode = problems ? 1 : 0;
