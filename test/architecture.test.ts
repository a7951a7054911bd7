import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const src = join(import.meta.dirname, '..', 'src');

/** Folder, or file at the top of src, that a path below src belongs to. */
const partOf = (path: string): string => relative(src, path).split('/')[0] ?? '';

const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(src, name));

/** A source without its comments. */
const codeOf = (file: string): string =>
  readFileSync(file, 'utf8').replaceAll(/\/\*.*?\*\/|^\s*\/\/.*$/gms, '');

interface Import {
  readonly file: string;
  readonly from: string;
  readonly dynamic: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const statics = text.matchAll(
    /^(?:import|export)\b[^;]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'/gms,
  );
  const dynamics = text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g);
  return [
    ...[...statics].map((m) => ({ file, from: m[1] ?? m[2] ?? '', dynamic: false })),
    ...[...dynamics].map((m) => ({ file, from: m[1] ?? '', dynamic: true })),
  ];
}

const imports = sources.flatMap(importsOf);
const local = imports.filter((i) => i.from.startsWith('.'));
const resolved = (i: Import): string => join(dirname(i.file), i.from);
const show = (i: Import): string => `${relative(src, i.file)} -> ${i.from}`;

/** docs/architecture.md, "who may import whom". Every part may import itself and io.ts (types). */
const allowed: Record<string, readonly string[]> = {
  core: [],
  kube: ['core'],
  aws: ['core'],
  output: ['core'],
  traffic: ['core'],
  engine: ['core', 'kube', 'aws'],
  commands: ['core', 'engine', 'kube', 'aws', 'output', 'traffic'],
  sandbox: [],
  cli: ['core', 'commands'],
  'cli.ts': ['cli'],
  'main.ts': ['core', 'output', 'cli', 'cli.ts'],
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
    ['@kubernetes/client-node', ['kube']],
    ['@aws-sdk/', ['aws', 'kube']],
    ['@smithy/', ['aws', 'kube']],
    ['@peculiar/x509', ['sandbox']],
    ['rfc6902', ['sandbox']],
  ])('keeps %s where it belongs', (library, parts) => {
    const strays = imports.filter(
      (i) => i.from.startsWith(library) && !parts.includes(partOf(i.file)),
    );
    expect(strays.map(show)).toEqual([]);
  });

  test('keeps core pure: no package, no Node module', () => {
    const impure = imports.filter((i) => partOf(i.file) === 'core' && !i.from.startsWith('.'));
    expect(impure.map(show)).toEqual([]);
  });

  test('touches process only where the program meets the machine', () => {
    const uses = sources.filter((file) =>
      /(?<![.\w-])process\.[a-z]\w*[.([\s;,)]/.test(codeOf(file)),
    );
    expect(
      uses
        .map((file) => relative(src, file))
        .filter((name) => !/^(main|commands\/sandbox)\.ts$/.test(name)),
    ).toEqual([]);
  });

  test('has no file that is too long to hold in the head', () => {
    const long = sources
      .map((file) => [relative(src, file), readFileSync(file, 'utf8').split('\n').length] as const)
      .filter(([, lines]) => lines > 250);
    expect(long).toEqual([]);
  });
});
