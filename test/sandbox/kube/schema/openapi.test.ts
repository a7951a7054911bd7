import { openapiDocument, openapiIndex } from '../../../../src/sandbox/kube/schema/openapi.ts';
import { builtinResources } from '../../../../src/sandbox/kube/resources.ts';

type Json = Record<string, any>;

function documentOf(groupVersion: string): Json {
  return openapiDocument(groupVersion, builtinResources, []);
}

/** Every `$ref` in the document. */
function refs(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === '$ref' && typeof part === 'string' ? [part] : refs(part),
  );
}

describe('openapiIndex', () => {
  test('leads to a document per group and version', () => {
    expect(openapiIndex(['v1', 'apps/v1'])).toEqual({
      paths: {
        'api/v1': { serverRelativeURL: '/openapi/v3/api/v1' },
        'apis/apps/v1': { serverRelativeURL: '/openapi/v3/apis/apps/v1' },
      },
    });
  });
});

describe('openapiDocument', () => {
  test.each(['v1', 'apps/v1', 'discovery.k8s.io/v1', 'apiextensions.k8s.io/v1'])(
    '%s refers to nothing that it does not define',
    (groupVersion) => {
      const document = documentOf(groupVersion);
      const found = refs(document);
      expect(found.length).toBeGreaterThan(0);
      const missing = found.filter(
        (ref) => !(ref.replace('#/components/schemas/', '') in document.components.schemas),
      );
      expect(missing).toEqual([]);
    },
  );

  test('a PATCH operation lists what kubectl asks for before it sends dryRun or fieldValidation', () => {
    const { patch } = documentOf('v1').paths['/api/v1/namespaces/{namespace}/services/{name}'];
    expect(patch.parameters.map(({ name }: Json) => name)).toEqual(
      expect.arrayContaining(['dryRun', 'fieldManager', 'fieldValidation', 'force']),
    );
    expect(patch['x-kubernetes-group-version-kind']).toEqual({
      group: '',
      kind: 'Service',
      version: 'v1',
    });
    expect(Object.keys(patch.requestBody.content)).toContain(
      'application/strategic-merge-patch+json',
    );
  });

  test('lists say how they merge, types say which kind they are', () => {
    const { schemas } = documentOf('v1').components;
    expect(schemas['io.k8s.api.core.v1.Service']).toMatchObject({
      'x-kubernetes-group-version-kind': [{ group: '', kind: 'Service', version: 'v1' }],
      description: expect.stringContaining('Service is a named abstraction'),
    });
    expect(schemas['io.k8s.api.core.v1.ServiceSpec'].properties.ports).toMatchObject({
      type: 'array',
      items: { allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.ServicePort' }] },
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'port',
      'x-kubernetes-patch-strategy': 'merge',
    });
    // Else kubectl explain prints what a ServicePort is twice.
    expect(schemas['io.k8s.api.core.v1.ServiceSpec'].properties.ports.items).not.toHaveProperty(
      'description',
    );
    expect(schemas['io.k8s.api.core.v1.ServiceSpec'].properties.selector).toMatchObject({
      additionalProperties: { type: 'string' },
      'x-kubernetes-map-type': 'atomic',
    });
  });

  test('a type is described by itself and not by the field that leads to it', () => {
    const apps = documentOf('apps/v1').components.schemas;
    const strategy = apps['io.k8s.api.apps.v1.DeploymentStrategy'];
    expect(strategy.description).toMatch(/^DeploymentStrategy describes/);
    expect(strategy).not.toHaveProperty('x-kubernetes-patch-strategy');
    expect(apps['io.k8s.api.apps.v1.DeploymentSpec'].properties.strategy).toMatchObject({
      'x-kubernetes-patch-strategy': 'retainKeys',
    });
  });

  test('a custom resource is described by its definition and takes no strategic merge', () => {
    const spec = {
      group: 'example.com',
      names: { kind: 'Widget' },
      versions: [
        {
          name: 'v1',
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: 'A Widget.',
              properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
            },
          },
        },
      ],
    };
    const def = {
      ...builtinResources[0]!,
      key: 'widgets.example.com',
      group: 'example.com',
      kind: 'Widget',
      plural: 'widgets',
      custom: true,
    };
    const document: Json = openapiDocument('example.com/v1', [def], [{ spec }]);
    const widget = document.components.schemas['com.example.v1.Widget'];
    expect(widget.description).toBe('A Widget.');
    expect(widget.properties.metadata.allOf).toEqual([
      { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
    ]);
    const { patch } = document.paths['/apis/example.com/v1/namespaces/{namespace}/widgets/{name}'];
    expect(Object.keys(patch.requestBody.content)).not.toContain(
      'application/strategic-merge-patch+json',
    );
  });
});
