import { crdSchema } from '../../../../src/sandbox/kube/schema/crd.ts';
import { builtinSchema } from '../../../../src/sandbox/kube/schema/builtin.ts';
import { Life, refusal } from '../life.ts';

const deployment = (containers: object[], more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'nginx', namespace: 'default' },
  spec: { selector: { matchLabels: { a: 'b' } }, template: { spec: { containers } }, ...more },
});

const text = { type: 'string' };

const list = (items: object) => ({ type: 'array', items });

const rule = {
  type: 'object',
  properties: {
    from: list({
      type: 'object',
      properties: { ipBlock: { type: 'object', properties: { cidr: text } } },
    }),
  },
};

const openAPIV3Schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        targetGroupARN: text,
        multiClusterTargetGroup: { type: 'boolean' },
        networking: { type: 'object', properties: { ingress: list(rule) } },
      },
    },
    status: { type: 'object', properties: { observedGeneration: { type: 'integer' } } },
  },
};

const schema = crdSchema(
  { spec: { versions: [{ name: 'v1', schema: { openAPIV3Schema } }] } },
  'v1',
);

const binding = (spec: object) => ({
  apiVersion: 'example.com/v1',
  kind: 'Binding',
  metadata: { name: 'nginx', namespace: 'default' },
  spec,
});

const ingress = (cidr: string) => ({ ingress: [{ from: [{ ipBlock: { cidr } }] }] });

describe('Deployment', () => {
  test('containers by name, variables by name, the selector as one', () => {
    const life = new Life('apps/v1', builtinSchema('Deployment')!)
      .apply(
        'a',
        deployment([{ name: 'app', image: 'i', env: [{ name: 'A', value: '1' }] }], {
          replicas: 2,
        }),
      )
      .update('scaler', ({ spec }) => (spec.replicas = 5))
      .apply(
        'b',
        deployment([
          { name: 'side', image: 's' },
          { name: 'app', env: [{ name: 'B', value: '2' }] },
        ]),
      );
    const app = 'k:{"name":"app"}';
    expect(life.fieldsOf('b')['f:spec']['f:template']['f:spec']['f:containers'][app]).toEqual({
      '.': {},
      'f:env': { 'k:{"name":"B"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
      'f:name': {},
    });
    expect(life.fieldsOf('b')['f:spec']['f:selector']).toEqual({});
    expect(life.object?.spec.replicas).toBe(5);
    life.apply('a', deployment([{ name: 'app', image: 'j' }]));
    expect(life.object?.spec.template.spec.containers).toEqual(
      expect.arrayContaining([
        { name: 'side', image: 's' },
        { name: 'app', image: 'j', env: [{ name: 'B', value: '2' }] },
      ]),
    );
  });
});

describe('a custom resource', () => {
  test('a list without keys is one value; a struct that came is owned itself', () => {
    const life = new Life('example.com/v1', schema).update('controller', (object) =>
      Object.assign(object, binding({ targetGroupARN: 'arn', networking: ingress('10.0.0.0/8') })),
    );
    expect(life.fieldsOf('controller')).toEqual({
      'f:spec': {
        '.': {},
        'f:networking': { '.': {}, 'f:ingress': {} },
        'f:targetGroupARN': {},
      },
    });
    const wanted = binding({ networking: ingress('0.0.0.0/0') });
    expect(refusal(() => life.apply('nlbmc', wanted)).message).toBe(
      'Apply failed with 1 conflict: conflict with "controller" using example.com/v1: .spec.networking.ingress',
    );
  });

  test('a field that its definition does not have is refused by name', () => {
    const life = new Life('example.com/v1', schema);
    expect(refusal(() => life.apply('nlbmc', binding({ multiCluster: true })))).toMatchObject({
      code: 500,
      message:
        'failed to create typed patch object (default/nginx; example.com/v1, Kind=Binding): .spec.multiCluster: field not declared in schema',
    });
  });

  test('what the applier never sent stays: a webhook’s default is not cleared by the next apply', () => {
    const life = new Life('example.com/v1', schema).apply(
      'nlbmc',
      binding({ targetGroupARN: 'arn' }),
    );
    // As admission does: without a word in managedFields.
    life.object = {
      ...life.object!,
      spec: { ...life.object!.spec, multiClusterTargetGroup: true },
    };
    life.apply('nlbmc', binding({ targetGroupARN: 'arn' }));
    expect(life.object?.spec).toEqual({ targetGroupARN: 'arn', multiClusterTargetGroup: true });
  });
});
