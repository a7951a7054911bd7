import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const root = join(import.meta.dirname, '..');
/** Plays a demo to its end. */
async function demo(...args: string[]): Promise<{ status: number; stdout: string }> {
  const child = spawn(process.execPath, ['scripts/demo.js', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 300_000,
  });
  const [stdout, [status]] = await Promise.all([
    text(child.stdout),
    once(child, 'close') as Promise<[number]>,
  ]);
  return { status, stdout };
}

// They are played side by side: most of their time they wait for their practice worlds.
let owned: ReturnType<typeof demo>;
let noOwner: typeof owned;
let noOwnerStopped: typeof owned;
let stopped: typeof owned;
beforeAll(async () => {
  owned = demo();
  noOwner = demo('--no-owner');
  noOwnerStopped = demo('--no-owner', '--stop-controller', 'eks-clu2');
  stopped = demo('--stop-controller', 'sec-eks-clu1');
  await Promise.all([owned, noOwner, noOwnerStopped, stopped]);
}, 300_000);

test('the demo shows each command before its output and holds', async () => {
  const { status, stdout } = await owned;
  expect(status).toBe(0);
  const at = [
    '$ nlbmc enable',
    'enabled.',
    '$ nlbmc join',
    'joined.',
    '$ nlbmc verify',
    'ready.',
  ].map((text) => stdout.indexOf(text));
  expect(at).toEqual([...at].sort((a, b) => a - b));
  expect(at).not.toContain(-1);
  expect(stdout).toContain('pri-eks-clu1: 3 tracked, 3 healthy');
  expect(stdout).toContain('sec-eks-clu1: 2 tracked, 2 healthy');
});

test('the demo without an owner joins both clusters to a load balancer that the AWS API made', async () => {
  const { status, stdout } = await noOwner;
  expect(status).toBe(0);
  const at = [
    '# load balancer shared is from the AWS API',
    '$ nlbmc join web --context eks-clu1 --load-balancer shared',
    'joined.',
    '$ nlbmc join web --context eks-clu2 --primary eks-clu1',
    'joined. eks-clu2',
    '$ nlbmc verify web --context eks-clu1,eks-clu2',
    'ready.',
    'eks-clu1: 2 tracked, 2 healthy',
    'eks-clu2: 2 tracked, 2 healthy',
  ].map((text) => stdout.indexOf(text));
  expect(at).toEqual([...at].sort((a, b) => a - b));
  expect(at).not.toContain(-1);
});

test('without an owner and with the second controller stopped, the demo fails and names the cluster', async () => {
  const { status, stdout } = await noOwnerStopped;
  expect(status).toBe(1);
  expect(stdout.slice(stdout.indexOf('The demo failed'))).toContain('nlbmc join');
  expect(stdout).toContain('Controller of eks-clu2 is not running');
});

test('with the controller of the second cluster stopped, the demo fails and names the cluster', async () => {
  const { status, stdout } = await stopped;
  expect(status).toBe(1);
  expect(stdout.slice(stdout.indexOf('The demo failed'))).toContain('sec-eks-clu1');
});
