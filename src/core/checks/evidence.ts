import { millisOf } from '../model/instant.ts';
import { noted, type NlbmcHint } from '../model/hint.ts';
import { showIntoHint } from '../model/nlbmc-hints.ts';
import { stackText } from '../model/owner-words.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import { parseArn } from '../model/arn.ts';
import { targetKey, targetText } from '../model/target-key.ts';
import { count, listed } from '../model/words.ts';
import { type EnrolledPort, type Enrollment, owningIn } from '../observed/enrollment-document.ts';
import type { Recorded } from '../observed/evidence.ts';
import { isRegistered, memberOf, readingOf, registeredIn, unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { ownerInTags } from '../observed/owner-tags.ts';
import { recordedOnly } from '../observed/recorded.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { isGroupGone } from '../observed/stale-bindings.ts';

/** Clocks of two machines may differ; AWS accepts requests that are off by so much. */
const CLOCKS_MS = 300_000;

const STDIN = '-';

/** The command that writes a new document, for a person who may read the enrolled clusters. */
export function newDocumentHint({ document, file }: Recorded): NlbmcHint {
  const contexts = document.members.map(({ context }) => context);
  const into = file === STDIN ? 'enrollment.yaml' : file;
  return noted(
    showIntoHint({ service: document.metadata }, contexts, into),
    `by a person who may read ${listed(contexts)}`,
  );
}

/** A length of time as people read it: hours and minutes. */
function ageText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.floor(ms / 1000)}s`;
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes}m` : `${hours}h${minutes % 60 === 0 ? '' : `${minutes % 60}m`}`;
}

/** `evidence-outdated`: the document is too old to be evidence, or from the future. */
export function outdated({ at, recorded }: Observed): readonly Problem[] {
  if (!recorded) return [];
  const { document, maxAgeMs, file } = recorded;
  const age = millisOf(at) - millisOf(document.at);
  const base = { about: { service: document.metadata }, hints: [newDocumentHint(recorded)] };
  if (age < -CLOCKS_MS) {
    return [
      {
        code: 'evidence-outdated',
        message: `The document of --from ${file} is from the future: it was written at ${document.at}, and it is ${at} here.`,
        ...base,
      },
    ];
  }
  if (age <= maxAgeMs) return [];
  return [
    {
      code: 'evidence-outdated',
      message: `The document of --from ${file} is ${ageText(age)} old (${document.at}), and --max-age is ${ageText(maxAgeMs)}.`,
      ...base,
    },
  ];
}

const portsText = (ports: readonly number[]): string =>
  listed(ports.toSorted((a, b) => a - b).map(String)) || 'none';

/** What the document says of a target group that AWS says otherwise. */
function groupDifferences(observed: Observed, { targetGroup, listenerPorts }: EnrolledPort) {
  const group = valueOf(readingOf(observed.targetGroups, targetGroup.arn, targetGroup.arn));
  if (!group) return [];
  const facts: readonly (readonly [string, unknown, unknown])[] = [
    ['target type', targetGroup.type, group.targetType],
    ['protocol', targetGroup.protocol, group.protocol],
    ['port', targetGroup.port, group.port],
    ['address type', targetGroup.ipFamily, group.ipFamily],
    ['VPC', targetGroup.vpcId, group.vpcId ?? null],
  ];
  const balancer = valueOf(observed.loadBalancer);
  const listeners = balancer?.listeners && valueOf(balancer.listeners);
  const there = listeners
    ?.filter(({ targetGroupArns }) => targetGroupArns.includes(targetGroup.arn))
    .map(({ port }) => port);
  const before = portsText(listenerPorts ?? []);
  const now = there === undefined ? before : portsText(there);
  return [
    ...facts
      .filter(([, then, today]) => then !== today)
      .map(([what, then, today]) => `${what} was ${String(then)} and is ${String(today)}`),
    ...(before === now ? [] : [`listeners were ${before} and are ${now}`]),
  ];
}

/** The names that the document has for the cluster of the owner. */
function ownerNames({ document }: Recorded): readonly string[] {
  const { members } = document;
  const owner = owningIn(document);
  if (!owner) return [];
  const member = members.find(({ context }) => context === owner.context);
  return [...(member?.clusterNames ?? []), ...(owner.clusterName ? [owner.clusterName] : [])];
}

function documentOwner(document: Enrollment): string {
  const owner = owningIn(document);
  if (owner) return stackText(owner);
  return document.owner?.kind === 'disputed' ? 'disputed' : 'no cluster';
}

/** The owner that the tags of a target group tell, where it is another one than the document has. */
function otherOwner(recorded: Recorded, tags: Readonly<Record<string, string>>) {
  const owner = owningIn(recorded.document);
  const tagged = ownerInTags(tags);
  if (!tagged) return recorded.document.owner?.kind === 'none' ? undefined : 'no cluster';
  const names = ownerNames(recorded);
  const { kind, name, clusterName } = tagged;
  const same =
    owner?.kind === kind && owner.name === name.name && owner.namespace === name.namespace;
  const sameCluster =
    clusterName === undefined || names.length === 0 || names.includes(clusterName);
  if (same && sameCluster) return undefined;
  return `${stackText({ kind, ...name })}${clusterName === undefined ? '' : ` of cluster ${clusterName}`}`;
}

/** Endpoints of recorded clusters that were registered when the document was written, and are not now. */
function gone(observed: Observed, recorded: Recorded): readonly Problem[] {
  return recordedOnly(observed).flatMap((cluster) =>
    recorded.document.ports.flatMap(({ port, targetGroup: { arn } }): readonly Problem[] => {
      const read = registeredIn(observed, arn);
      if (!read.ok) return [];
      const there = new Set(read.value.filter(isRegistered).map(({ target }) => targetKey(target)));
      const before = bindingsOf(cluster, arn).flatMap(
        (binding) => valueOf(memberOf(observed, cluster, binding).eligible) ?? [],
      );
      const lost = before.filter(({ target }) => !there.has(targetKey(target)));
      if (lost.length === 0) return [];
      return [
        {
          code: 'evidence-differs',
          message: `${lost.length} of ${count(before.length, 'target')} that ${cluster.context} had on port ${port} at ${recorded.document.at} ${lost.length === 1 ? 'is' : 'are'} no longer registered. Something has changed in that cluster since.`,
          about: { cluster: cluster.context, targetGroup: arn },
          details: lost.map(({ target }) => targetText(target)),
          hints: [newDocumentHint(recorded)],
        },
      ];
    }),
  );
}

/**
 * `evidence-differs`: where AWS, read in this run, is not what the document says: the load balancer,
 * a target group, its listeners or its owner, or live targets of a recorded cluster that are gone.
 * Facts of AWS that were not read are left out: ask `unreadEvidence` before.
 */
export function differences(observed: Observed): readonly Problem[] {
  const { recorded } = observed;
  if (!recorded) return [];
  const { document } = recorded;
  const hints = [newDocumentHint(recorded)];
  const balancer = valueOf(observed.loadBalancer);
  const then = document.loadBalancer;
  const other: readonly Problem[] =
    balancer && then && balancer.arn !== then.arn
      ? [
          {
            code: 'evidence-differs',
            message: `The target groups belong to load balancer ${balancer.name} now. In the document of ${document.at} it is ${then.name}.`,
            about: { service: document.metadata },
            hints,
          },
        ]
      : [];
  const groups = document.ports.flatMap((port): readonly Problem[] => {
    const { arn } = port.targetGroup;
    const name = parseArn(arn)?.name ?? arn;
    const group = readingOf(observed.targetGroups, arn, `Target group ${arn}`);
    if (isGroupGone(observed, arn)) {
      return [
        {
          code: 'evidence-differs',
          message: `Target group ${name} of port ${port.port} does not exist any more.`,
          about: { targetGroup: arn },
          hints,
        },
      ];
    }
    const changed = groupDifferences(observed, port);
    const tags = group.ok && group.value.tags ? valueOf(group.value.tags) : undefined;
    const owner = tags && otherOwner(recorded, tags);
    const said = [
      ...changed,
      ...(owner === undefined ? [] : [`owner was ${documentOwner(document)} and is ${owner}`]),
    ];
    if (said.length === 0) return [];
    return [
      {
        code: 'evidence-differs',
        message: `Target group ${name} of port ${port.port} has changed since ${document.at}: ${said.join('; ')}.`,
        about: { targetGroup: arn },
        hints,
      },
    ];
  });
  return [...other, ...groups, ...gone(observed, recorded)];
}

/** What has to be read of AWS before a document can be compared with it. */
export function unreadEvidence(observed: Observed): readonly Problem[] {
  const { recorded, loadBalancer, targetGroups } = observed;
  if (!recorded) return [];
  const { ports } = recorded.document;
  const hasGroup = ports.some(({ targetGroup: { arn } }) => !isGroupGone(observed, arn));
  return unreadOf([
    ...(hasGroup ? [loadBalancer] : []),
    ...(loadBalancer.ok && loadBalancer.value.listeners ? [loadBalancer.value.listeners] : []),
    ...ports.flatMap(({ targetGroup: { arn } }) => {
      const group = readingOf(targetGroups, arn, `Target group ${arn}`);
      if (!group.ok) return isGroupGone(observed, arn) ? [] : [group];
      return [group.value.targets, ...(group.value.tags ? [group.value.tags] : [])];
    }),
  ]);
}

/** `sharing-recorded`: what no run has checked since the document was written. */
export function notChecked(observed: Observed): readonly Problem[] {
  const { recorded } = observed;
  if (!recorded) return [];
  return recordedOnly(observed).map(({ context }) => ({
    code: 'sharing-recorded',
    message: `Sharing in ${context} as of ${recorded.document.at}, not checked since.`,
    about: { cluster: context, service: recorded.document.metadata },
    details: [
      'AWS does not show the flag. If this cluster has stopped sharing, its controller deregisters the targets of every other cluster.',
    ],
    hints: [newDocumentHint(recorded)],
  }));
}
