import { strategicPatch } from '../../../../src/sandbox/kube/patch/strategic.ts';
import { builtinSchema } from '../../../../src/sandbox/kube/schema/builtin.ts';
import { StatusError } from '../../../../src/sandbox/kube/status-error.ts';

const http = { name: 'http', port: 80, protocol: 'TCP', targetPort: 80 };
const https = { name: 'https', port: 443, protocol: 'TCP', targetPort: 443 };

function service(spec: object, metadata: object = {}) {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', ...metadata }, spec };
}

const container = (env: object[], image = 'a') => ({
  spec: { template: { spec: { containers: [{ name: 'app', image, env }, { name: 'side' }] } } },
});

function patched(target: object, patch: object, kind = 'Service') {
  const before = structuredClone(target);
  const result: any = strategicPatch<unknown>(target, patch, builtinSchema(kind)!);
  expect(target).toEqual(before);
  return result;
}

describe('lists with a merge key', () => {
  const two = service({ ports: [http, https] });

  test.each([
    [
      'an item is changed',
      [{ port: 443, targetPort: 8443 }],
      [{ ...https, targetPort: 8443 }, http],
    ],
    ['an item is added in front', [{ port: 81 }], [{ port: 81 }, http, https]],
    ['an item is deleted', [{ port: 80, $patch: 'delete' }], [https]],
    ['the list is replaced', [{ $patch: 'replace' }, { port: 1 }], [{ port: 1 }]],
    ['the list is left alone', [], [http, https]],
  ])('%s', (_, ports, expected) => {
    const result = patched(two, { spec: { ports } }).spec.ports;
    expect(result).toHaveLength(expected.length);
    expect(result).toEqual(expect.arrayContaining(expected));
  });

  test('null removes the list', () => {
    expect(patched(two, { spec: { ports: null } }).spec).toEqual({});
  });

  test('$setElementOrder orders, as a second kubectl apply sends it', () => {
    const patch = {
      spec: {
        '$setElementOrder/ports': [{ port: 443 }, { port: 81 }, { port: 80 }],
        ports: [{ port: 81, name: 'more' }],
      },
    };
    expect(patched(two, patch).spec.ports).toEqual([https, { port: 81, name: 'more' }, http]);
  });

  test('$setElementOrder with deletion', () => {
    const patch = {
      spec: {
        '$setElementOrder/ports': [{ port: 443 }],
        ports: [{ $patch: 'delete', port: 80 }],
      },
    };
    expect(patched(two, patch).spec.ports).toEqual([https]);
  });

  test('items that the order does not name keep their place among the others', () => {
    const three = service({ ports: [{ port: 1 }, { port: 2 }, { port: 3 }] });
    const patch = { spec: { '$setElementOrder/ports': [{ port: 3 }, { port: 1 }] } };
    expect(patched(three, patch).spec.ports).toEqual([{ port: 2 }, { port: 3 }, { port: 1 }]);
  });

  test('nested: a container by name, its variables by name', () => {
    const live = container([
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ]);
    const patch = {
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: 'app',
                image: 'b',
                env: [
                  { name: 'B', value: '3' },
                  { name: 'C', value: '4' },
                ],
              },
            ],
          },
        },
      },
    };
    const [app, side] = patched(live, patch, 'Deployment').spec.template.spec.containers;
    expect(app).toMatchObject({ name: 'app', image: 'b' });
    expect(new Map(app.env.map((one: any) => [one.name, one.value]))).toEqual(
      new Map([
        ['A', '1'],
        ['B', '3'],
        ['C', '4'],
      ]),
    );
    expect(side).toEqual({ name: 'side' });
  });
});

describe('other rules', () => {
  test('finalizers are a set, and $deleteFromPrimitiveList takes some out', () => {
    const live = service({}, { finalizers: ['a', 'b'] });
    expect(
      patched(live, { metadata: { finalizers: ['b', 'c'] } }).metadata.finalizers.sort(),
    ).toEqual(['a', 'b', 'c']);
    const removal = { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } };
    expect(patched(live, removal).metadata.finalizers).toEqual(['b']);
  });

  test('a list without a marker is replaced', () => {
    const live = service({ externalIPs: ['10.0.0.1', '10.0.0.2'] });
    expect(patched(live, { spec: { externalIPs: ['10.0.0.3'] } }).spec.externalIPs).toEqual([
      '10.0.0.3',
    ]);
  });

  test('maps merge, null removes, and what is new comes without its nulls', () => {
    const live = service({}, { annotations: { a: '1', b: '2' } });
    const patch = { metadata: { annotations: { a: null, c: '3', d: null }, labels: { x: null } } };
    expect(patched(live, patch).metadata).toEqual({
      name: 'a',
      annotations: { b: '2', c: '3' },
      labels: {},
    });
  });

  test('$patch replaces or empties a map', () => {
    const live = service({ selector: { app: 'a', tier: 'b' } });
    const replace = { spec: { selector: { $patch: 'replace', app: 'c' } } };
    expect(patched(live, replace).spec.selector).toEqual({ app: 'c' });
    expect(patched(live, { spec: { selector: { $patch: 'delete' } } }).spec.selector).toEqual({});
  });

  test('$retainKeys drops the rest: a Deployment changes its strategy', () => {
    const live = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } };
    expect(patched(live, patch, 'Deployment').spec.strategy).toEqual({ type: 'Recreate' });
  });
});

describe('refusals', () => {
  const live = service({ ports: [http] }, { labels: { a: 'b' } });

  test.each([
    [
      { spec: { ports: [{ name: 'x' }] } },
      500,
      'map: map[name:x] does not contain declared merge key: port',
    ],
    [
      { metadata: { labels: { $patch: 'merge' } } },
      500,
      'unknown patch type: merge in map: map[$patch:merge]',
    ],
    [
      { spec: { ports: [{ $patch: 'merge', port: 80 }] } },
      500,
      'merging lists cannot yet be specified in the patch',
    ],
    [{ spec: { $retainKeys: 'type' } }, 400, 'invalid patch format of retainKeys'],
    [
      { spec: { $retainKeys: ['type'], clusterIP: 'None' } },
      400,
      'invalid patch format of retainKeys',
    ],
    [
      { spec: { '$setElementOrder/ports': 80 } },
      400,
      'invalid patch format of setElementOrder list',
    ],
  ])('%j', (patch, code, message) => {
    let error: unknown;
    try {
      patched(live, patch);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(StatusError);
    expect((error as StatusError).status).toMatchObject({ code, message });
  });
});
