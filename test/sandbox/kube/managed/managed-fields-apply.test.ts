import { P80, created, refusal, service, services } from '../life.ts';

describe('server-side apply', () => {
  const config = service({ ports: [{ port: 80, targetPort: 8080 }] }, { labels: { app: 'a' } });

  test('creates, and owns no more than it sent', () => {
    const life = services().apply('nlbmc', config);
    expect(life.object).toMatchObject(config);
    expect(life.owners).toEqual([
      [
        'nlbmc',
        'Apply',
        {
          'f:metadata': { 'f:labels': { 'f:app': {} } },
          'f:spec': { 'f:ports': { [P80]: { '.': {}, 'f:port': {}, 'f:targetPort': {} } } },
        },
      ],
    ]);
  });

  test('the same again: nothing changes, the time neither', () => {
    const life = services().apply('nlbmc', config);
    const before = structuredClone(life.object);
    expect(life.apply('nlbmc', config).object).toEqual(before);
  });

  test('a field no longer sent is removed, with its map when that is empty', () => {
    const life = services()
      .apply('nlbmc', config)
      .apply('nlbmc', service({ ports: [{ port: 80 }] }));
    expect(life.object?.metadata).not.toHaveProperty('labels');
    expect(life.object?.spec).toEqual({ ports: [{ port: 80 }] });
    expect(life.timeOf('nlbmc')).toBe('2026-01-01T02:00:00Z');
  });

  test('unless another owns it, or a part of it', () => {
    const { spec: _, ...bare } = service({});
    const life = services()
      .apply('nlbmc', config)
      .apply('helm', service({ ports: [{ port: 80, targetPort: 8080 }] }))
      .update('someone', ({ metadata }) => (metadata.labels.mine = '1'))
      .apply('nlbmc', bare);
    expect(life.object?.spec).toEqual({ ports: [{ port: 80, targetPort: 8080 }] });
    expect(life.object?.metadata.labels).toEqual({ mine: '1' });
    expect(life.owners.map(([manager]) => manager)).toEqual(['helm', 'someone']);
  });

  test('a list item goes when its last owner leaves it out, with fields that nobody owns', () => {
    const both = service({ ports: [{ port: 80 }, { port: 443, name: 'https' }] });
    const life = services()
      .apply('nlbmc', both)
      .apply('nlbmc', service({ ports: [{ port: 80 }] }));
    expect(life.object?.spec.ports).toEqual([{ port: 80 }]);
  });

  test('a conflict is refused in the words of the server, one cause per field', () => {
    const life = services().update('kubectl-create', created);
    const wanted = service({ type: 'LoadBalancer', selector: { app: 'other' } });
    expect(refusal(() => life.apply('nlbmc', wanted))).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      reason: 'Conflict',
      code: 409,
      message: [
        'Apply failed with 2 conflicts: conflicts with "kubectl-create" using v1:',
        '- .spec.selector',
        '- .spec.type',
      ].join('\n'),
      details: {
        causes: ['.spec.selector', '.spec.type'].map((field) => ({
          reason: 'FieldManagerConflict',
          message: 'conflict with "kubectl-create" using v1',
          field,
        })),
      },
    });
  });

  test('one conflict is told in one line; an applier has no version, a subresource is named', () => {
    const life = services().apply('helm', service({ type: 'NodePort' }));
    const wanted = service({ type: 'LoadBalancer' });
    expect(refusal(() => life.apply('nlbmc', wanted)).message).toBe(
      'Apply failed with 1 conflict: conflict with "helm": .spec.type',
    );
    const other = services()
      .update('a', created)
      .update('b', ({ spec }) => (spec.ports[0].nodePort = 30000), 'scale');
    expect(
      refusal(() => other.apply('nlbmc', service({ ports: [{ port: 80, nodePort: 30001 }] })))
        .message,
    ).toBe(
      'Apply failed with 1 conflict: conflict with "b" with subresource "scale" using v1: .spec.ports[port=80,protocol="TCP"].nodePort',
    );
  });

  test('the same value is no conflict: both own it', () => {
    const life = services()
      .apply('helm', service({ type: 'NodePort' }))
      .apply('nlbmc', service({ type: 'NodePort' }));
    expect(life.fieldsOf('helm')).toEqual(life.fieldsOf('nlbmc'));
  });

  test('force takes the field from its owner', () => {
    const life = services()
      .update('kubectl-create', created)
      .apply('nlbmc', service({ type: 'LoadBalancer' }), true);
    expect(life.object?.spec.type).toBe('LoadBalancer');
    expect(life.fieldsOf('nlbmc')).toEqual({ 'f:spec': { 'f:type': {} } });
    expect(life.fieldsOf('kubectl-create')['f:spec']).not.toHaveProperty('f:type');
  });

  test('status in the config of the object itself is not owned', () => {
    const life = services().apply('nlbmc', { ...config, status: { loadBalancer: {} } });
    expect(life.fieldsOf('nlbmc')).not.toHaveProperty('f:status');
  });

  test('name, namespace, uid and the like are nobody’s', () => {
    const { spec: _, ...named } = service({}, { uid: '1', resourceVersion: '5' });
    expect(services().apply('nlbmc', named).owners).toEqual([]);
  });

  test.each([
    [
      service({ foo: 1 }),
      500,
      'failed to create typed patch object (default/nginx; /v1, Kind=Service): .spec.foo: field not declared in schema',
    ],
    [
      service({ ports: [{ port: '80' }] }),
      500,
      'failed to create typed patch object (default/nginx; /v1, Kind=Service): .spec.ports[port="80",protocol="TCP"].port: expected numeric (int or float), got string',
    ],
    [
      service({ type: 1 }),
      500,
      'failed to create typed patch object (default/nginx; /v1, Kind=Service): .spec.type: expected string, got &value.valueUnstructured{Value:1}',
    ],
    [
      service({ ports: [{ port: 80 }, { port: 80, protocol: 'TCP' }] }),
      500,
      'failed to create typed patch object (default/nginx; /v1, Kind=Service): .spec.ports: duplicate entries for key [port=80,protocol="TCP"]',
    ],
    [service({}, { managedFields: [] }), 400, 'metadata.managedFields must be nil'],
    [{ ...service({}), apiVersion: 'v2' }, 400, 'invalid object type: /v2, Kind=Service'],
  ])('%j is refused', (wanted, code, message) => {
    expect(refusal(() => services().apply('nlbmc', wanted))).toMatchObject({ code, message });
  });

  test('kubectl takes over what it applied on the client side, and nothing that changed since', () => {
    const applied = service({ type: 'ClusterIP', sessionAffinity: 'None' });
    const LAST = 'kubectl.kubernetes.io/last-applied-configuration';
    const start = () =>
      services().update('kubectl-client-side-apply', (object) => {
        Object.assign(object, structuredClone(applied));
        object.metadata.annotations = { [LAST]: JSON.stringify(applied) };
      });
    const wanted = service({ type: 'NodePort', sessionAffinity: 'None' });
    const life = start().apply('kubectl', wanted);
    expect(life.object?.spec.type).toBe('NodePort');
    expect(JSON.parse(life.object?.metadata.annotations?.[LAST] ?? '')).toEqual(wanted);

    const touched = start().update('hpa', ({ spec }) => (spec.type = 'LoadBalancer'));
    expect(refusal(() => touched.apply('kubectl', wanted)).message).toBe(
      'Apply failed with 1 conflict: conflict with "hpa" using v1: .spec.type',
    );
    expect(refusal(() => start().apply('other', wanted)).code).toBe(409);
  });
});
