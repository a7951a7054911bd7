// Bundles test/lab, since Node 20 does not read TypeScript, and plays it in a process of its own.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
// One folder below the root, as dist/ is: what is found from there is found from here.
const bundle = join(root, '.cache/lab.js');
await build({
  entryPoints: {
    lab: join(root, 'test/lab/main.ts'),
    'lab-side-job': join(root, 'test/lab/side-job.ts'),
  },
  outdir: join(root, '.cache'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});
// The AWS SDK announces the end of Node 20 in every process; see bin/nlbmc.js.
const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
const node = [process.execPath, '--enable-source-maps', bundle, root];

const prepared = spawnSync(node[0], [...node.slice(1), '--prepare'], { stdio: 'inherit', env });
if (prepared.status !== 0) process.exit(prepared.status ?? 1);

// The controller opens its webhook port on every interface, and has no flag for that. Where the
// system lets us, the lab has a network of its own, in which there is only the loopback.
const isRoot = process.getuid?.() === 0;
const apart = ['unshare', '--net', ...(isRoot ? [] : ['--map-root-user']), 'sh', '-c'];
const up = 'ip link set lo up';
// A world that is kept is there for people, who are outside of such a network.
const isKept = process.argv.includes('--keep');
const hasOwnNetwork = !isKept && spawnSync(apart[0], [...apart.slice(1), up]).status === 0;
if (!hasOwnNetwork) {
  const why = isKept ? 'a kept world is in your network' : 'no network of its own can be had here';
  process.stdout.write(
    `lab: ${why}: the controllers' webhook ports are open to others while it runs\n`,
  );
}
const words = hasOwnNetwork ? [...apart, `${up} && exec "$@"`, 'lab', ...node] : node;
const lab = spawn(words[0], [...words.slice(1), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env,
});
// Ctrl-C reaches both of them: this one waits until the other has cleaned up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => signal === 'SIGINT' || lab.kill(signal));
}
lab.on('exit', (code) => process.exit(code ?? 1));
