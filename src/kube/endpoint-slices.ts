import type { Mutable } from '../core/model/mutable.ts';
import type { Endpoint, ObjectName } from '../core/model/kubernetes.ts';
import type { Reading } from '../core/model/problem.ts';
import { known } from '../core/model/problem.ts';
import type { KubeClient } from './client.ts';
import { asObject, type Json, listAt, numberAt, objectsAt, textAt } from './json.ts';
import { lastChange } from './last-change.ts';
import { readList } from './list.ts';
import { pathOf } from './paths.ts';

/** Endpoints as the EndpointSlices of a Service have them, pods and nodes not looked at. */
export async function readSlices(
  kube: KubeClient,
  service: ObjectName,
): Promise<Reading<readonly Endpoint[]>> {
  const { namespace, name } = service;
  const listed = await readList(
    kube,
    { verb: 'list', resource: 'endpointslices', group: 'discovery.k8s.io', namespace },
    pathOf('endpointslices', { namespace }),
    { labelSelector: `kubernetes.io/service-name=${name}` },
  );
  return listed.ok ? known(listed.value.flatMap(endpointsOf)) : listed;
}

function endpointsOf(slice: Json): readonly Endpoint[] {
  // Names instead of addresses cannot be targets.
  if (textAt(slice, 'addressType') === 'FQDN') return [];
  const ports = Object.fromEntries(
    objectsAt(slice, 'ports').flatMap((port) => {
      const number = numberAt(port, 'port');
      return number === undefined ? [] : [[textAt(port, 'name') ?? '', number]];
    }),
  ) as Readonly<Record<string, number>>;
  const since = lastChange(slice);
  return objectsAt(slice, 'endpoints').flatMap((entry) => {
    // Further addresses of an endpoint are the same place: consumers use the first (API reference).
    const address = listAt(entry, 'addresses').find((one) => typeof one === 'string');
    return address === undefined ? [] : endpointOf(entry, address, { ports, since });
  });
}

function endpointOf(
  entry: Json,
  address: string,
  { ports, since }: { readonly ports: Endpoint['ports']; readonly since: number | undefined },
): Endpoint {
  const conditions = asObject(entry['conditions']);
  const ready = conditions['ready'];
  const reference = asObject(entry['targetRef']);
  const pod = textAt(reference, 'kind') === 'Pod' ? textAt(reference, 'name') : undefined;
  const node = textAt(entry, 'nodeName');
  const zone = textAt(entry, 'zone');
  const found: Mutable<Endpoint> = {
    address,
    ports,
    terminating: conditions['terminating'] === true,
  };
  if (typeof ready === 'boolean') found.ready = ready;
  if (pod !== undefined) found.pod = pod;
  if (node !== undefined) found.node = node;
  if (zone !== undefined) found.zone = zone;
  if (since !== undefined) found.since = since;
  return found;
}
