import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const demo = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/demo.js', ...args], {
    cwd: root,
    encoding: 'utf8',
    timeout: 300_000,
  });

test('the demo shows each command before its output and holds', () => {
  const { status, stdout } = demo();
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

test('the demo without an owner joins both clusters to a load balancer that the AWS API made', () => {
  const { status, stdout } = demo('--no-owner');
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

test('without an owner and with the second controller stopped, the demo fails and names the cluster', () => {
  const { status, stdout } = demo('--no-owner', '--stop-controller', 'eks-clu2');
  expect(status).toBe(1);
  expect(stdout.slice(stdout.indexOf('The demo failed'))).toContain('nlbmc join');
  expect(stdout).toContain('Controller of eks-clu2 is not running');
});

test('with the controller of the second cluster stopped, the demo fails and names the cluster', () => {
  const { status, stdout } = demo('--stop-controller', 'sec-eks-clu1');
  expect(status).toBe(1);
  expect(stdout.slice(stdout.indexOf('The demo failed'))).toContain('sec-eks-clu1');
});
