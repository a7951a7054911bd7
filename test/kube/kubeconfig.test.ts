import { delimiter, join } from 'node:path';
import { ProblemError } from '../../src/core/model/problem.ts';
import { connectClusters } from '../../src/kube/connect.ts';
import { loadKubeconfig } from '../../src/kube/kubeconfig.ts';
import { kubeOptions } from './kube-options.ts';
import { folder } from './small-server.ts';

let files: ReturnType<typeof folder>;
beforeEach(() => void (files = folder()));
afterEach(() => files.remove());

const config = (name: string, o: { server: string; current?: string; user?: string }): string =>
  files.write(
    `${name}.yaml`,
    `apiVersion: v1
kind: Config
current-context: ${o.current ?? '""'}
contexts:
- name: ${name}
  context: {cluster: ${name}, user: shared, namespace: ${name}-ns}
clusters:
- name: ${name}
  cluster: {server: "${o.server}", certificate-authority: ca.crt}
users:
- name: shared
  user: {${o.user ?? 'token: t'}}
`,
  );

const refusal = async (work: () => unknown): Promise<ProblemError> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('it was accepted');
};

test('KUBECONFIG is a list: what is missing is skipped, the first to say something wins', async () => {
  const a = config('a', { server: 'https://a.example', user: 'token: from-a' });
  const b = config('b', { server: 'https://b.example/', current: 'b', user: 'token: from-b' });
  const KUBECONFIG = [a, join(files.path, 'nowhere'), b].join(delimiter);
  const merged = loadKubeconfig({ env: { KUBECONFIG } });
  expect(merged.users.get('shared')).toEqual({ token: 'from-a' });
  expect(merged.currentContext).toBe('b');
  expect(merged.clusters.get('b')).toMatchObject({
    'certificate-authority': join(files.path, 'ca.crt'),
  });
  const clients = await connectClusters(['a', 'b'], kubeOptions({ env: { KUBECONFIG } }));
  expect(clients.map(({ context, server, namespace }) => [context, server, namespace])).toEqual([
    ['a', 'https://a.example', 'a-ns'],
    ['b', 'https://b.example', 'b-ns'],
  ]);
  const [current] = await connectClusters([], kubeOptions({ env: { KUBECONFIG } }));
  expect(current?.context).toBe('b');
});

test('the flag wins over KUBECONFIG, and HOME is the last place', () => {
  const a = config('a', { server: 'https://a.example' });
  const b = config('b', { server: 'https://b.example' });
  const flagged = loadKubeconfig({ kubeconfig: a, env: { KUBECONFIG: b } });
  expect([...flagged.contexts.keys()]).toEqual(['a']);
});

test.each([
  ['the flag', () => ({ kubeconfig: join(files.path, 'nope'), env: {} })],
  ['the list', () => ({ env: { KUBECONFIG: join(files.path, 'nope') } })],
  ['HOME', () => ({ env: { HOME: files.path } })],
])('says where it looked when there is no kubeconfig: %s', async (_, place) => {
  const { problem, exit } = await refusal(() => loadKubeconfig(place()));
  expect(problem).toMatchObject({ code: 'kubeconfig-unreadable' });
  expect(problem.message).toContain(files.path);
  expect(exit).toBe(2);
});

test('a file that is not YAML is named with its line, and none of its secrets', async () => {
  const bad = files.write('bad.yaml', 'users:\n- name: x\n  user: {token: s3cr3t\n');
  const { problem } = await refusal(() => loadKubeconfig({ kubeconfig: bad, env: {} }));
  expect(problem.message).toMatch(/bad\.yaml.*line \d/);
  expect(JSON.stringify(problem)).not.toContain('s3cr3t');
});

test('an unknown context is answered with those there are', async () => {
  const kubeconfig = config('a', { server: 'https://a.example' });
  const { problem } = await refusal(() => connectClusters(['typo'], kubeOptions({ kubeconfig })));
  expect(problem).toMatchObject({ code: 'context-unknown', details: ['context: a'] });
  const none = await refusal(() => connectClusters([], kubeOptions({ kubeconfig })));
  expect(none.problem.code).toBe('context-unknown');
});

test.each([
  ['no such cluster', 'contexts: [{name: a, context: {cluster: gone, user: u}}]', /cluster "gone"/],
  [
    'no such user',
    'contexts: [{name: a, context: {cluster: c, user: gone}}]\nclusters: [{name: c, cluster: {server: "https://c"}}]',
    /user "gone"/,
  ],
  [
    'no URL',
    'contexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: "c:6443"}}]',
    /c:6443/,
  ],
])(
  'a context that leads nowhere is refused before anything is sent: %s',
  async (_, text, words) => {
    const kubeconfig = files.write('config', text);
    const { problem } = await refusal(() => connectClusters(['a'], kubeOptions({ kubeconfig })));
    expect(problem.code).toBe('kubeconfig-unreadable');
    expect(problem.message).toMatch(words);
  },
);
