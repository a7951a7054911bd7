import { trackingName } from '../model/flavours.ts';
import { clusterNames } from '../model/cluster-name.ts';
import { endpointFindings } from './endpoint-findings.ts';
import { goneFinding } from './gone-finding.ts';
import type { Finding } from './finding.ts';
import { kubectlHint } from '../model/hint.ts';
import { leaveHint } from '../model/nlbmc-hints.ts';
import { nameText, serviceOf } from '../model/kubernetes.ts';
import { isRegistered } from '../observed/member.ts';
import { areSetsRead } from './member-verdict.ts';
import type { Part, PortCase } from '../observed/port-case.ts';
import { ownAddresses } from '../observed/strays.ts';
import type { RegisteredTarget, Target } from '../model/target.ts';
import { parseTarget, targetKey } from '../model/target-key.ts';
import { targetWords } from '../model/target-words.ts';
import { isKnownTarget } from '../model/known-target.ts';
import { evidenceOf, unclaimedFinding } from './unclaimed-findings.ts';
import type { TargetNote } from '../plan/verdict.ts';
import { listed } from '../model/words.ts';

/** What there is to say of the targets of a port, and what of it makes the port red by itself. */
export interface PortNotes {
  readonly notes: readonly TargetNote[];
  readonly findings: readonly Finding[];
}

type Said = readonly [(TargetNote | undefined)?, Finding?];

function contested(
  target: Target,
  found: RegisteredTarget | undefined,
  parts: readonly Part[],
  { observed: { service } }: PortCase,
): Said {
  const who = listed(
    parts.map(({ member }) => `${nameText(member.binding)} in ${member.cluster.context}`),
  );
  const text = `tracked by ${who}: when either releases`;
  // The one without an endpoint there has an outdated record: that is the one to look at.
  const { cluster, binding } = (
    parts.find(({ eligible }) => !eligible.has(targetKey(target))) ?? parts[0]!
  ).member;
  const note: TargetNote = {
    target,
    owners: [...new Set(parts.map(({ member }) => member.cluster.context))],
    ...(found ? { registered: found } : {}),
    kind: 'contested',
    text: `${text} it, both lose it`,
    code: 'target-contested',
  };
  const clusters = new Set(parts.map(({ member }) => member.cluster.context));
  const joined = parts.find(({ member }) => member.binding.stack === undefined)?.member;
  const look = kubectlHint(
    { context: cluster.context, namespace: binding.namespace },
    'describe',
    'configmap',
    trackingName(binding),
  );
  // Two of one cluster: deleted by hand, one of them takes out the targets of both.
  const hint =
    clusters.size === 1 && joined
      ? leaveHint({
          service,
          localService: serviceOf(joined.binding),
          context: cluster.context,
          targetGroups: [joined.binding.targetGroupArn],
        })
      : look;
  return [
    note,
    {
      code: 'target-contested',
      cause: who,
      target,
      one: `is ${text} it, both lose it`,
      many: `are ${text} them, both lose them`,
      hints: [hint],
    },
  ];
}

/** The cluster of a target that leaves: addresses outlive records, and EC2 knows some longer. */
function formerClusters(found: RegisteredTarget, context: PortCase): readonly string[] {
  const key = targetKey(found.target);
  const evidence = evidenceOf(found, context);
  const former = context.observed.clusters.filter(
    (cluster) =>
      (evidence?.cluster !== undefined && clusterNames(cluster).includes(evidence.cluster)) ||
      context.parts.some(
        ({ member }) => member.cluster === cluster && ownAddresses(member).has(key),
      ),
  );
  return former.map((cluster) => cluster.context);
}

const kindOf = ({ code, cause }: Finding): TargetNote['kind'] => {
  if (code === 'endpoint-untracked') return 'untracked';
  if (code === 'endpoint-unregistered' || cause === 'registering') return 'unregistered';
  return 'state';
};

/** What there is to say of a target that one cluster tracks or has an endpoint for; nothing when all is well. */
function ownNote(
  target: Target,
  tracking: Part | undefined,
  serving: Part | undefined,
  context: PortCase,
): TargetNote | undefined {
  const key = targetKey(target);
  const found = context.registered.get(key);
  const endpoint = serving?.eligible.get(key);
  const base = {
    target,
    owners: [(tracking ?? serving)?.member.cluster.context].filter((name) => name !== undefined),
    ...(endpoint?.pod === undefined ? {} : { pod: endpoint.pod }),
    ...(found ? { registered: found } : {}),
  };
  const unread = [tracking, serving].some((part) => part && !areSetsRead(part));
  // An unread set is not an empty one: of such a target only its own state can be told.
  if (unread) {
    if (!found || found.state === 'healthy') return undefined;
    return { ...base, kind: 'state', text: targetWords(found).text };
  }
  if (serving && endpoint) {
    const [finding] = endpointFindings(endpoint, serving, context);
    if (!finding) return undefined;
    return { ...base, kind: kindOf(finding), text: finding.one, code: finding.code };
  }
  if (!found) {
    return {
      ...base,
      kind: 'gone',
      text: 'is tracked, but neither registered nor an endpoint: the controller removes it from its record when its endpoints change',
    };
  }
  if (!isRegistered(found)) return { ...base, kind: 'state', text: targetWords(found).text };
  const gone = tracking && goneFinding(key, tracking, context);
  return {
    ...base,
    kind: 'gone',
    text: gone?.one ?? 'is tracked and registered, but its endpoint is gone',
    ...(gone ? { code: gone.code } : {}),
  };
}

/**
 * One note for each target of a target group that is not simply healthy, in AWS's order, then
 * those that are only tracked or only endpoints. Whether a target is unclaimed is said only when
 * every listed cluster's bindings, tracked sets and endpoints were read: unread is not absent.
 */
export function targetNotes(context: PortCase): PortNotes {
  const { registered } = context;
  const groups = context.parts.map(({ member }) => member.registered);
  if (groups.some((reading) => !reading.ok)) return { notes: [], findings: [] };
  const parts = withoutTwins(context);
  // Most of thousands are as they should be: nothing is made for them.
  const rest = new Map<string, Target>();
  registered.forEach((found, key) => {
    if (!isAsItShould(key, found, parts)) rest.set(key, found.target);
  });
  for (const { tracked, eligible } of context.parts) {
    eligible.forEach(({ target }, key) => {
      if (!registered.has(key) && !rest.has(key)) rest.set(key, target);
    });
    tracked.forEach((key) => {
      const target = registered.has(key) || rest.has(key) ? undefined : parseTarget(key);
      if (target) rest.set(key, target);
    });
  }
  const said = [...rest].map(([key, target]): Said => {
    const tracking = parts.filter(({ tracked }) => tracked.has(key));
    const serving = parts.find(({ eligible }) => eligible.has(key));
    const found = registered.get(key);
    if (tracking.length > 1) return contested(target, found, tracking, context);
    if (tracking.length > 0 || serving) return [ownNote(target, tracking[0], serving, context)];
    return found ? strangerNote(found, context) : [];
  });
  return {
    notes: said.flatMap(([note]) => note ?? []),
    findings: said.flatMap(([, finding]) => finding ?? []),
  };
}

/** Whether it is healthy, and one binding tracks it and serves it. */
function isAsItShould(key: string, found: RegisteredTarget, parts: readonly Part[]): boolean {
  if (found.state !== 'healthy') return false;
  let tracking: Part | undefined;
  let serving: Part | undefined;
  for (const part of parts) {
    if (part.tracked.has(key)) {
      if (tracking) return false;
      tracking = part;
    }
    if (part.eligible.has(key)) serving ??= part;
  }
  return tracking !== undefined && tracking === serving;
}

/** What there is to say of a registered target that no listed cluster has on record or serves. */
function strangerNote(found: RegisteredTarget, context: PortCase): Said {
  const { target } = found;
  const { observed, intent } = context;
  const words = targetWords(found);
  const plain: TargetNote = {
    target,
    owners: isRegistered(found) ? [] : formerClusters(found, context),
    registered: found,
    kind: 'state',
    text: words.text,
  };
  if (!isRegistered(found)) return [plain];
  const whose = context.recorded.get(targetKey(target));
  if (whose !== undefined) {
    return found.state === 'healthy' ? [] : [{ ...plain, owners: [whose] }];
  }
  const evidence = evidenceOf(found, context);
  if (isKnownTarget(target, intent.knownTargets, evidence)) {
    return [{ ...plain, kind: 'known', text: `is named with --known-target, and ${words.text}` }];
  }
  const complete =
    observed.clusters.every(({ bindings }) => bindings.ok) &&
    context.parts.every(({ member }) => member.tracked.ok && member.eligible.ok);
  if (!complete) return [];
  const finding = unclaimedFinding(found, context);
  const { code, one: text } = finding;
  return [{ ...plain, ...(evidence ? { evidence } : {}), kind: 'unclaimed', text, code }, finding];
}

/** A cluster that is listed under two contexts is red for that; it does not contest itself, too. */
function withoutTwins({ parts }: PortCase): readonly Part[] {
  const first = new Map<string, string>();
  for (const { member } of parts) {
    const { identity, context } = member.cluster;
    if (identity.ok && !first.has(identity.value)) first.set(identity.value, context);
  }
  return parts.filter(({ member: { cluster } }) =>
    cluster.identity.ok ? first.get(cluster.identity.value) === cluster.context : true,
  );
}
