import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

// Ring 3: what is published. Everything here reads dist/ as `npm run build` left it.
const root = join(import.meta.dirname, '..');
const bin = join(root, 'bin', 'nlbmc.js');

interface Output {
  readonly bytes: number;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

beforeAll(() => {
  if (!existsSync(join(root, 'dist', 'meta.json'))) {
    execFileSync(process.execPath, [join(root, 'scripts', 'build.js')]);
  }
});

const outputs = (): Readonly<Record<string, Output>> => {
  const meta = JSON.parse(readFileSync(join(root, 'dist', 'meta.json'), 'utf8')) as {
    outputs: Record<string, Output>;
  };
  return meta.outputs;
};

/** Chunks that are loaded with a chunk, itself included. */
function loadedWith(name: string, all: Readonly<Record<string, Output>>): Set<string> {
  const found = new Set<string>();
  const todo = [name];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    for (const { path, kind } of all[next]?.imports ?? []) {
      if (kind === 'import-statement' && path in all) todo.push(path);
    }
  }
  return found;
}

const inputsOf = (chunks: Iterable<string>, all: Readonly<Record<string, Output>>): string[] =>
  [...chunks].flatMap((chunk) => Object.keys(all[chunk]?.inputs ?? {}));

const isSandbox = (output: Output): boolean =>
  Object.keys(output.inputs).some((input) => input.startsWith('src/sandbox/'));

const bytesOf = (list: readonly Output[]): number =>
  list.reduce((sum, output) => sum + output.bytes, 0);

describe('the bundle', () => {
  test('is small, and smaller without the sandbox', () => {
    const all = outputs();
    const every = Object.values(all);
    const sandbox = every.filter(isSandbox);
    expect(sandbox.length).toBeGreaterThan(0);
    const data = statSync(join(root, 'dist', 'kube-schemas.json')).size;
    expect(bytesOf(every) + data).toBeLessThanOrEqual(3.5 * 1024 * 1024);
    expect(bytesOf(every) - bytesOf(sandbox)).toBeLessThanOrEqual(2.5 * 1024 * 1024);
  });

  test('starts without SDKs, and without anything that only some commands need', () => {
    const all = outputs();
    const inputs = inputsOf(loadedWith('dist/main.js', all), all);
    expect(inputs).toContain('src/cli.ts');
    const heavy =
      /@aws-sdk|@smithy|client-node|js-yaml|chalk|\/ora\/|src\/(sandbox|kube|aws|engine)/;
    expect(inputs.filter((input) => heavy.test(input))).toEqual([]);
  });

  test('drops the schemas of AWS operations that nobody calls', () => {
    const ec2 = Object.values(outputs()).flatMap((output) =>
      Object.entries(output.inputs as Record<string, { bytesInOutput: number }>).filter(([name]) =>
        /client-ec2\/.*schemas_\d+\.js$/.test(name),
      ),
    );
    expect(ec2.length).toBeGreaterThan(0);
    // The whole of it is 1.3 MB.
    const kept = ec2.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
    expect(kept).toBeLessThan(60_000);
  });
});

const run = (...args: string[]) =>
  spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', LANG: 'C.UTF-8' },
  });

describe('bin/nlbmc.js', () => {
  test('tells the version in package.json', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    const { status, stdout, stderr } = run('--version');
    expect([status, stdout, stderr]).toEqual([0, `${version}\n`, '']);
  });

  test('tells help', () => {
    const { status, stdout, stderr } = run('--help');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Usage: nlbmc');
  });

  test('ends with 2 for a command line that cannot be understood', () => {
    const { status, stdout, stderr } = run('enabel');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Did you mean enable?');
  });

  test('finds its templates and the sandbox its data, from wherever it is run', () => {
    const inner = [process.execPath, bin, 'enable', 'nginx', '-q'];
    const { status, stdout } = run('sandbox', '--speed', '60', '--', ...inner);
    expect(status).toBe(0);
    expect(stdout).toContain('Result: enabled');
  });
});
