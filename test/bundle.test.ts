import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Io } from '../src/io.ts';

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

const inputsOf = (chunks: Iterable<string>, all: Readonly<Record<string, Output>>): string[] =>
  [...chunks].flatMap((chunk) => Object.keys(all[chunk]?.inputs ?? {}));

const run = (...args: string[]) => runWith({}, ...args);

const runWith = (more: NodeJS.ProcessEnv, ...args: string[]) =>
  spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', LANG: 'C.UTF-8', ...more },
  });

/** Files of dist/ that a command line loads, as V8's coverage tells them. */
function filesOf(...args: string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'nlbmc-loaded-'));
  try {
    runWith({ NODE_V8_COVERAGE: folder }, ...args);
    const scripts = readdirSync(folder).flatMap(
      (name) =>
        (
          JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
            result: readonly { readonly url: string }[];
          }
        ).result,
    );
    const dist = pathToFileURL(join(root, 'dist/')).href;
    return scripts
      .map(({ url }) => url)
      .filter((url) => url.startsWith(dist))
      .map((url) => `dist/${url.slice(dist.length)}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the built program prints at a terminal of this width. */
async function toldBy(argv: readonly string[], columns: number): Promise<string> {
  const main = pathToFileURL(join(root, 'dist', 'main.js')).href;
  const program = (await import(main)) as typeof import('../src/main.ts');
  let told = '';
  const stdout = { columns, write: (text: string) => (told += text) };
  const io = { stdout, stderr: stdout, env: {} } as unknown as Io;
  expect(await program.run(argv, io)).toBe(0);
  return told;
}

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

  test.each(['help verify', '--help --help', 'verify --help', 'completion bash', 'enabel'])(
    'loads for %s nothing but the surface, in few files',
    (line) => {
      const all = outputs();
      const files = filesOf(...line.split(' '));
      expect(files).toContain('dist/main.js');
      expect(files.length).toBeLessThanOrEqual(9);
      const inputs = inputsOf(files, all);
      expect(inputs).toContain('src/cli.ts');
      const heavy =
        /@aws-sdk|@smithy|client-node|js-yaml|chalk|\/ora\/|src\/(sandbox|kube|aws|engine)/;
      expect(inputs.filter((input) => heavy.test(input))).toEqual([]);
    },
  );

  test('loads few files for a command that connects, and none that others need', () => {
    const files = filesOf('verify', 'nginx', '--kubeconfig', '/nonexistent/kubeconfig');
    const inputs = inputsOf(files, outputs());
    expect(inputs).toContain('src/kube/connect.ts');
    expect(files.length).toBeLessThanOrEqual(16);
    const others = /src\/(sandbox|traffic)\/|client-node|\/ora\/|client-(ec2|sts)/;
    expect(inputs.filter((input) => others.test(input))).toEqual([]);
  });

  test("takes Node's own modules without reading what it does not use", () => {
    const texts = Object.keys(outputs()).map((file) => readFileSync(join(root, file), 'utf8'));
    expect(texts.join('\n')).toContain('process.getBuiltinModule(');
    const imported = /from"(?:node:)?(?:fs|http|https|net|tls|crypto|os|path|stream|util)"/;
    expect(texts.filter((text) => imported.test(text))).toEqual([]);
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

  test('brings the licence of each package that it contains', () => {
    const notices = readFileSync(join(root, 'dist', 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    const bundled = Object.values(outputs()).flatMap(({ inputs }) =>
      Object.entries(inputs as Record<string, { bytesInOutput: number }>)
        .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
        .map(([file]) => /^.*node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? ''),
    );
    const folders = [...new Set(bundled)].filter((folder) => folder !== '');
    expect(folders.length).toBeGreaterThan(20);
    const entries = notices.split(/^-{80}$/m);
    const missing = folders.filter((folder) => {
      const { name, version } = JSON.parse(
        readFileSync(join(root, folder, 'package.json'), 'utf8'),
      ) as { name: string; version: string };
      const entry = entries.find((text) => text.includes(`\n${name} ${version} (`)) ?? '';
      return !/permission|licen[cs]e|public domain/i.test(entry.split('\n\n').slice(1).join('\n'));
    });
    expect(missing).toEqual([]);
  });
});

describe('the package', () => {
  test('has what the program needs, the licences, and nothing else', () => {
    const packed = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
    });
    const [{ files }] = JSON.parse(packed.stdout) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'bin/nlbmc.js',
        'dist/THIRD-PARTY-NOTICES.txt',
        'dist/fixed.json',
        'dist/kube-schemas.json',
        'dist/main.js',
        'docs/checks.md',
        'package.json',
        'templates/targetgroupbinding.yaml',
      ]),
    );
    const known =
      /^(LICENSE|README\.md|package\.json|bin\/(?:nlbmc|github-action)\.js|docs\/.*\.(md|svg|schema\.json)|templates\/.*\.(yaml|sh|md))$/;
    const ofDist = /^dist\/([\w-]+\.js|THIRD-PARTY-NOTICES\.txt|(fixed|kube-schemas)\.json)$/;
    expect(paths.filter((path) => !known.test(path) && !ofDist.test(path))).toEqual([]);
  });

  test('has nothing to run when it is installed, so npm warns of nothing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nlbmc-pack-'));
    try {
      const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
      const packed = spawnSync('npm', pack, { cwd: root, encoding: 'utf8' });
      const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
      const read = ['-xzOf', join(folder, filename), 'package/package.json'];
      const manifest = JSON.parse(execFileSync('tar', read, { encoding: 'utf8' })) as {
        scripts: object;
        dependencies?: object;
      };
      // npm warns of these in a package that is installed from a file (npm help install-scripts).
      const warned = ['preinstall', 'install', 'postinstall', 'prepare'];
      expect(Object.keys(manifest.scripts).filter((name) => warned.includes(name))).toEqual([]);
      expect(manifest.dependencies).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
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

  test.each(['--help', '-h', 'help', '--version', '-V'])(
    'tells %s without loading the program, and as the program does',
    async (word) => {
      expect(filesOf(word)).toEqual([]);
      expect(run(word).stdout).toBe(await toldBy([word], 80));
    },
  );

  test('keeps the help of a wide terminal, too, and leaves all other widths to the program', async () => {
    const { version: _, ...kept } = JSON.parse(
      readFileSync(join(root, 'dist', 'fixed.json'), 'utf8'),
    ) as Record<string, string>;
    expect(kept).toEqual({
      80: await toldBy(['--help'], 80),
      100: await toldBy(['--help'], 200),
    });
  });

  test('says in the help of a plugin of kubectl what to type there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nlbmc-plugin-'));
    try {
      const plugin = join(folder, 'kubectl-nlbmc');
      symlinkSync(bin, plugin);
      const { stdout } = spawnSync(process.execPath, [plugin, '--help'], { encoding: 'utf8' });
      expect(stdout).toContain('Usage: kubectl nlbmc');
    } finally {
      rmSync(folder, { recursive: true });
    }
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

test('every install script of a dependency is denied, so a fresh clone runs none and warns of none', () => {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));
  const { packages } = read('package-lock.json') as {
    packages: Record<string, { hasInstallScript?: boolean; os?: string[] }>;
  };
  const { allowScripts } = read('package.json') as { allowScripts: Record<string, boolean> };
  const scripted = Object.entries(packages)
    .filter(([path, { hasInstallScript }]) => path !== '' && hasInstallScript)
    .map(([path]) => path.split('node_modules/').at(-1) ?? '');
  expect(scripted.length).toBeGreaterThan(0);
  expect(scripted.filter((name) => allowScripts[name] !== false)).toEqual([]);
});
