import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { startSandbox } from '../../src/sandbox/server.ts';
import { giveRights, parseUser } from '../../src/sandbox/user-option.ts';
import { startCluster } from '../../src/sandbox/kube/cluster/start-cluster.ts';
import { Journal } from '../../src/sandbox/requests/journal.ts';
import { VirtualClock } from '../../src/sandbox/time/clock.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'nlbmc-user-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (text: string): string => {
  const path = join(folder, 'rights.yaml');
  writeFileSync(path, text);
  return path;
};

const ROLE = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader }
rules: [{ verbs: [get, list], apiGroups: [''], resources: [services] }]
`;

interface Config {
  readonly contexts: { name: string; context: { cluster: string; user: string } }[];
  readonly users: { name: string; user: { token: string } }[];
  readonly clusters: { name: string; cluster: { server: string } }[];
  readonly 'current-context': string;
}

test('a user has a context in every cluster, and the rights of the file there', async () => {
  const sandbox = await startSandbox({
    clock: new VirtualClock(),
    plainHttp: true,
    users: [parseUser(`app-team=${file(ROLE)}`)],
  });
  try {
    const config = load(readFileSync(sandbox.kubeconfig, 'utf8')) as Config;
    expect(config['current-context']).toBe('pri-eks-clu1');
    expect(config.contexts.map(({ name }) => name).sort()).toEqual([
      'app-team@pri-eks-clu1',
      'app-team@sec-eks-clu1',
      'pri-eks-clu1',
      'sec-eks-clu1',
    ]);
    for (const name of ['app-team@pri-eks-clu1', 'app-team@sec-eks-clu1']) {
      const { context } = config.contexts.find((one) => one.name === name)!;
      const { server } = config.clusters.find((one) => one.name === context.cluster)!.cluster;
      const { token } = config.users.find((one) => one.name === context.user)!.user;
      const status = async (path: string): Promise<number> => {
        const headers = { Authorization: `Bearer ${token}` };
        return (await fetch(`${server}/api/v1/${path}`, { headers })).status;
      };
      expect(await status('namespaces/default/services')).toBe(200);
      expect(await status('namespaces/default/pods')).toBe(403);
      expect(await status('namespaces/kube-system/services')).toBe(403);
    }
  } finally {
    await sandbox.stop();
  }
});

test('bindings of the file are taken as they are, and nothing is bound twice', () => {
  const { objects } = parseUser(
    `eve=${file(`${ROLE}---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: some }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
subjects: [{ kind: Group, name: readers }]
---
apiVersion: v1
kind: List
items:
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: { name: nodes }
    rules: []
`)}`,
  );
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'Role reader',
    'RoleBinding some',
    'ClusterRole nodes',
    'ClusterRoleBinding eve-nodes',
  ]);
});

test.each([
  ['app-team', 'has no file'],
  ['app-team=/nothing/there.yaml', 'cannot be read'],
  ['App_Team=x', 'has a name that cannot be'],
])('%s is refused', (text, why) => {
  expect(() => parseUser(text)).toThrow(why);
});

test.each([
  ['kind: Pod', 'has a file with a Pod'],
  ['', 'has a file without Roles'],
  ['a: [', 'cannot be read'],
])('a file that says %j is refused', (text, why) => {
  expect(() => parseUser(`eve=${file(text)}`)).toThrow(why);
});

test('a role that the API server refuses is refused in its words', () => {
  const clock = new VirtualClock();
  const cluster = startCluster({ name: 'pri', clock, journal: new Journal(clock) });
  const user = parseUser(`eve=${file(ROLE.replace('verbs: [get, list], ', ''))}`);
  expect(() => giveRights(cluster, user)).toThrow('verbs must contain at least one value');
});
