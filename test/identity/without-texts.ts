import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform } from '@swc/core';
import { build, type Plugin } from 'esbuild';
import { codes } from '../../src/core/model/codes.ts';
import type { run } from '../../src/main.ts';

/** What every sentence becomes. */
const SENTENCE = '~';

interface Node {
  readonly type?: string;
  key?: { readonly value?: unknown };
  value?: unknown;
  properties?: Node[] | undefined;
  [field: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

const literal = (node: Node): Node => ({
  type: 'StringLiteral',
  span: node['span'] ?? { start: 0, end: 0, ctxt: 0 },
  value: SENTENCE,
  raw: null,
});

/** The literal text that an object has under a key. */
function literalAt(object: Node, name: string): string | undefined {
  const found = object.properties?.find(({ key }) => key?.value === name)?.value;
  return isNode(found) && typeof found.value === 'string' ? found.value : undefined;
}

/**
 * Replaces sentences in the objects of a module: each `message` where the whole folder speaks in
 * Problems and Reports, else where a code of ours stands beside it; and each advice.
 */
function silence(node: unknown, speaks: boolean): void {
  if (Array.isArray(node)) return node.forEach((item) => silence(item, speaks));
  if (!isNode(node)) return;
  for (const child of Object.values(node)) silence(child, speaks);
  if (node.type !== 'ObjectExpression') return;
  const problem = speaks || (literalAt(node, 'code') ?? '') in codes;
  const wanted = literalAt(node, 'kind') === 'advice' ? 'text' : problem ? 'message' : undefined;
  node.properties = node.properties?.map((property) => {
    if (property.type === 'KeyValueProperty' && property.key?.value === wanted)
      return { ...property, value: literal(property) };
    // `{ message }`: an identifier stands for key and value.
    if (property.type === 'Identifier' && property['value'] === wanted)
      return { type: 'KeyValueProperty', key: property, value: literal(property) };
    return property;
  });
}

const withoutTexts: Plugin = {
  name: 'without-texts',
  setup(plugged) {
    plugged.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const speaks = /[\\/]src[\\/](?:core|engine|commands)[\\/]/.test(path);
      const { code } = await transform(source, {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        plugin: (module) => {
          silence(module, speaks);
          return module;
        },
      });
      const here = JSON.stringify(pathToFileURL(path).href);
      return { contents: code.replaceAll('import.meta.url', here), loader: 'js' };
    });
  },
};

/** The program whose Problems, reports and advice all say the same: `~`. `remove` takes it away again. */
export async function programWithoutTexts(): Promise<{ run: typeof run; remove: () => void }> {
  const root = join(import.meta.dirname, '../..');
  // Below the packages, so that what is not bundled is found from there.
  const folder = mkdtempSync(join(root, 'node_modules', '.without-texts-'));
  const outfile = join(folder, 'main.mjs');
  await build({
    entryPoints: [join(root, 'src/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    plugins: [withoutTexts],
    logLevel: 'silent',
  });
  const program = (await import(pathToFileURL(outfile).href)) as { run: typeof run };
  return { run: program.run, remove: () => rmSync(folder, { recursive: true }) };
}
