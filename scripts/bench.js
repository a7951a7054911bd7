// Bundles test/bench, since Node 20 does not read TypeScript, and runs it in a process of its own.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
// One folder below the root, as dist/ is: what is found from there is found from here.
const bundle = join(root, '.cache/bench.js');
await build({
  entryPoints: [join(root, 'test/bench/main.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});
const args = ['--enable-source-maps', bundle, root, ...process.argv.slice(2)];
spawn(process.execPath, args, { stdio: 'inherit' }).on('exit', (code) => process.exit(code ?? 1));
