import { prune } from '../../../../src/sandbox/kube/schema/prune.ts';
import { crdSchema } from '../../../../src/sandbox/kube/schema/crd.ts';
import { builtinSchema } from '../../../../src/sandbox/kube/schema/builtin.ts';
import { validate } from '../../../../src/sandbox/kube/schema/validate.ts';

test.each(
  'Namespace Node Pod Service EndpointSlice ConfigMap Event Deployment ReplicaSet ServiceAccount Secret CustomResourceDefinition SelfSubjectAccessReview ServiceList PodList Scale Status DeleteOptions'.split(
    ' ',
  ),
)('%s has a shape', (kind) => {
  expect(builtinSchema(kind)).toMatchObject({
    properties: { apiVersion: { type: 'string' }, kind: { type: 'string' } },
  });
});

test('a kind that nobody serves has none', () => {
  expect(builtinSchema('StatefulSet')).toBeUndefined();
});

function schemaOf(spec: object) {
  const openAPIV3Schema = { type: 'object', properties: { spec: { type: 'object', ...spec } } };
  return crdSchema({ spec: { versions: [{ name: 'v1', schema: { openAPIV3Schema } }] } }, 'v1');
}

function object(spec: object) {
  return { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'a' }, spec };
}

describe('prune', () => {
  test('takes out and names what a built-in kind does not know', () => {
    const given = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a', labels: { any: 'thing' }, nme: 'b' },
      spec: { ports: [{ port: 80, prot: 'TCP' }], foo: { bar: 1 } },
    };
    const { object: kept, unknown } = prune(given, builtinSchema('Service')!);
    expect(unknown).toEqual(['metadata.nme', 'spec.ports[0].prot', 'spec.foo']);
    expect(kept).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a', labels: { any: 'thing' } },
      spec: { ports: [{ port: 80 }] },
    });
  });

  test('a custom resource keeps apiVersion, kind, metadata and what its definition says', () => {
    const schema = schemaOf({
      properties: {
        known: { type: 'string' },
        open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        map: { type: 'object', additionalProperties: { type: 'string' } },
      },
    });
    const given = object({ known: 'a', flag: true, open: { x: 1 }, map: { k: 'v' } });
    const { object: kept, unknown } = prune(given, schema);
    expect(unknown).toEqual(['spec.flag']);
    expect(kept).toEqual(object({ known: 'a', open: { x: 1 }, map: { k: 'v' } }));
  });
});

describe('validate', () => {
  const schema = schemaOf({
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 3, pattern: '^[a-z]*$' },
      flag: { type: 'boolean' },
      type: { type: 'string', enum: ['ip', 'instance'] },
      count: { type: 'integer', minimum: 1, maximum: 5 },
      port: {
        'x-kubernetes-int-or-string': true,
        anyOf: [{ type: 'integer' }, { type: 'string' }],
      },
      rules: {
        type: 'array',
        maxItems: 1,
        items: {
          type: 'object',
          required: ['from'],
          properties: { from: { type: 'array', items: { type: 'string' } } },
        },
      },
      ids: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
      maybe: { type: 'string', nullable: true },
    },
  });

  test.each([
    [{ name: 'a', port: 80, maybe: null, rules: [{ from: [] }] }, []],
    [{ name: 'a', port: 'http', type: 'ip', count: 5 }, []],
    [{}, ['spec.name: Required value']],
    [
      { name: 'a', type: 'x' },
      ['spec.type: Unsupported value: "x": supported values: "instance", "ip"'],
    ],
    [
      { name: 'a', flag: 'yes' },
      ['spec.flag: Invalid value: "string": spec.flag in body must be of type boolean: "string"'],
    ],
    [
      { name: 'a', flag: null },
      ['spec.flag: Invalid value: "null": spec.flag in body must be of type boolean: "null"'],
    ],
    [
      { name: 'a', count: 0 },
      ['spec.count: Invalid value: 0: spec.count in body should be greater than or equal to 1'],
    ],
    [{ name: 'A' }, [`spec.name: Invalid value: "A": spec.name in body should match '^[a-z]*$'`]],
    [{ name: 'abcd' }, ['spec.name: Too long: may not be more than 3 bytes']],
    [
      { name: '' },
      ['spec.name: Invalid value: "": spec.name in body should be at least 1 chars long'],
    ],
    [
      { name: 'a', rules: [{}, {}] },
      [
        'spec.rules: Too many: 2: must have at most 1 item',
        'spec.rules[0].from: Required value',
        'spec.rules[1].from: Required value',
      ],
    ],
    [{ name: 'a', ids: ['x', 'x'] }, ['spec.ids[1]: Duplicate value: "x"']],
  ])('%j', (spec, expected) => {
    const found = validate(object(spec), schema);
    expect(found.map(({ field, message }) => `${field}: ${message}`)).toEqual(expected);
  });
});

test('a definition with rules that are not checked here is refused, not half obeyed', () => {
  expect(() => schemaOf({ 'x-kubernetes-validations': [{ rule: 'true' }] })).toThrow(
    'this server does not check x-kubernetes-validations',
  );
});
