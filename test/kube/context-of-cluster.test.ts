import { dump } from 'js-yaml';
import { contextsByCluster } from '../../src/kube/context-of-cluster.ts';
import { folder } from './small-server.ts';

let files: ReturnType<typeof folder>;
beforeEach(() => void (files = folder()));
afterEach(() => files.remove());

const arn = (name: string): string => `arn:aws:eks:us-east-1:123456789012:cluster/${name}`;
const token = (name: string): object => ({
  exec: {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    command: 'aws',
    args: ['--region', 'us-east-1', 'eks', 'get-token', '--cluster-name', name],
  },
});

/** The context that leads to cluster `blue` in a kubeconfig of these contexts: cluster entry, user. */
const contextOfBlue = (contexts: Readonly<Record<string, readonly [string, object]>>) =>
  contextsByCluster({
    env: {},
    kubeconfig: files.write(
      'config',
      dump({
        contexts: Object.entries(contexts).map(([name, [cluster]]) => ({
          name,
          context: { cluster, user: name },
        })),
        users: Object.entries(contexts).map(([name, [, user]]) => ({ name, user })),
      }),
    ),
  })('blue');

test.each([
  ['the ARN of its entry names it', { prod: [arn('blue'), {}] }, 'prod'],
  ['its credential plugin names it', { prod: ['some', token('blue')] }, 'prod'],
  ['the plugin is believed before the entry', { prod: [arn('green'), token('blue')] }, 'prod'],
  ['it is only called so', { blue: ['blue', {}] }, undefined],
  ['two contexts lead there', { a: [arn('blue'), {}], b: [arn('blue'), {}] }, undefined],
  ['another cluster has a longer name', { prod: [arn('blue-2'), {}] }, undefined],
] as const)('%s', (_, contexts, expected) => expect(contextOfBlue(contexts)).toBe(expected));
