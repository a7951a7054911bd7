import type { Node } from '../core/model/kubernetes.ts';
import type { Reading } from '../core/model/problem.ts';
import { known } from '../core/model/problem.ts';
import type { KubeClient } from './client.ts';
import { defined, type Json, objectAt, objectsAt, textAt, textMapAt } from './json.ts';
import { readList } from './list.ts';
import { pathOf } from './paths.ts';

/** All nodes: the targets of bindings with instance targets. */
export async function listNodes(kube: KubeClient): Promise<Reading<readonly Node[]>> {
  const listed = await readList(kube, { verb: 'list', resource: 'nodes' }, pathOf('nodes'));
  return listed.ok ? known(listed.value.map(nodeOf)) : listed;
}

/** One node; `undefined` when it is gone. */
export async function readNode(kube: KubeClient, name: string): Promise<Reading<Node | undefined>> {
  const subject = { verb: 'get', resource: 'nodes', name } as const;
  const read = await kube.read({ subject, path: pathOf('nodes', { name }) });
  if (read.ok) return known(nodeOf(read.value));
  return read.problem.code === 'object-missing' ? known(undefined) : read;
}

function nodeOf(object: Json): Node {
  const metadata = objectAt(object, 'metadata');
  const spec = objectAt(object, 'spec');
  const labels = textMapAt(metadata, 'labels');
  const ready = conditionOf(objectAt(object, 'status'), 'Ready');
  // `aws:///us-east-1a/i-0123456789abcdef0` (cloud-provider-aws `pkg/providers/v1/instances.go`).
  const instanceId = /\/(i-[0-9a-f]+)$/.exec(textAt(spec, 'providerID') ?? '')?.[1];
  return {
    name: textAt(metadata, 'name') ?? '',
    ready: ready === 'True' || ready === 'False' ? ready : 'Unknown',
    labels,
    taints: objectsAt(spec, 'taints').map((taint) => textAt(taint, 'key') ?? ''),
    ...defined({ instanceId, zone: labels['topology.kubernetes.io/zone'] }),
  };
}

/** Status of a condition in an object's status; undefined when it is not there. */
export const conditionOf = (status: Json, type: string): string | undefined => {
  const found = objectsAt(status, 'conditions').find((entry) => textAt(entry, 'type') === type);
  return found && textAt(found, 'status');
};
