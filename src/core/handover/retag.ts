import { handoverAnnotation } from '../model/annotations.ts';
import { noteManager, RELEASED, taggedNote } from '../model/handover.ts';
import { parseArn } from '../model/arn.ts';
import { grouped } from '../model/grouped.ts';
import { nameText } from '../model/kubernetes.ts';
import { clusterTag, stackTag } from '../observed/owner-tags.ts';
import type { Phase } from '../model/handover.ts';
import type { Goal } from '../plan/goal.ts';
import type { HandoverStep } from '../plan/handover-step.ts';
import { type HandoverCase, type Side, sidesOf } from './handover-case.ts';
import { backendsOfOthers, frontendGroup } from './security-groups.ts';
import { patchService, withFields } from './service-patch.ts';
import { isNoted, isTagged, type OwnedResource, resourcesOf } from './standing.ts';

type WriteTags = Extract<HandoverStep, { kind: 'write-tags' }>;

const regionOf = ({ loadBalancer }: HandoverCase): string =>
  parseArn(loadBalancer.arn)?.region ?? '';

/** What of the tags is to be written, in few requests: one for all that lack the same. */
function tagSteps(
  subject: HandoverCase,
  resources: readonly OwnedResource[],
): readonly WriteTags[] {
  const open = resources
    .filter((one) => !isTagged(one))
    .map(({ id, name, tags, wanted }) => {
      const different = Object.entries(wanted).filter(
        ([key, value]) => (tags[key] ?? null) !== value,
      );
      const set = Object.fromEntries(
        different.flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
      );
      const remove = different.flatMap(([key, value]) => (value === null ? [key] : []));
      const before = Object.fromEntries(different.map(([key]) => [key, tags[key]]));
      return { id, name, set, remove, before };
    });
  return [...grouped(open, ({ set, remove }) => JSON.stringify([set, remove])).values()].flatMap(
    (alike): readonly WriteTags[] => {
      const [first] = alike;
      if (!first) return [];
      const { set, remove, before } = first;
      return [
        {
          kind: 'write-tags',
          phase: 'retag',
          region: regionOf(subject),
          of: 'load-balancing',
          resources: alike.map(({ id }) => id),
          names: alike.map(({ name }) => name),
          set,
          remove,
          before,
        },
      ];
    },
  );
}

/**
 * The tags of the group for clients. While the load balancer has to keep a group of another cluster, no
 * controller may take the group for its own: it would set the groups of its own model.
 */
function frontendTags(subject: HandoverCase): OwnedResource['wanted'] {
  const { to } = subject;
  if (!to || backendsOfOthers(subject).length > 0) return { [clusterTag]: null };
  return ownedBy(to);
}

const ownedBy = ({ clusterName, service }: Side): OwnedResource['wanted'] => ({
  [clusterTag]: clusterName,
  [stackTag]: nameText(service),
});

/** Gives the group for clients these tags; in `finish`, those of the side that owns the load balancer. */
export function frontendSteps(
  subject: HandoverCase,
  phase: Phase,
  owner?: Side,
): readonly WriteTags[] {
  const group = frontendGroup(subject);
  if (!group) return [];
  const resource: OwnedResource = {
    id: group.id,
    name: `security group ${group.id}`,
    kind: 'load-balancer',
    tags: group.tags,
    wanted: owner ? ownedBy(owner) : frontendTags(subject),
  };
  return tagSteps(subject, [resource]).map((step) => ({ ...step, phase, of: 'security-group' }));
}

/** Writes the tags of the taker: target groups and listeners, then the load balancer; at last the group for clients. */
export function retagSteps(subject: HandoverCase): readonly HandoverStep[] {
  const resources = resourcesOf(subject);
  const isBalancer = ({ kind }: OwnedResource): boolean => kind === 'load-balancer';
  return [
    ...tagSteps(
      subject,
      resources.filter((one) => !isBalancer(one)),
    ),
    ...tagSteps(subject, resources.filter(isBalancer)),
    ...frontendSteps(subject, 'retag'),
  ];
}

/** That AWS gives the tags of the taker, again and again. */
export function retagGoals(subject: HandoverCase): readonly Goal[] {
  const group = frontendGroup(subject);
  return [
    {
      kind: 'tags-settled',
      tags: Object.fromEntries([
        ...resourcesOf(subject).map(({ id, wanted }) => [id, wanted]),
        ...(group ? [[group.id, frontendTags(subject)]] : []),
      ]) as Readonly<Record<string, OwnedResource['wanted']>>,
    },
  ];
}

/**
 * Notes on each Service that the tags have settled: the API server's time of that is what the start of
 * the controllers is compared with.
 */
export function noteSteps(subject: HandoverCase): readonly HandoverStep[] {
  const { from } = subject;
  const note = taggedNote(subject.to?.clusterName);
  return sidesOf(subject).flatMap((side) => {
    if (!side.found || isNoted(side, note)) return [];
    const annotations = { [handoverAnnotation]: note };
    // The release, which is planned before it, writes a note of its own.
    const first =
      side === from
        ? withFields(side.found, { annotations: { [handoverAnnotation]: RELEASED } })
        : side.found;
    const o = { planned: false, manager: noteManager } as const;
    return patchService(side, 'retag', first, { annotations }, o) ?? [];
  });
}
