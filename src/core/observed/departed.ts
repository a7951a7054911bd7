import type { Enrollment } from './enrollment-document.ts';
import { namesOfContext } from './identified.ts';
import type { Departed } from '../model/intent.ts';
import type { ObjectName } from '../model/kubernetes.ts';
import { known, type Reading, unknown } from '../model/problem.ts';
import { parseTarget, targetKey } from '../model/target-key.ts';
import { listed } from '../model/words.ts';

const usage = (message: string): Reading<Departed> => unknown({ code: 'usage', message });

/**
 * What an earlier Enrollment document knows of a cluster that has gone: the targets that it tracked,
 * by target group. Unknown (`usage`) where the document is about another Service, does not have the
 * cluster, or the cluster is one of `contexts`, which are there.
 */
export function departedOf(
  document: Enrollment,
  o: {
    readonly name: string;
    readonly file: string;
    readonly service: ObjectName;
    readonly contexts: readonly string[];
  },
): Reading<Departed> {
  const { metadata, members, ports, at } = document;
  if (o.contexts.includes(o.name)) {
    return usage(
      `${o.name} is named with --departed and with --context. A cluster is either gone or still there.`,
    );
  }
  if (metadata.namespace !== o.service.namespace || metadata.name !== o.service.name) {
    return usage(
      `The document is about Service ${metadata.namespace}/${metadata.name}, not ${o.service.namespace}/${o.service.name}.`,
    );
  }
  const member = members.find(({ context }) => namesOfContext(context).includes(o.name));
  if (!member) {
    return usage(
      `The document has no cluster ${o.name}; it has ${listed(members.map(({ context }) => context))}.`,
    );
  }
  const tracked: Record<string, string[]> = {};
  for (const { port, targetGroup } of ports) {
    tracked[targetGroup.arn] = member.bindings
      .filter((binding) => String(binding.port) === String(port))
      .flatMap((binding) => binding.tracked ?? [])
      .map(parseTarget)
      .flatMap((target) => (target ? [targetKey(target)] : []));
  }
  const { context: name, identity, clusterNames = [], vpcId } = member;
  return known({
    name,
    file: o.file,
    at,
    tracked,
    clusterNames: clusterNames.length > 0 ? clusterNames : namesOfContext(name),
    ...(identity === null ? {} : { identity }),
    ...(vpcId === undefined || vpcId === null ? {} : { vpcId }),
  });
}
