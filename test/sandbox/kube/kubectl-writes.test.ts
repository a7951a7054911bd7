import { dump } from 'js-yaml';
import { bindingDefinition, deployment, inside, pod, service, startApi } from './api.ts';
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
const get = (resource: string, name: string) => api.cluster.get(resource, 'default', name);

describeKubectl('kubectl writes', () => {
  test('apply once, twice and changed', async () => {
    const write = (replicas: number) =>
      kubectl.file('app.yaml', documents(deployment('web', { replicas }), service('web')));
    const created = 'deployment.apps/web created\nservice/web created';
    expect(await kubectl.said('apply', '-f', write(1))).toBe(created);
    const unchanged = 'deployment.apps/web unchanged\nservice/web unchanged';
    expect(await kubectl.said('apply', '-f', write(1))).toBe(unchanged);
    const configured = 'deployment.apps/web configured\nservice/web unchanged';
    expect(await kubectl.said('apply', '-f', write(2))).toBe(configured);
    expect(get('deployments.apps', 'web')!.spec.replicas).toBe(2);
  });

  test('a manifest of kind List, each item checked by the server', async () => {
    const list = (...items: object[]) =>
      kubectl.file('list.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const both = list(deployment('web', { replicas: 1 }), service('web'));
    const created = 'deployment.apps/web created\nservice/web created';
    expect(await kubectl.said('apply', '-f', both)).toBe(created);
    const unchanged = 'deployment.apps/web unchanged\nservice/web unchanged';
    expect(await kubectl.said('apply', '-f', both)).toBe(unchanged);
    const wrong = await kubectl.run('apply', '-f', list(service('other', { colour: 'red' })));
    expect(wrong.stderr).toContain('unknown field "spec.colour"');
    expect(get('services', 'other')).toBeUndefined();
  });

  test('apply --server-side says whose field it is, and takes it when forced', async () => {
    const file = kubectl.file('app.yaml', JSON.stringify(deployment('web', { replicas: 1 })));
    const apply = ['apply', '--server-side', '-f', file];
    expect(await kubectl.said(...apply)).toBe('deployment.apps/web serverside-applied');
    await kubectl.said('scale', 'deploy', 'web', '--replicas=5');
    const refused = await kubectl.run(...apply, '--field-manager=other');
    expect(refused.stderr).toContain('conflict');
    expect(refused.stderr).toContain('.spec.replicas');
    expect(get('deployments.apps', 'web')!.spec.replicas).toBe(5);
    await kubectl.said(...apply, '--field-manager=other', '--force-conflicts');
    expect(get('deployments.apps', 'web')!.spec.replicas).toBe(1);
  });

  test('patch in all three types, label, annotate, set image, rollout restart', async () => {
    await kubectl.said(
      'create',
      '-f',
      kubectl.file('app.yaml', documents(deployment('web'), service('web'))),
    );
    await kubectl.said(
      'patch',
      'svc',
      'web',
      '-p',
      '{"spec":{"ports":[{"port":81,"name":"b"},{"port":80,"name":"a"}]}}',
    );
    expect(get('services', 'web')!.spec.ports).toHaveLength(2);
    await kubectl.said(
      'patch',
      'svc',
      'web',
      '--type=merge',
      '-p',
      '{"metadata":{"annotations":{"a":"b"}}}',
    );
    const operations = '[{"op":"replace","path":"/metadata/annotations/a","value":"c"}]';
    await kubectl.said('patch', 'svc', 'web', '--type=json', '-p', operations);
    expect(get('services', 'web')!.metadata.annotations).toEqual({ a: 'c' });
    await kubectl.said('label', 'svc', 'web', 'tier=front');
    await kubectl.said('annotate', 'svc', 'web', 'a-');
    expect(get('services', 'web')!.metadata).toMatchObject({ labels: { tier: 'front' } });
    await kubectl.said('set', 'image', 'deploy/web', 'web=nginx:1.28');
    await kubectl.said('rollout', 'restart', 'deploy/web');
    const { template } = get('deployments.apps', 'web')!.spec;
    expect(template.spec.containers[0].image).toBe('nginx:1.28');
    expect(Object.keys(template.metadata.annotations)).toEqual([
      'kubectl.kubernetes.io/restartedAt',
    ]);
    const wrong = await kubectl.run('patch', 'targetgroupbinding', 'web', '-p', '{}');
    expect(wrong.code).toBe(1);
  });

  test('what kubectl generates: namespace, configmap, deployment, service, pod, expose', async () => {
    await kubectl.said('create', 'namespace', 'shop');
    await kubectl.said('create', 'cm', 'settings', '--from-literal=a=b', '-n', 'shop');
    expect(api.cluster.get('configmaps', 'shop', 'settings')!.data).toEqual({ a: 'b' });
    await kubectl.said('create', 'deployment', 'web', '--image=nginx', '--replicas=0', '--port=80');
    expect(get('deployments.apps', 'web')!.spec).toMatchObject({
      replicas: 0,
      template: { spec: { containers: [{ image: 'nginx', ports: [{ containerPort: 80 }] }] } },
    });
    await kubectl.said('create', 'service', 'nodeport', 'web', '--tcp=80:8080');
    expect(get('services', 'web')!.spec.ports[0]).toMatchObject({ port: 80, targetPort: 8080 });
    await kubectl.said('expose', 'deployment', 'web', '--name=again', '--port=80');
    await kubectl.said('run', 'one', '--image=nginx');
    expect(get('pods', 'one')!.status.phase).toBe('Pending');
    const secret = await kubectl.run('create', 'secret', 'generic', 'x', '--from-literal=a=b');
    expect(secret.stderr).toContain('could not find the requested resource');
  });

  test('--dry-run=server and a field that is unknown change nothing', async () => {
    const file = kubectl.file('svc.json', JSON.stringify(service('web')));
    expect(await kubectl.said('create', '--dry-run=server', '-f', file)).toBe(
      'service/web created (server dry run)',
    );
    await kubectl.said('apply', '--server-side', '--dry-run=server', '-f', file);
    const wrong = kubectl.file('wrong.json', JSON.stringify(service('web', { colour: 'red' })));
    expect((await kubectl.run('apply', '-f', wrong)).stderr).toContain(
      'unknown field "spec.colour"',
    );
    expect(get('services', 'web')).toBeUndefined();
    expect(
      api.journal.entries.filter(
        (one) => one.mutating && one.source === 'http' && one.status < 300,
      ),
    ).toEqual([]);
  });

  test('drain takes the pods off a node', async () => {
    api.cluster.create(
      'nodes',
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } },
      inside,
    );
    api.cluster.create('pods', pod('web', { nodeName: 'n1' }), inside);
    const drained = kubectl.said('drain', 'n1', '--force', '--grace-period=0', '--timeout=20s');
    expect(await drained).toContain('node/n1 drained');
    expect(get('pods', 'web')).toBeUndefined();
    expect(api.cluster.get('nodes', '', 'n1')!.spec.unschedulable).toBe(true);
  });

  test('delete waits until it is gone, wait until a condition holds', async () => {
    const held = service('web', {}, { finalizers: ['a/b'] });
    await kubectl.said('create', '-f', kubectl.file('svc.json', JSON.stringify(held)));
    const release = api.cluster.onChange('services', ({ object }) => {
      if (!object.metadata.deletionTimestamp || !object.metadata.finalizers?.length) return;
      const patch = { type: 'merge', body: { metadata: { finalizers: null } } } as const;
      api.cluster.patch('services', 'default', 'web', patch, inside);
    });
    expect(await kubectl.said('delete', 'svc', 'web')).toBe('service "web" deleted');
    release();
    expect(get('services', 'web')).toBeUndefined();

    const waiting = kubectl.said('wait', '--for=condition=Ready', 'pod/late', '--timeout=20s');
    api.cluster.create('pods', pod('late', { nodeName: 'n1' }), inside);
    const made = get('pods', 'late')!;
    const status = { ...made.status, conditions: [{ type: 'Ready', status: 'True' }] };
    api.cluster.update('pods', { ...made, status }, inside, 'status');
    expect(await waiting).toBe('pod/late condition met');
    const path = '--for=jsonpath={.status.phase}=Pending';
    expect(await kubectl.said('wait', path, 'pod/late', '--timeout=20s')).toBe(
      'pod/late condition met',
    );
  });
});
