import { P443, P80, created, service, services } from '../life.ts';

describe('updates', () => {
  test('a create owns what it says, as kubectl create does', () => {
    expect(services().update('kubectl-create', created).object?.metadata.managedFields).toEqual([
      {
        manager: 'kubectl-create',
        operation: 'Update',
        apiVersion: 'v1',
        time: '2026-01-01T01:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
          'f:spec': {
            'f:ports': { '.': {}, [P80]: { '.': {}, 'f:port': {}, 'f:protocol': {} } },
            'f:selector': {},
            'f:type': {},
          },
        },
      },
    ]);
  });

  test('a field goes to who changes it, and from everybody when it goes', () => {
    const life = services()
      .update('kubectl-create', created)
      .update('kubectl-edit', ({ spec, metadata }) => {
        spec.type = 'NodePort';
        metadata.annotations = { a: 'b' };
        delete metadata.labels;
      });
    expect(life.fieldsOf('kubectl-edit')).toEqual({
      'f:metadata': { 'f:annotations': { '.': {}, 'f:a': {} } },
      'f:spec': { 'f:type': {} },
    });
    expect(life.fieldsOf('kubectl-create')).not.toHaveProperty('f:metadata');
    expect(life.fieldsOf('kubectl-create')['f:spec']).not.toHaveProperty('f:type');
  });

  test('an item of a list by its keys: one port is not the other', () => {
    const life = services()
      .update('kubectl-create', created)
      .update('other', ({ spec }) => spec.ports.push({ port: 443, protocol: 'TCP' }));
    expect(life.fieldsOf('other')).toEqual({
      'f:spec': { 'f:ports': { [P443]: { '.': {}, 'f:port': {}, 'f:protocol': {} } } },
    });
    life.update('other', ({ spec }) => spec.ports.shift());
    expect(life.fieldsOf('kubectl-create')['f:spec']['f:ports']).toEqual({});
  });

  test('a write that changes nothing changes no owner and no time', () => {
    const life = services().update('kubectl-create', created);
    const before = life.object?.metadata.managedFields;
    life.update('other', () => {}).update('kubectl-create', () => {});
    expect(life.object?.metadata.managedFields).toEqual(before);
  });

  test('a manager that owns nothing any more is gone', () => {
    const life = services()
      .update('a', created)
      .update('b', ({ metadata }) => (metadata.finalizers = ['x', 'y']))
      .update('c', ({ metadata }) => delete metadata.finalizers);
    expect(life.owners.map(([manager]) => manager)).toEqual(['a']);
  });

  test('finalizers are owned one by one', () => {
    const life = services()
      .update('a', created)
      .update('b', ({ metadata }) => (metadata.finalizers = ['x', 'y']));
    expect(life.fieldsOf('b')).toEqual({
      'f:metadata': { 'f:finalizers': { '.': {}, 'v:"x"': {}, 'v:"y"': {} } },
    });
  });

  test('status is another manager, of the same name or not', () => {
    const life = services()
      .update('controller', created)
      .update(
        'controller',
        (object) => (object.status = { loadBalancer: { ingress: [{ hostname: 'h' }] } }),
        'status',
      );
    expect(life.object?.metadata.managedFields).toMatchObject([
      { manager: 'controller', fieldsV1: { 'f:spec': {} } },
      {
        manager: 'controller',
        subresource: 'status',
        fieldsV1: { 'f:status': { 'f:loadBalancer': { 'f:ingress': {} } } },
      },
    ]);
  });

  test('no more than ten updaters: the oldest two become ancient-changes', () => {
    const life = services().update('m0', created);
    for (let i = 1; i <= 10; i += 1) {
      life.update(`m${i}`, ({ metadata }) => (metadata.labels[`l${i}`] = 'x'));
    }
    const managers = life.owners.map(([manager]) => manager);
    expect(managers).toHaveLength(10);
    expect(managers).toContain('ancient-changes');
    expect(life.fieldsOf('ancient-changes')['f:metadata']['f:labels']).toMatchObject({
      'f:app': {},
      'f:l1': {},
    });
  });
});

describe('managedFields given by the writer', () => {
  test.each([[[]], [[{}]]])('%j forgets them, until the next apply', (given) => {
    const life = services()
      .update('a', created)
      .update('a', ({ metadata }) => (metadata.managedFields = given));
    expect(life.object?.metadata).not.toHaveProperty('managedFields');
    life.update('b', ({ metadata }) => (metadata.labels.x = 'y'));
    expect(life.owners).toEqual([]);
    life.apply('nlbmc', service({}, { labels: { z: '1' } }));
    expect(life.owners.map(([manager]) => manager)).toEqual(['nlbmc', 'before-first-apply']);
  });

  test('are kept where they can be read: kubectl makes an updater an applier this way', () => {
    const life = services().update('kubectl-client-side-apply', created);
    life.update('kubectl-client-side-apply', ({ metadata }) => {
      metadata.managedFields[0].operation = 'Apply';
      metadata.managedFields[0].manager = 'kubectl';
    });
    expect(life.owners.map(([manager, operation]) => [manager, operation])).toEqual([
      ['kubectl', 'Apply'],
    ]);
  });

  test('count for nothing where they cannot, or come by way of status', () => {
    const life = services().update('a', created);
    const before = life.object?.metadata.managedFields;
    life.update('a', ({ metadata }) => (metadata.managedFields = [{ manager: 'x' }]));
    expect(life.object?.metadata.managedFields).toEqual(before);
    life.update('a', ({ metadata }) => (metadata.managedFields = []), 'status');
    expect(life.object?.metadata.managedFields).toEqual(before);
  });
});
