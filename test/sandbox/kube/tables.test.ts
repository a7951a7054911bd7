import { binding, bindingDefinition, deployment, inside, pod, service, startApi } from './api.ts';
import type { Api } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const Accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

/** The rows of a Table as kubectl prints them: by header, wide ones too. */
async function rows(path: string): Promise<Record<string, unknown>[]> {
  const { body } = await api.ask('GET', path, { headers: { Accept } });
  expect(body.kind).toBe('Table');
  const names: string[] = body.columnDefinitions.map((column: any) => column.name);
  return body.rows.map((row: any) =>
    Object.fromEntries(names.map((name, i) => [name, row.cells[i]])),
  );
}

test('Services: address, pending and published load balancers, ports', async () => {
  const spec = { type: 'LoadBalancer', ports: [{ port: 80 }] };
  const made = api.cluster.create(
    'services',
    service('web', spec, { namespace: 'default' }),
    inside,
  );
  api.clock.advance(65_000);
  const [, pending] = await rows('/api/v1/services');
  expect(pending).toMatchObject({
    Name: 'web',
    Type: 'LoadBalancer',
    'External-IP': '<pending>',
    'Port(s)': `80:${made.spec.ports[0].nodePort}/TCP`,
    Age: '65s',
    Selector: 'app=web',
  });
  const status = { loadBalancer: { ingress: [{ hostname: 'nlb.example.com' }] } };
  api.cluster.update('services', { ...made, status }, inside, 'status');
  expect((await rows('/api/v1/services'))[1]!['External-IP']).toBe('nlb.example.com');
});

test('Pods: ready containers, why they wait, restarts, readiness gates, leaving', async () => {
  const gate = 'target-health.elbv2.k8s.aws/web';
  const spec = { nodeName: 'n1', readinessGates: [{ conditionType: gate }] };
  const made = api.cluster.create('pods', pod('web', spec), inside);
  const show = async (status: object) => {
    api.cluster.update(
      'pods',
      { ...made, metadata: { ...made.metadata, resourceVersion: '' }, status },
      inside,
      'status',
    );
    return (await rows('/api/v1/pods'))[0]!;
  };
  const container = { name: 'web', ready: false, restartCount: 0 };
  const waiting = { ...container, state: { waiting: { reason: 'ContainerCreating' } } };
  expect(await show({ phase: 'Pending', containerStatuses: [waiting] })).toMatchObject({
    Ready: '0/1',
    Status: 'ContainerCreating',
    'Readiness Gates': '0/1',
    IP: '<none>',
  });
  const running = { ...container, ready: true, restartCount: 2, state: { running: {} } };
  const conditions = [{ type: gate, status: 'True' }];
  const up = { phase: 'Running', podIP: '10.0.0.9', conditions, containerStatuses: [running] };
  expect(await show(up)).toMatchObject({
    Ready: '1/1',
    Status: 'Running',
    Restarts: '2',
    IP: '10.0.0.9',
    Node: 'n1',
    'Readiness Gates': '1/1',
  });
  api.cluster.delete('pods', 'default', 'web', inside);
  expect((await rows('/api/v1/pods'))[0]!.Status).toBe('Terminating');
});

test('Deployments, Nodes, Namespaces, ConfigMaps, EndpointSlices, Events', async () => {
  const made = deployment('web', { replicas: 3 });
  const created = api.cluster.create(
    'deployments.apps',
    { ...made, metadata: { ...made.metadata, namespace: 'default' } },
    inside,
  );
  const status = { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 2 };
  api.cluster.update('deployments.apps', { ...created, status }, inside, 'status');
  expect((await rows('/apis/apps/v1/deployments'))[0]).toMatchObject({
    Ready: '2/3',
    'Up-to-date': 3,
    Available: 2,
    Images: 'nginx:1.27',
  });
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1' },
    spec: { unschedulable: true },
    status: {
      conditions: [{ type: 'Ready', status: 'True' }],
      addresses: [{ type: 'InternalIP', address: '10.0.0.4' }],
      nodeInfo: { kubeletVersion: 'v1.34.0' },
    },
  };
  api.cluster.create('nodes', node, inside);
  expect((await rows('/api/v1/nodes'))[0]).toMatchObject({
    Status: 'Ready,SchedulingDisabled',
    Roles: '<none>',
    Version: 'v1.34.0',
    'Internal-IP': '10.0.0.4',
  });
  expect((await rows('/api/v1/namespaces'))[0]).toMatchObject({
    Name: 'default',
    Status: 'Active',
  });
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-1', namespace: 'default' },
    addressType: 'IPv4',
    ports: [{ port: 80 }],
    endpoints: ['1', '2', '3', '4'].map((n) => ({ addresses: [`10.0.0.${n}`] })),
  };
  api.cluster.create('endpointslices.discovery.k8s.io', slice, inside);
  expect((await rows('/apis/discovery.k8s.io/v1/endpointslices'))[0]).toMatchObject({
    Ports: '80',
    Endpoints: '10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...',
  });
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e', namespace: 'default' },
    involvedObject: { kind: 'Pod', name: 'web' },
    type: 'Warning',
    reason: 'Odd',
    message: 'strange\n',
    lastTimestamp: api.clock.date().toISOString(),
  };
  api.cluster.create('events', event, inside);
  api.clock.advance(11 * 60_000);
  expect((await rows('/api/v1/events'))[0]).toMatchObject({
    'Last Seen': '11m',
    Object: 'pod/web',
    Reason: 'Odd',
    Message: 'strange',
  });
});

test('custom objects: the columns that their definition asks for', async () => {
  api.cluster.create('customresourcedefinitions.apiextensions.k8s.io', bindingDefinition, inside);
  const spec = { targetGroupARN: 'arn:aws:x', serviceRef: { name: 'web', port: 'http' } };
  api.cluster.create('targetgroupbindings.elbv2.k8s.aws', binding('web', spec), inside);
  api.clock.advance(26 * 3_600_000);
  expect(await rows('/apis/elbv2.k8s.aws/v1beta1/targetgroupbindings')).toEqual([
    {
      Name: 'web',
      'SERVICE-NAME': 'web',
      'SERVICE-PORT': 'http',
      'TARGET-TYPE': 'ip',
      ARN: 'arn:aws:x',
      AGE: '26h',
    },
  ]);
});

const get = async (query: string) =>
  (await api.ask('GET', `/api/v1/services${query}`, { headers: { Accept } })).body.rows[0].object;

test('rows carry metadata, the whole object, or nothing, as asked', async () => {
  expect((await get('')).kind).toBe('PartialObjectMetadata');
  expect((await get('?includeObject=Object')).spec.clusterIP).toBeTruthy();
  expect(await get('?includeObject=None')).toBeUndefined();
});

test('a form that the server has not is 406', async () => {
  const headers = { Accept: 'application/vnd.kubernetes.protobuf' };
  const { status, body } = await api.ask('GET', '/api/v1/services', { headers });
  expect(status).toBe(406);
  expect(body.message).toContain('only the following media types are accepted');
  const partial = { Accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' };
  const list = await api.ask('GET', '/api/v1/services', { headers: partial });
  expect(list.body.kind).toBe('PartialObjectMetadataList');
  expect(list.body.items[0].spec).toBeUndefined();
});
