/** Compiles a plugin for a test, or says that the compiler is not installed. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const SDK = fileURLToPath(new URL('..', import.meta.url));
export const compiler = existsSync(join(SDK, 'node_modules/assemblyscript'));
export const withoutCompiler = compiler ? false : 'assemblyscript is not installed: npm ci';

const folders = [];
process.on('exit', () => folders.forEach(folder => rmSync(folder, { recursive: true, force: true })));

/** @returns {{status: number, errors: string, file: string}} */
export function compile(folder, ...options) {
  const out = mkdtempSync(join(tmpdir(), 'helix-asc-'));
  folders.push(out);
  const file = join(out, 'plugin.wasm');
  const { status, stderr } = spawnSync(process.execPath, [join(SDK, 'bin/helix-asc.js'), '-o', file, ...options], { cwd: folder, encoding: 'utf8' });
  return { status, errors: stderr, file };
}
