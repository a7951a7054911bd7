// Bundles the program into dist/: ES modules, split so that a command loads only what it needs.
// What is in the way is taken out of it, each of it measured (docs/decisions/bundle.md): the AWS SDK's
// schema of all of EC2, node-fetch's own copy of URL, and what commander does not need here.
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { thirdPartyNotices } from './third-party-notices.js';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/**
 * The schemas of the AWS SDK use computed keys, `[_x]: 1` with `const _x = "name"`. To esbuild a
 * computed key may have side effects, so nothing of such a file is ever dropped. With the names
 * written out, it is all plain data, and only the shapes of the operations in use remain.
 */
const plainSchemaKeys = {
  name: 'plain-schema-keys',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]schemas_\d+\.js$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      const names = new Map(
        [...text.matchAll(/^const (_\w+) = ("[^"\n]*");$/gm)].map(([, name, value]) => [
          name,
          value,
        ]),
      );
      const contents = text.replace(/\[(_\w+)\]:/g, (whole, name) =>
        names.has(name) ? `${names.get(name)}:` : whole,
      );
      return { contents, loader: 'js' };
    });
  },
};

/** node-fetch falls back on whatwg-url where Node has no URL, which is nowhere since Node 10. */
const builtInUrl = {
  name: 'built-in-url',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^whatwg-url$/ }, () => ({ path: 'url', namespace: 'built-in-url' }));
    onLoad({ filter: /.*/, namespace: 'built-in-url' }, () => ({
      contents: 'export const URL = globalThis.URL; export default { URL };',
    }));
  },
};

/**
 * commander loads child_process at once, for subcommands that are programs of their own. There are
 * none here, and it is a tenth of what `--help` adds to a bare Node.
 */
const noExecutableSubcommands = {
  name: 'no-executable-subcommands',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?child_process$/ }, ({ importer, path: name }) =>
      /[\\/]node_modules[\\/]commander[\\/]/.test(importer)
        ? { path: name, namespace: 'no-executable-subcommands' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'no-executable-subcommands' }, () => ({
      contents: 'module.exports = {};',
    }));
  },
};

/**
 * esbuild makes a chunk for each set of lazy parts that share a module, which were sixty small files
 * for one command, each of which costs to find and to link. So the commands that connect are two parts:
 * those that nearly everybody types, and the others, which need most of the first part, too. And each lazy part
 * imports what is there already when it is loaded: then all of that is shared by the same parts, and is one chunk.
 */
const fileOf = (name) => `src/commands/${name}.ts`;
const commands = 'enable enroll join list show verify'.split(' ').map(fileOf);
const laterCommands = 'disable handover leave purge repair replace'.split(' ').map(fileOf);
const there = (file, importer) => {
  if (/^src\/aws\/(ec2|sts)-sdk\.ts$/.test(file) || /@(aws-sdk|smithy)/.test(importer))
    return ['src/aws/elbv2-sdk.ts'];
  return file === 'src/commands/verify-traffic.ts' ? commands : ['src/main.ts'];
};
const fewChunks = {
  name: 'few-chunks',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^(\.|@aws-sdk\/|@smithy\/)/ }, async ({ path: name, ...from }) => {
      if (from.kind !== 'dynamic-import' || from.pluginData === 'asked') return undefined;
      const { path: found } = await resolve(name, { ...from, pluginData: 'asked' });
      const file = relative(path('.'), found);
      if (commands.includes(file)) return { path: 'commands', namespace: 'part' };
      if (laterCommands.includes(file)) {
        const pluginData = ['src/main.ts', ...commands];
        return { path: 'later-commands', namespace: 'part', pluginData };
      }
      const importer = relative(path('.'), from.importer);
      return { path: file, namespace: 'part', pluginData: there(file, importer) };
    });
    onLoad({ filter: /.*/, namespace: 'part' }, ({ path: name, pluginData }) => {
      const imported = (pluginData ?? ['src/main.ts']).map((file) => `import './${file}';`);
      const files = { commands, 'later-commands': laterCommands }[name] ?? [name];
      const exported = files.map((file) => `export * from './${file}';`);
      return { contents: [...imported, ...exported].join('\n'), resolveDir: path('.') };
    });
  },
};

/**
 * An import of one of Node's own modules reads each of its exports, getters included: with Node 22,
 * `import 'node:http'` loads all of undici for its WebSocket, which takes as long as a bare Node.
 * So each such import of a built file becomes a reading of what it names.
 */
function takesFromNode(text) {
  const taken = [];
  const rest = text.replace(
    /\bimport(?: ?([$\w]+),?)?(?:\*as ([$\w]+))?(?:\{([^}]*)\})? ?from"([\w:/]+)";/g,
    (whole, standard, all, names, from) => {
      if (!isBuiltin(from)) return whole;
      const module = `process.getBuiltinModule("${from}")`;
      if (standard ?? all) taken.push(`${standard ?? all}=${module}`);
      if (names) taken.push(`{${names.replaceAll(' as ', ':')}}=${module}`);
      return '';
    },
  );
  return taken.length === 0 ? text : `const ${taken.join(',')};${rest}`;
}

/** The AWS SDK imports this one when it first talks to an address without TLS. */
const httpFromNode = {
  name: 'http-from-node',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node-http-handler\.js$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, 'utf8')).replace(
        'await import("node:http")',
        'process.getBuiltinModule("node:http")',
      ),
    }));
  },
};

// The shapes of Kubernetes' kinds, for the sandbox: made once, and again when their maker changes.
const maker = path('scripts/kube-schemas.js');
const schemas = path('dist/kube-schemas.json');
const changedAt = async (file) => (await stat(file)).mtimeMs;
if (!existsSync(schemas) || (await changedAt(schemas)) < (await changedAt(maker))) {
  const { writeKubeSchemas } = await import('./kube-schemas.js');
  await writeKubeSchemas(schemas);
}

await mkdir(path('dist'), { recursive: true });
const { metafile, outputFiles } = await build({
  absWorkingDir: path(''),
  entryPoints: { main: 'src/main.ts' },
  outdir: 'dist',
  entryNames: '[name]',
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  minify: true,
  keepNames: false,
  legalComments: 'none',
  metafile: true,
  write: false,
  logLevel: 'warning',
  plugins: [plainSchemaKeys, builtInUrl, noExecutableSubcommands, fewChunks, httpFromNode],
  // Some of the bundled packages are CommonJS and require Node's own modules.
  banner: { js: 'const require = process.getBuiltinModule;' },
});

// Written first and swept afterwards: whoever runs the program during a build finds all of it.
await Promise.all(outputFiles.map((file) => writeFile(file.path, takesFromNode(file.text))));
await writeFile(path('dist/meta.json'), JSON.stringify(metafile));
await writeFile(path('dist/THIRD-PARTY-NOTICES.txt'), await thirdPartyNotices(metafile, path('')));
const built = new Set(Object.keys(metafile.outputs).map((name) => name.replace(/^dist\//, '')));
for (const name of await readdir(path('dist'))) {
  if (name.endsWith('.js') && !built.has(name)) await rm(path(`dist/${name}`), { force: true });
}

// What `--help` and `--version` print is always the same. To read it from a file takes a third of what it takes to
// load commander and declare all options. One text is for 80 columns (and where there is no terminal), one for the
// widest help; for all other widths, the program makes it.
const { run } = await import(pathToFileURL(path('dist/main.js')).href);
const helpIn = async (columns) => {
  let help = '';
  const stdout = { columns, write: (text) => (help += text) };
  const code = await run(['--help'], { stdout, stderr: stdout, env: {} });
  if (code !== 0) throw new Error(`--help ended with ${code}: ${help}`);
  return help;
};
const { version } = JSON.parse(await readFile(path('package.json'), 'utf8'));
const fixed = { version, 80: await helpIn(80), 100: await helpIn(100) };
await writeFile(path('dist/fixed.json'), JSON.stringify(fixed));
