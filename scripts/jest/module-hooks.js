// Node's module hooks for tests. They run in a thread of their own; see shared-modules.js.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/wasm-typescript';

const options = { mode: 'strip-only', module: true };
const SOURCES = new URL('../../src/', import.meta.url).href;
const SANDBOX = `${SOURCES}sandbox/`;
/** In the URL of a module: which nlbmc of test/laws/program.ts it belongs to, and what is replaced there. */
const PROGRAM = 'program';
/** In the URL of a module that is to be the one of all others. */
const OF_ALL = '?of-all';

/** What a module of such an nlbmc imports of nlbmc belongs to it, too. */
export async function resolve(specifier, context, nextResolve) {
  const found = await nextResolve(specifier, context);
  if (found.url.endsWith(OF_ALL)) return { ...found, url: found.url.slice(0, -OF_ALL.length) };
  const { search = '', searchParams } = context.parentURL ? new URL(context.parentURL) : {};
  const isOwn = found.url.startsWith(SOURCES) && !found.url.startsWith(SANDBOX);
  return isOwn && searchParams?.has(PROGRAM) ? { ...found, url: `${found.url}${search}` } : found;
}

/** The module of all others, with these exports taken from what the test has replaced them by. */
function replaced(module, path, searchParams) {
  const id = JSON.stringify([searchParams.get(PROGRAM), path]);
  const names = searchParams.get(path).split(',');
  return [
    `export * from ${JSON.stringify(`${module}${OF_ALL}`)};`,
    `const by = globalThis[Symbol.for('nlbmc.test.replaced')].get(${JSON.stringify(id)});`,
    ...names.map((name) => `export const ${name} = by.${name};`),
  ].join('\n');
}

/** Types become blanks, so that a stack names lines and columns of the source. */
export async function load(url, context, nextLoad) {
  const { protocol, pathname, href, search, searchParams } = new URL(url);
  if (protocol !== 'file:' || !pathname.endsWith('.ts')) return nextLoad(url, context);
  const module = href.slice(0, href.length - search.length);
  const path = module.slice(SOURCES.length);
  if (searchParams.has(PROGRAM) && searchParams.has(path))
    return {
      format: 'module',
      shortCircuit: true,
      source: replaced(module, path, searchParams),
    };
  const filename = fileURLToPath(module);
  const { code } = transformSync(await readFile(filename, 'utf8'), { ...options, filename });
  return { format: 'module', shortCircuit: true, source: code };
}
