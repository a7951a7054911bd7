// Bundles test/lab, since Node 20 does not read TypeScript, and plays it in a process of its own.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
// One folder below the root, as dist/ is: what is found from there is found from here.
const bundle = join(root, '.cache/lab.js');
await build({
  entryPoints: [join(root, 'test/lab/main.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});
const lab = spawn(
  process.execPath,
  ['--enable-source-maps', bundle, root, ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    // The AWS SDK announces the end of Node 20 in every process; see bin/nlbmc.js.
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
);
// Ctrl-C reaches both of them: this one waits until the other has cleaned up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => signal === 'SIGINT' || lab.kill(signal));
}
lab.on('exit', (code) => process.exit(code ?? 1));
