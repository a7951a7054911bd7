import { bindingDefinition, inside, SERVICES, startApi } from './api.ts';
import type { Api } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

test('lists groups, versions and resources, custom ones as soon as they are defined', async () => {
  expect((await api.ask('GET', '/api')).body.versions).toEqual(['v1']);
  const core = await api.ask('GET', '/api/v1');
  const services = core.body.resources.find((one: any) => one.name === 'services');
  expect(services).toMatchObject({ kind: 'Service', shortNames: ['svc'], categories: ['all'] });
  expect(core.body.resources.map((one: any) => one.name)).toContain('pods/log');
  expect((await api.ask('GET', '/apis/elbv2.k8s.aws/v1beta1')).status).toBe(404);
  api.cluster.create(DEFINITIONS, bindingDefinition, inside);
  const group = await api.ask('GET', '/apis/elbv2.k8s.aws');
  expect(group.body.preferredVersion.version).toBe('v1beta1');
  expect(group.body.versions).toHaveLength(2);
  const custom = await api.ask('GET', '/apis/elbv2.k8s.aws/v1beta1');
  expect(custom.body.resources.map((one: any) => one.name)).toEqual([
    'targetgroupbindings',
    'targetgroupbindings/status',
  ]);
  const groups = await api.ask('GET', '/apis');
  expect(groups.body.groups.map((one: any) => one.name)).toEqual([
    'apps',
    'discovery.k8s.io',
    'coordination.k8s.io',
    'rbac.authorization.k8s.io',
    'admissionregistration.k8s.io',
    'apiextensions.k8s.io',
    'elbv2.k8s.aws',
    'authentication.k8s.io',
    'authorization.k8s.io',
  ]);
});

test('comes in one piece to whoever asks for that', async () => {
  const Accept =
    'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
  const { body, headers } = await api.ask('GET', '/apis', { headers: { Accept } });
  expect(headers['content-type']).toContain('as=APIGroupDiscoveryList');
  const apps = body.items.find((item: any) => item.metadata.name === 'apps');
  expect(apps.versions[0].resources[0]).toMatchObject({
    resource: 'deployments',
    scope: 'Namespaced',
    subresources: expect.arrayContaining([
      expect.objectContaining({
        subresource: 'scale',
        responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
      }),
    ]),
  });
});

test('OpenAPI v3 has a document for each group and version; v2 defines nothing', async () => {
  const { body } = await api.ask('GET', '/openapi/v3');
  const address = body.paths['apis/apps/v1'].serverRelativeURL;
  expect(Object.keys((await api.ask('GET', address)).body.paths)).toContain(
    '/apis/apps/v1/namespaces/{namespace}/deployments/{name}',
  );
  expect((await api.ask('GET', '/openapi/v2')).body).toMatchObject({ swagger: '2.0', paths: {} });
  expect((await api.ask('GET', '/openapi/v3/apis/nobody/v1')).status).toBe(404);
});

test.each([
  '/api/v2/pods',
  '/api/v1/secrets',
  '/apis/batch/v1/jobs',
  '/api/v1/namespaces/default/pods/web/binding',
  '/api/v1/services/web',
  '/nothing',
])('%s is no path here', async (path) => {
  const { status, text } = await api.ask('GET', path);
  expect([status, text]).toEqual([404, '404 page not found\n']);
});

test.each([
  ['POST', `${SERVICES}/kubernetes`],
  ['PUT', SERVICES],
  ['PATCH', SERVICES],
  ['POST', '/api/v1'],
  ['OPTIONS', SERVICES],
])('%s %s is not allowed', async (method, path) => {
  const { status, body } = await api.ask(method, path, { body: {} });
  expect(status).toBe(405);
  expect(body.reason).toBe('MethodNotAllowed');
});
