import type { KubeObject } from './object.ts';
import type { ResourceDef } from './resources.ts';

/** The resource of the definitions themselves. */
export const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

interface DefinedVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly subresources?: { readonly status?: object };
}

/**
 * The resources that a CustomResourceDefinition declares, the stored version first, then the other
 * served ones. Conversion is always `None`: only apiVersion differs between them.
 */
export function definedResources(crd: KubeObject): ResourceDef[] {
  const known = derived.get(crd);
  if (known) return known;
  const resources = derive(crd);
  derived.set(crd, resources);
  return resources;
}

// Objects of the store are frozen, so what was derived from one stays true.
const derived = new WeakMap<KubeObject, ResourceDef[]>();

function derive(crd: KubeObject): ResourceDef[] {
  const { group, scope, names } = crd.spec;
  const versions: DefinedVersion[] = [...crd.spec.versions];
  versions.sort((a, b) => Number(b.storage) - Number(a.storage));
  return versions
    .filter((version) => version.served)
    .map((version) => ({
      key: `${names.plural}.${group}`,
      group,
      version: version.name,
      kind: names.kind,
      plural: names.plural,
      singular: names.singular ?? names.kind.toLowerCase(),
      shortNames: names.shortNames ?? [],
      categories: names.categories ?? [],
      namespaced: scope === 'Namespaced',
      subresources: version.subresources?.status ? ['status'] : [],
      generation: true,
      createOnUpdate: false,
      unconditional: false,
      returnsDeleted: false,
      statusKeeps: 'all',
      custom: true,
    }));
}

/** The name of the version in which objects of a definition are kept. */
export function storedVersion(crd: KubeObject): string {
  const versions: DefinedVersion[] = crd.spec.versions;
  return (versions.find((version) => version.storage) ?? versions[0]!).name;
}
