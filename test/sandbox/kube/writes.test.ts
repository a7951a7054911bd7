import {
  CONFIGMAPS,
  configMap,
  deployment,
  DEPLOYMENTS,
  service,
  SERVICES,
  startApi,
} from './api.ts';
import type { Api } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const MERGE = 'application/merge-patch+json';

describe('a Service', () => {
  test('gets its defaults, an address and node ports', async () => {
    const spec = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' };
    const { status, body } = await api.ask('POST', SERVICES, { body: service('web', spec) });
    expect(status).toBe(201);
    expect(body.spec).toMatchObject({
      clusterIP: expect.stringMatching(/^172\.20\./),
      ipFamilies: ['IPv4'],
      sessionAffinity: 'None',
      ports: [{ port: 80, targetPort: 80, protocol: 'TCP', nodePort: expect.any(Number) }],
    });
    expect(body.spec.healthCheckNodePort).not.toBe(body.spec.ports[0].nodePort);
    const other = await api.ask('POST', SERVICES, { body: service('other', spec) });
    expect(other.body.spec.clusterIP).not.toBe(body.spec.clusterIP);
    expect(other.body.spec.ports[0].nodePort).not.toBe(body.spec.ports[0].nodePort);
  });

  test('keeps what it was given when replaced without it, and loses node ports with its type', async () => {
    const { body: made } = await api.ask('POST', SERVICES, {
      body: service('web', { type: 'NodePort' }),
    });
    const replaced = await api.ask('PUT', `${SERVICES}/web`, {
      body: service('web', { type: 'NodePort' }),
    });
    expect(replaced.body.spec).toEqual(made.spec);
    const plain = await api.ask('PATCH', `${SERVICES}/web`, {
      type: MERGE,
      body: { spec: { type: 'ClusterIP' } },
    });
    expect(plain.body.spec.clusterIP).toBe(made.spec.clusterIP);
    expect(plain.body.spec.ports[0].nodePort).toBeUndefined();
  });

  test.each([
    ['no ports', { ports: [] }, 'Service "web" is invalid: spec.ports: Required value'],
    [
      'two ports without names',
      { ports: [{ port: 80 }, { port: 81 }] },
      'Service "web" is invalid: [spec.ports[0].name: Required value, spec.ports[1].name: Required value]',
    ],
    [
      'a port out of range',
      { ports: [{ port: 70000 }] },
      'spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive',
    ],
    ['an unknown type', { type: 'Balanced' }, 'spec.type: Unsupported value: "Balanced"'],
  ])('is refused with %s', async (_, spec, words) => {
    const { status, body } = await api.ask('POST', SERVICES, { body: service('web', spec) });
    expect(status).toBe(422);
    expect(body.reason).toBe('Invalid');
    expect(body.message).toContain(words);
  });

  test('never changes its cluster address, and takes nobody else’s node port', async () => {
    const { body } = await api.ask('POST', SERVICES, {
      body: service('web', { type: 'NodePort' }),
    });
    const moved = await api.ask('PATCH', `${SERVICES}/web`, {
      type: MERGE,
      body: { spec: { clusterIP: '172.20.9.9', clusterIPs: ['172.20.9.9'] } },
    });
    expect(moved.body.message).toContain('may not change once set');
    const { nodePort } = body.spec.ports[0];
    const thief = service('thief', { type: 'NodePort', ports: [{ port: 80, nodePort }] });
    const taken = await api.ask('POST', SERVICES, { body: thief });
    expect(taken.body.message).toContain('provided port is already allocated');
  });
});

describe('a Deployment', () => {
  test('gets its defaults; its generation counts changes of the spec only', async () => {
    const { body } = await api.ask('POST', DEPLOYMENTS, { body: deployment('web') });
    expect(body.metadata.generation).toBe(1);
    expect(body.spec).toMatchObject({ replicas: 1, strategy: { type: 'RollingUpdate' } });
    const labelled = await api.ask('PATCH', `${DEPLOYMENTS}/web`, {
      type: MERGE,
      body: { metadata: { labels: { a: 'b' } } },
    });
    expect(labelled.body.metadata.generation).toBe(1);
    const scaled = await api.ask('PUT', `${DEPLOYMENTS}/web/scale`, {
      body: {
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: { name: 'web' },
        spec: { replicas: 4 },
      },
    });
    expect(scaled.body).toMatchObject({ kind: 'Scale', spec: { replicas: 4 } });
    const { body: after } = await api.ask('GET', `${DEPLOYMENTS}/web`);
    expect(after).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 4 } });
  });

  test('keeps its selector, which must select its own template', async () => {
    await api.ask('POST', DEPLOYMENTS, { body: deployment('web') });
    const other = deployment('web', { selector: { matchLabels: { app: 'other' } } });
    const { status, body } = await api.ask('PUT', `${DEPLOYMENTS}/web`, { body: other });
    expect(status).toBe(422);
    expect(body.message).toContain('field is immutable');
    expect(body.message).toContain('`selector` does not match template `labels`');
  });

  test('merges containers by name in a strategic patch', async () => {
    await api.ask('POST', DEPLOYMENTS, { body: deployment('web') });
    const containers = [{ name: 'side', image: 'envoy' }];
    const { body } = await api.ask('PATCH', `${DEPLOYMENTS}/web`, {
      type: 'application/strategic-merge-patch+json',
      body: { spec: { template: { spec: { containers } } } },
    });
    expect(body.spec.template.spec.containers.map((one: any) => one.name).sort()).toEqual([
      'side',
      'web',
    ]);
  });

  test('takes its status at its status endpoint only', async () => {
    await api.ask('POST', DEPLOYMENTS, { body: { ...deployment('web'), status: { replicas: 9 } } });
    const body = { spec: { replicas: 7 }, status: { readyReplicas: 1 } };
    await api.ask('PATCH', `${DEPLOYMENTS}/web/status`, { type: MERGE, body });
    const { body: seen } = await api.ask('GET', `${DEPLOYMENTS}/web`);
    expect(seen).toMatchObject({ spec: { replicas: 1 }, status: { readyReplicas: 1 } });
    expect(seen.status.replicas).toBeUndefined();
  });
});

describe('any write', () => {
  test('names must be fit to be names, in a namespace that is there', async () => {
    const bad = await api.ask('POST', CONFIGMAPS, { body: configMap('No_Good') });
    expect(bad.body.message).toContain('a lowercase RFC 1123 subdomain must consist of');
    const lost = await api.ask('POST', '/api/v1/namespaces/nowhere/configmaps', {
      body: configMap('a'),
    });
    expect(lost.status).toBe(404);
    expect(lost.body.message).toBe('namespaces "nowhere" not found');
    const nameless = await api.ask('POST', CONFIGMAPS, {
      body: { ...configMap(''), metadata: { generateName: 'some-' } },
    });
    expect(nameless.body.metadata.name).toMatch(/^some-[a-z0-9]{5}$/);
  });

  test('is refused with 409 for an old resourceVersion, and for a name that is taken', async () => {
    const { body: first } = await api.ask('POST', CONFIGMAPS, { body: configMap('a') });
    expect((await api.ask('POST', CONFIGMAPS, { body: configMap('a') })).body.reason).toBe(
      'AlreadyExists',
    );
    await api.ask('PUT', `${CONFIGMAPS}/a`, { body: { ...first, data: { key: 'new' } } });
    const stale = await api.ask('PUT', `${CONFIGMAPS}/a`, {
      body: { ...first, data: { key: 'late' } },
    });
    expect(stale.status).toBe(409);
    expect(stale.body.message).toBe(
      'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    );
    const body = { metadata: { resourceVersion: first.metadata.resourceVersion }, data: {} };
    expect((await api.ask('PATCH', `${CONFIGMAPS}/a`, { type: MERGE, body })).status).toBe(409);
    const unconditional = await api.ask('PUT', `${CONFIGMAPS}/a`, { body: configMap('a') });
    expect(unconditional.status).toBe(200);
  });

  test('that changes nothing keeps the resourceVersion', async () => {
    const { body: first } = await api.ask('POST', CONFIGMAPS, { body: configMap('a') });
    api.clock.advance(5_000);
    const { body: again } = await api.ask('PUT', `${CONFIGMAPS}/a`, { body: first });
    expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  test('with dryRun=All answers as if, and leaves everything as it was', async () => {
    const rehearsed = await api.ask('POST', `${SERVICES}?dryRun=All`, { body: service('web') });
    expect(rehearsed.status).toBe(201);
    expect(rehearsed.body.spec.clusterIP).toBeTruthy();
    expect((await api.ask('GET', `${SERVICES}/web`)).status).toBe(404);
    await api.ask('POST', SERVICES, { body: service('web') });
    const patch = { type: MERGE, body: { metadata: { labels: { a: 'b' } } } };
    const patched = await api.ask('PATCH', `${SERVICES}/web?dryRun=All`, patch);
    expect(patched.body.metadata.labels.a).toBe('b');
    await api.ask('DELETE', `${SERVICES}/web?dryRun=All`);
    const { body } = await api.ask('GET', `${SERVICES}/web`);
    expect(body.metadata.labels).toBeUndefined();
    const rehearsals = api.journal.entries.filter((entry) => entry.dryRun);
    expect(rehearsals.map((entry) => entry.mutating)).toEqual([false, false, false]);
    const odd = await api.ask('POST', `${SERVICES}?dryRun=Maybe`, { body: service('b') });
    expect(odd.body.message).toContain('Unsupported value: ["Maybe"]');
  });

  test('a DELETE with a body is judged by the body: dryRun in the query alone rehearses nothing', async () => {
    const options = { apiVersion: 'v1', kind: 'DeleteOptions' };
    await api.ask('POST', SERVICES, { body: service('web') });
    await api.ask('DELETE', `${SERVICES}/web`, { body: { ...options, dryRun: ['All'] } });
    expect((await api.ask('GET', `${SERVICES}/web`)).status).toBe(200);
    await api.ask('DELETE', `${SERVICES}/web?dryRun=All`, { body: options });
    expect((await api.ask('GET', `${SERVICES}/web`)).status).toBe(404);
  });

  test('must be what the path says, in a form that the server reads', async () => {
    const { body } = await api.ask('POST', CONFIGMAPS, { body: configMap('a') });
    expect((await api.ask('PUT', `${CONFIGMAPS}/b`, { body })).status).toBe(400);
    expect((await api.ask('POST', SERVICES, { body: configMap('c') })).status).toBe(400);
    expect((await api.ask('POST', CONFIGMAPS, { body: '{"kind":' })).status).toBe(400);
    expect((await api.ask('POST', CONFIGMAPS, { body: '<a/>', type: 'text/xml' })).status).toBe(
      415,
    );
    const huge = { ...configMap('huge'), data: { key: 'x'.repeat(1024 * 1024 + 1) } };
    const tooBig = await api.ask('POST', CONFIGMAPS, { body: huge });
    expect(tooBig.body.message).toContain('Too long: may not be more than 1048576 bytes');
    const enormous = { ...configMap('e'), data: { key: 'x'.repeat(4 * 1024 * 1024) } };
    expect((await api.ask('POST', CONFIGMAPS, { body: enormous })).status).toBe(413);
  });

  test('takes YAML as well as JSON', async () => {
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {key: value}\n';
    const { status } = await api.ask('POST', CONFIGMAPS, { body, type: 'application/yaml' });
    expect(status).toBe(201);
  });
});
