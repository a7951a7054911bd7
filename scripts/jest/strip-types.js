// Node's module hooks for TypeScript: types become blanks, so that a stack names lines and columns of
// the source. They run in a thread of their own; see shared-modules.js.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/wasm-typescript';

const options = { mode: 'strip-only', module: true };

export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context);
  const filename = fileURLToPath(url);
  const { code } = transformSync(await readFile(filename, 'utf8'), { ...options, filename });
  return { format: 'module', shortCircuit: true, source: code };
}
