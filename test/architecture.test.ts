import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import {
  fileCycles,
  imports,
  importsIn,
  local,
  mutualFolders,
  resolved,
  sources,
  src,
  type Arrow,
  type Import,
} from './imports.ts';

/** Folder, or file at the top of src, that a path below src belongs to. */
const partOf = (path: string): string => relative(src, path).split('/')[0] ?? '';

/** A source without its comments. */
const codeOf = (file: string): string =>
  readFileSync(file, 'utf8').replaceAll(/\/\*.*?\*\/|^\s*\/\/.*$/gms, '');

const show = (i: Import): string => `${relative(src, i.file)} -> ${i.from}`;

/** docs/architecture.md, "Import rules". Every part may import itself and io.ts (types). */
const allowed: Record<string, readonly string[]> = {
  core: [],
  wire: ['core'],
  kube: ['core', 'wire'],
  aws: ['core', 'wire'],
  output: ['core'],
  traffic: ['core'],
  engine: ['core', 'kube', 'aws'],
  commands: ['core', 'wire', 'engine', 'kube', 'aws', 'output', 'traffic'],
  sandbox: [],
  cli: ['core', 'commands'],
  'cli.ts': ['cli'],
  'main.ts': ['core', 'output', 'cli', 'cli.ts', 'process-io.ts'],
  'process-io.ts': [],
  'io.ts': [],
};

describe('the house', () => {
  test('has only the parts that docs/architecture.md names', () => {
    expect([...new Set(sources.map(partOf))].filter((part) => !(part in allowed))).toEqual([]);
  });

  test('imports only in the direction of the arrows', () => {
    const wrong = local.filter((i) => {
      const from = partOf(i.file);
      const to = partOf(resolved(i));
      if (from === to || (to === 'io.ts' && from !== 'core' && from !== 'sandbox')) return false;
      if (relative(src, i.file) === 'commands/sandbox.ts' && to === 'sandbox') return false;
      return !allowed[from]?.includes(to);
    });
    expect(wrong.map(show)).toEqual([]);
  });

  // Types counted, the sandbox included: '' is all of src.
  test('no two folders import each other', () => {
    expect(mutualFolders('')).toEqual([]);
  });

  test('no files import each other in a circle', () => {
    expect(fileCycles('')).toEqual([]);
  });

  test('in the sandbox, folders import only what stands below them in the table of its README', () => {
    const table = readFileSync(join(src, 'sandbox/README.md'), 'utf8').matchAll(/^\| (.+?) +\|/gm);
    const rows = [...table].map(([, names = '']) =>
      names === 'files here'
        ? ['sandbox']
        : [...names.matchAll(/`(.+?)\/`/g)].map(([, name]) => `sandbox/${name}`),
    );
    const rank = (file: string): number =>
      rows.findIndex((row) => row.includes(relative(src, dirname(file))));
    const inside = local.filter((i) => partOf(i.file) === 'sandbox');
    expect(inside.filter((i) => rank(i.file) === -1).map(show)).toEqual([]);
    const wrong = inside.filter(
      (i) => dirname(i.file) !== dirname(resolved(i)) && rank(i.file) >= rank(resolved(i)),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('loads commands only when one is run', () => {
    const eager = local.filter(
      (i) => partOf(i.file) === 'cli' && partOf(resolved(i)) === 'commands' && !i.dynamic,
    );
    expect(eager.map(show)).toEqual([]);
  });

  test.each([
    ['commander', ['cli', 'cli.ts']],
    ['@commander-js/extra-typings', ['cli', 'cli.ts', 'main.ts', 'commands']],
    ['chalk', ['output']],
    ['ora', ['output']],
    ['hpagent', ['wire']],
    ['valibot', ['core']],
    ['@kubernetes/client-node', ['kube']],
    ['@aws-sdk/', ['aws', 'kube']],
    ['@smithy/', ['aws', 'kube']],
  ])('keeps %s where it belongs', (library, parts) => {
    const strays = imports.filter(
      (i) => i.from.startsWith(library) && !parts.includes(partOf(i.file)),
    );
    expect(strays.map(show)).toEqual([]);
  });

  // docs/decisions/schemas.md: it computes and touches nothing. So does the hash in a name that LBC gives.
  test('keeps core pure: no Node module, and no package but the one for schemas', () => {
    const impure = imports.filter(
      (i) =>
        partOf(i.file) === 'core' &&
        !i.from.startsWith('.') &&
        i.from !== 'valibot' &&
        i.from !== 'node:crypto',
    );
    expect(impure.map(show)).toEqual([]);
  });

  test('touches process only where the program meets the machine', () => {
    const uses = sources.filter((file) =>
      /(?<![.\w-])process\.[a-z]\w*[.([\s;,)]/.test(codeOf(file)),
    );
    expect(
      uses
        .map((file) => relative(src, file))
        .filter(
          (name) => !/^(main|process-io|wire\/helper-process|commands\/sandbox)\.ts$/.test(name),
        ),
    ).toEqual([]);
  });

  test('has no file that is too long to hold in the head', () => {
    const long = sources
      .map((file) => [relative(src, file), readFileSync(file, 'utf8').split('\n').length] as const)
      .filter(([, lines]) => lines > 250);
    expect(long).toEqual([]);
  });
});

describe('the search for circles', () => {
  const arrows = (...texts: string[]): Arrow[] =>
    texts.map((text) => {
      const [from = '', to = ''] = text.split(' -> ');
      return { from, to };
    });

  test.each([
    ['folders side by side', ['a/x.ts -> b/y.ts', 'b/z.ts -> a/w.ts'], 'a <-> b'],
    ['all that is in them counts', ['a/in/x.ts -> b/y.ts', 'b/in/z.ts -> a/w.ts'], 'a <-> b'],
    ['a folder and one inside it', ['a/x.ts -> a/in/y.ts', 'a/in/z.ts -> a/w.ts'], 'a <-> a/in'],
    ['deeper inside', ['a/x.ts -> a/in/deep/y.ts', 'a/in/deep/z.ts -> a/x.ts'], 'a <-> a/in/deep'],
  ])('finds %s', (_, texts, pair) => {
    expect(mutualFolders('', arrows(...texts)).join('\n')).toContain(pair);
  });

  test.each([
    ['one direction', ['a/x.ts -> b/y.ts', 'a/z.ts -> b/y.ts']],
    [
      'a folder whose own files stand between two inside it',
      ['a/top/x.ts -> a/y.ts', 'a/y.ts -> a/low/z.ts', 'a/top/x.ts -> a/low/z.ts'],
    ],
    ['files of one folder', ['a/x.ts -> a/y.ts', 'a/y.ts -> a/x.ts']],
  ])('lets pass %s', (_, texts) => {
    expect(mutualFolders('', arrows(...texts))).toEqual([]);
  });

  test('finds each circle of files once, and only its own files', () => {
    const found = fileCycles(
      '',
      arrows('in.ts -> a.ts', 'a.ts -> b.ts', 'b.ts -> c.ts', 'c.ts -> a.ts', 'c.ts -> out.ts'),
    );
    expect(found).toEqual([['a.ts', 'b.ts', 'c.ts']]);
  });

  test('looks below the named folder only', () => {
    const both = arrows('a/x.ts -> b/y.ts', 'b/y.ts -> a/x.ts');
    expect(mutualFolders('a', both)).toEqual([]);
    expect(fileCycles('a', both)).toEqual([]);
  });

  test.each([
    "import type { A } from './a.ts';",
    "import {\n  b,\n  type A,\n} from './a.ts';",
    "export type { A } from './a.ts';",
    "import './a.ts';",
    "type A = import('./a.ts').A;",
    "const { a } = await import('./a.ts');",
  ])('counts %j', (text) => {
    expect(importsIn(text).map(({ from }) => from)).toEqual(['./a.ts']);
  });
});
