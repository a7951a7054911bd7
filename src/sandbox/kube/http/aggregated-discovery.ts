import type { Answer } from './exchange.ts';
import { groupNames, subresourceVerbs } from './discovered.ts';
import type { Discovered } from './discovered.ts';

function kindOf(def: Discovered, scale = false): object {
  if (scale) return { group: 'autoscaling', version: 'v1', kind: 'Scale' };
  return { group: def.group, version: def.version, kind: def.kind };
}

function resourceOf(def: Discovered): object {
  return {
    resource: def.plural,
    responseKind: kindOf(def),
    scope: def.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: def.singular,
    verbs: def.verbs,
    ...(def.shortNames.length > 0 && { shortNames: def.shortNames }),
    ...(def.categories.length > 0 && { categories: def.categories }),
    ...(def.subresources.length > 0 && {
      subresources: def.subresources.map((subresource) => ({
        subresource,
        responseKind: kindOf(def, subresource === 'scale'),
        verbs: subresourceVerbs[subresource],
      })),
    }),
  };
}

/** apidiscovery.k8s.io/v2: all groups, versions and resources in one answer. */
export function aggregated(all: readonly Discovered[], core: boolean): Answer {
  const names = core ? [''] : groupNames(all);
  const items = names.map((name) => {
    const inGroup = all.filter((def) => def.group === name);
    const versions = [...new Set(inGroup.map((def) => def.version))];
    return {
      metadata: name ? { name, creationTimestamp: null } : { creationTimestamp: null },
      versions: versions.map((version) => ({
        version,
        freshness: 'Current',
        resources: inGroup.filter((def) => def.version === version).map(resourceOf),
      })),
    };
  });
  return {
    kind: 'json',
    status: 200,
    type: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    body: {
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      metadata: {},
      items,
    },
  };
}
