import { dump } from 'js-yaml';
import {
  binding,
  bindingDefinition,
  configMap,
  deployment,
  inside,
  pod,
  service,
  startApi,
} from './api.ts';
import type { Api } from './api.ts';
import { describeKubectl, kubectlFor } from './kubectl.ts';

let api: Api;
let kubectl: ReturnType<typeof kubectlFor>;
beforeEach(async () => {
  api = await startApi();
  api.cluster.create('customresourcedefinitions.apiextensions.k8s.io', bindingDefinition, inside);
  kubectl = kubectlFor(api);
});
afterEach(async () => {
  await api.close();
  kubectl.remove();
});

const documents = (...items: object[]) => items.map((item) => dump(item)).join('---\n');
function runPod(name: string, labels: Record<string, string>): void {
  const made = api.cluster.create('pods', pod(name, { nodeName: 'n1' }, { labels }), inside);
  const state = { running: { startedAt: made.metadata.creationTimestamp } };
  const container = { name: 'web', image: 'nginx', ready: true, restartCount: 0, state };
  const conditions = [{ type: 'Ready', status: 'True' }];
  const status = {
    phase: 'Running',
    podIP: '10.0.0.9',
    conditions,
    containerStatuses: [container],
  };
  api.cluster.update('pods', { ...made, status }, inside, 'status');
}

describeKubectl('kubectl reads', () => {
  test('get, get all, wide, yaml, jsonpath, by label and by field', async () => {
    const file = kubectl.file('app.yaml', documents(deployment('web'), service('web')));
    await kubectl.said('create', '-f', file);
    runPod('web-1', { app: 'web' });
    expect(await kubectl.said('get', 'svc', 'web')).toMatch(
      /^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\nweb +ClusterIP +172\.20\.\S+ +<none> +80\/TCP +0s$/,
    );
    const all = await kubectl.said('get', 'all');
    for (const name of ['pod/web-1', 'service/web', 'deployment.apps/web'])
      expect(all).toContain(name);
    expect(await kubectl.said('get', 'pods', '-o', 'wide')).toMatch(/10\.0\.0\.9 +n1/);
    expect(await kubectl.said('get', 'deploy', 'web', '-o', 'yaml')).toContain('maxSurge: 25%');
    const jsonpath = 'jsonpath={.items[*].metadata.name}';
    expect(await kubectl.said('get', 'pods', '-l', 'app in (web)', '-o', jsonpath)).toBe('web-1');
    expect(await kubectl.said('get', 'pods', '-l', 'app!=web', '-o', 'name')).toBe('');
    const field = 'spec.nodeName=n1';
    expect(await kubectl.said('get', 'pods', '--field-selector', field, '-o', 'name')).toBe(
      'pod/web-1',
    );
    expect(await kubectl.said('get', 'pods', '--sort-by=.metadata.name', '-o', 'name')).toBe(
      'pod/web-1',
    );
    expect(await kubectl.said('get', 'cm', '-A', '--chunk-size=1')).toBe('');
    const none = await kubectl.run('get', 'svc', 'nothing');
    expect([none.code, none.stderr]).toEqual([
      1,
      'Error from server (NotFound): services "nothing" not found\n',
    ]);
  });

  test('bindings with the columns of their definition', async () => {
    const spec = { targetGroupARN: 'arn:aws:elasticloadbalancing:x' };
    await kubectl.said(
      'create',
      '-f',
      kubectl.file('tgb.json', JSON.stringify(binding('web', spec))),
    );
    expect(await kubectl.said('get', 'targetgroupbindings')).toMatch(
      /^NAME +SERVICE-NAME +SERVICE-PORT +TARGET-TYPE +AGE\nweb +web +80 +ip +0s$/,
    );
    expect(await kubectl.said('get', 'targetgroupbindings', '-o', 'wide')).toContain(
      spec.targetGroupARN,
    );
  });

  test('describe, logs, explain, version, api-resources, auth can-i', async () => {
    await kubectl.said(
      'create',
      '-f',
      kubectl.file('app.yaml', documents(deployment('web'), service('web'))),
    );
    runPod('web-1', { app: 'web' });
    expect(await kubectl.said('describe', 'svc', 'web')).toMatch(/Type: +ClusterIP/);
    expect(await kubectl.said('describe', 'deploy', 'web')).toContain('25% max unavailable');
    expect(await kubectl.said('describe', 'pod', 'web-1')).toMatch(/Status: +Running/);
    api.cluster.podLogs = () =>
      ['one', 'two', 'three'].map((text) => ({ at: api.clock.date(), text }));
    expect(await kubectl.said('logs', 'web-1')).toBe('one\ntwo\nthree');
    expect(await kubectl.said('logs', 'deployment/web', '--tail=2')).toBe('two\nthree');
    const path = 'targetGroupBinding.spec.multiClusterTargetGroup';
    expect(await kubectl.said('explain', path)).toMatch(/FIELD: multiClusterTargetGroup <boolean>/);
    expect(await kubectl.said('explain', 'service.spec.ports')).toContain('targetPort');
    const version = await kubectl.run('version');
    expect(version.stdout).toContain('Server Version: v1.32.9-eks-113cf36');
    expect(version.stderr).not.toContain('skew');
    expect(await kubectl.said('api-resources')).toContain('elbv2.k8s.aws/v1beta1');
    api.cluster.access.deny({ verb: 'delete', resource: 'services' });
    expect(await kubectl.said('auth', 'can-i', 'get', 'services')).toBe('yes');
    expect((await kubectl.run('auth', 'can-i', 'delete', 'services')).stdout.trim()).toBe('no');
    const denied = await kubectl.run('delete', 'svc', 'web');
    expect(denied.stderr).toContain('Error from server (Forbidden): services "web" is forbidden');
  });

  test('what needs a process in the pod says that there is none', async () => {
    runPod('web-1', {});
    for (const [verb = '', ...rest] of [
      ['exec', '--', 'ls'],
      ['attach'],
      ['port-forward', '8080:80'],
    ]) {
      const { code, stderr } = await kubectl.run(verb, 'web-1', ...rest);
      expect(code).toBe(1);
      expect(stderr).toContain('nothing runs in the pods of a sandbox');
    }
  });

  test('-w shows each change', async () => {
    const watching = kubectl.start('get', 'cm', '-w', '-o', 'name');
    let seen = '';
    const upTo = (words: string): Promise<void> =>
      new Promise((resolve) => {
        watching.stdout.on('data', () => seen.includes(words) && resolve());
      });
    watching.stdout.on('data', (chunk) => (seen += chunk));
    const [first, second] = [upTo('configmap/a\n'), upTo('configmap/b\n')];
    api.cluster.create('configmaps', configMap('a', { namespace: 'default' }), inside);
    await first;
    api.cluster.create('configmaps', configMap('b', { namespace: 'default' }), inside);
    await second;
    watching.kill();
    expect(seen).toBe('configmap/a\nconfigmap/b\n');
  });
});
