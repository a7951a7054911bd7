import type { Flavour, LeftTracked, ObjectName } from '../core/model/kubernetes.ts';
import type { Reading } from '../core/model/problem.ts';
import { known } from '../core/model/problem.ts';
import type { TrackedTargets } from '../core/model/target.ts';
import { parseTracked } from '../core/model/target-key.ts';
import type { KubeClient } from './client.ts';
import type { Subject } from './failure.ts';
import { flavours, trackingName } from '../core/model/flavours.ts';
import { objectAt, textAt } from './json.ts';
import { readList } from './list.ts';
import { pathOf } from './paths.ts';

/**
 * What a controller recorded as its own for one binding. No ConfigMap is an answer, not a Problem;
 * one without the key `targets` is the empty set
 * (`pkg/targetgroupbinding/multicluster_manager.go`).
 */
export async function readTracked(
  kube: KubeClient,
  binding: ObjectName & { readonly flavour: Flavour },
): Promise<Reading<TrackedTargets>> {
  const name = { namespace: binding.namespace, name: trackingName(binding) };
  const subject: Subject = { verb: 'get', resource: 'configmaps', ...name };
  const read = await kube.read({ subject, path: pathOf('configmaps', name) });
  if (!read.ok) return read.problem.code === 'object-missing' ? known({ kind: 'missing' }) : read;
  const targets = parseTracked(textAt(objectAt(read.value, 'data'), 'targets') ?? '');
  return known({ kind: 'set', targets });
}

/** Every record of tracked targets in a namespace, whether its binding is still there or not. */
export async function listTracked(
  kube: KubeClient,
  namespace: string,
): Promise<Reading<readonly LeftTracked[]>> {
  const subject: Subject = { verb: 'list', resource: 'configmaps', namespace };
  const read = await readList(kube, subject, pathOf('configmaps', { namespace }));
  if (!read.ok) return read;
  return known(
    read.value.flatMap((item): readonly LeftTracked[] => {
      const configMap = textAt(objectAt(item, 'metadata'), 'name') ?? '';
      const prefix = Object.values(flavours)
        .map(({ configMapPrefix }) => configMapPrefix)
        .find((start) => configMap.startsWith(start));
      if (prefix === undefined) return [];
      const targets = parseTracked(textAt(objectAt(item, 'data'), 'targets') ?? '');
      return [{ namespace, name: configMap.slice(prefix.length), configMap, targets }];
    }),
  );
}
