import { BINDINGS, binding, bindingDefinition, inside, startApi } from './api.ts';
import type { Api } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
  api.cluster.create('customresourcedefinitions.apiextensions.k8s.io', bindingDefinition, inside);
});
afterEach(() => api.close());

describe('a custom object', () => {
  test('loses unknown fields silently, or is refused for them when asked strictly', async () => {
    const body = binding('web', { colour: 'red' });
    const strict = await api.ask('POST', `${BINDINGS}?fieldValidation=Strict`, { body });
    expect(strict.status).toBe(400);
    expect(strict.body.message).toContain('strict decoding error: unknown field "spec.colour"');
    const made = await api.ask('POST', BINDINGS, { body });
    expect(made.status).toBe(201);
    expect(made.body.spec.colour).toBeUndefined();
    expect(made.headers.warning).toContain('unknown field');
  });

  test.each([
    ['a missing field', { serviceRef: { name: 'web' } }, 'spec.serviceRef.port: Required value'],
    [
      'a value outside the enum',
      { targetType: 'pod' },
      'spec.targetType: Unsupported value: "pod"',
    ],
    ['a value of another type', { multiClusterTargetGroup: 'yes' }, 'spec.multiClusterTargetGroup'],
  ])('is refused for %s', async (_, spec, words) => {
    const { status, body } = await api.ask('POST', BINDINGS, { body: binding('web', spec) });
    expect(status).toBe(422);
    expect(body.message).toContain(words);
    expect(body.details.group).toBe('elbv2.k8s.aws');
  });

  test('is served in each version of its definition, and strategic merge patch is none of its', async () => {
    await api.ask('POST', BINDINGS, { body: binding('web') });
    const old = await api.ask('GET', `${BINDINGS.replace('v1beta1', 'v1alpha1')}/web`);
    expect(old.body.apiVersion).toBe('elbv2.k8s.aws/v1alpha1');
    const patch = { type: 'application/strategic-merge-patch+json', body: {} };
    const { status, body } = await api.ask('PATCH', `${BINDINGS}/web`, patch);
    expect(status).toBe(415);
    expect(body.message).toContain('application/merge-patch+json');
  });

  test('server-side apply makes it, and refuses a field that the definition does not declare', async () => {
    const type = 'application/apply-patch+yaml';
    const path = `${BINDINGS}/web?fieldManager=nlbmc`;
    const unknown = await api.ask('PATCH', path, { type, body: binding('web', { colour: 'red' }) });
    expect(unknown.status).toBe(500);
    expect(unknown.body.message).toContain('field not declared in schema');
    const made = await api.ask('PATCH', path, { type, body: binding('web') });
    expect(made.status).toBe(201);
    expect((await api.ask('PATCH', path, { type, body: binding('web') })).status).toBe(200);
    const nobody = await api.ask('PATCH', `${BINDINGS}/web`, { type, body: binding('web') });
    expect(nobody.body.message).toContain('fieldManager');
  });
});
