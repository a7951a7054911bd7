import { apiVersionOf } from '../resources.ts';
import { aggregated } from './aggregated-discovery.ts';
import { discovered, groupNames, subresourceVerbs } from './discovered.ts';
import type { Discovered } from './discovered.ts';
import { json } from './exchange.ts';
import type { Answer, Request } from './exchange.ts';
import { acceptedTypes } from './representation.ts';

function resourceList(resources: readonly Discovered[], groupVersion: string): object {
  const rows = resources.flatMap((def) => [
    {
      name: def.plural,
      singularName: def.singular,
      namespaced: def.namespaced,
      kind: def.kind,
      verbs: def.verbs,
      ...(def.shortNames.length > 0 && { shortNames: def.shortNames }),
      ...(def.categories.length > 0 && { categories: def.categories }),
    },
    ...def.subresources.map((subresource) => ({
      name: `${def.plural}/${subresource}`,
      singularName: '',
      namespaced: def.namespaced,
      kind: subresource === 'scale' ? 'Scale' : def.kind,
      ...(subresource === 'scale' && { group: 'autoscaling', version: 'v1' }),
      verbs: subresourceVerbs[subresource],
    })),
  ]);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: rows };
}

function groupOf(resources: readonly Discovered[], name: string): object {
  const found = resources.filter((def) => def.group === name).map((def) => def.version);
  const versions = [...new Set(found)].map((version) => ({
    groupVersion: `${name}/${version}`,
    version,
  }));
  return { name, versions, preferredVersion: versions[0] };
}

/** `/api`, `/apis` and the lists below them; undefined for any other path or an unknown group. */
export function discovery(request: Request): Answer | undefined {
  const [root, ...rest] = request.path.replace(/\/$/, '').split('/').slice(1);
  if (root !== 'api' && root !== 'apis') return undefined;
  const all = discovered(request.cluster);
  const modern = acceptedTypes(request).find(
    ({ as, version }) => as === 'APIGroupDiscoveryList' && version === 'v2',
  );
  if (rest.length === 0 && modern) return aggregated(all, root === 'api');
  if (root === 'api' && rest.length === 0) return json({ kind: 'APIVersions', versions: ['v1'] });
  if (root === 'apis' && rest.length === 0) {
    const groups = groupNames(all).map((name) => groupOf(all, name));
    return json({ kind: 'APIGroupList', apiVersion: 'v1', groups });
  }
  const group = root === 'api' ? '' : rest[0]!;
  const version = root === 'api' ? rest[0] : rest[1];
  if (rest.length > (root === 'api' ? 1 : 2)) return undefined;
  const inGroup = all.filter((def) => def.group === group);
  if (inGroup.length === 0) return undefined;
  if (version === undefined)
    return json({ kind: 'APIGroup', apiVersion: 'v1', ...groupOf(all, group) });
  const inVersion = inGroup.filter((def) => def.version === version);
  if (inVersion.length === 0) return undefined;
  return json(resourceList(inVersion, apiVersionOf({ group, version })));
}
