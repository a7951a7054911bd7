import type { OwnerEvidence } from '../model/aws.ts';
import { clusterNames } from '../model/cluster-name.ts';
import { kubectl, nlbmc, targetsCommand } from '../model/commands.ts';
import { endpointName, endpointProblems, goneProblem } from './endpoint-problems.ts';
import { nameText } from '../model/kubernetes.ts';
import type { KnownTarget } from '../model/intent.ts';
import { isRegistered } from '../observed/member.ts';
import type { Part, PortCase } from '../observed/port-case.ts';
import type { Problem } from '../model/problem.ts';
import type { RegisteredTarget, Target } from '../model/target.ts';
import { canonicalId, parseTarget, targetKey, targetText } from '../model/target-key.ts';
import { targetWords } from '../model/target-words.ts';
import type { TargetNote } from '../plan/verdict.ts';
import { listed } from '../model/words.ts';

const isKnown = (target: Target, known: readonly KnownTarget[]): boolean =>
  known.some(
    ({ id, port }) => canonicalId(id) === target.id && (port === undefined || port === target.port),
  );

function evidenceText(evidence: OwnerEvidence | undefined): string {
  if (!evidence) return '';
  const { gone, instance, networkInterface, cluster } = evidence;
  if (gone) return 'in this account and region nothing has that address';
  return [
    ...(instance === undefined
      ? networkInterface === undefined
        ? []
        : [`network interface ${networkInterface}`]
      : [`instance ${instance}`]),
    ...(cluster === undefined ? [] : [`cluster tag ${cluster}`]),
  ].join(', ');
}

/** The listed cluster that an owner's tag names: by its controller's name for it, or its context. */
const listedOwner = (evidence: OwnerEvidence | undefined, { observed }: PortCase) =>
  observed.clusters.find(
    (cluster) =>
      evidence?.cluster !== undefined &&
      [cluster.context, ...clusterNames(cluster)].includes(evidence.cluster),
  );

function unclaimed(found: RegisteredTarget, context: PortCase): TargetNote {
  const { observed } = context;
  const reading = observed.owners[found.target.id];
  const evidence = reading?.ok ? reading.value : undefined;
  const contexts = observed.clusters.map((cluster) => cluster.context);
  const verify = (names: readonly string[], ...words: readonly string[]): string =>
    nlbmc('verify', observed.service, '--context', names.join(','), ...words);
  const known = `if it was registered by hand on purpose: ${verify(contexts, '--known-target', targetText(found.target))}`;
  const owner = listedOwner(evidence, context);
  const said = evidenceText(evidence);
  const base = `tracked by none of the clusters listed${said === '' ? '' : `; ${said}`}`;
  const lost = owner !== undefined || evidence?.gone === true;
  const text =
    owner === undefined ? base : `${base}, which is ${owner.context}: nothing will deregister it`;
  const missing = owner === undefined && evidence?.cluster !== undefined;
  const hint = missing
    ? verify([...contexts, evidence.cluster])
    : lost
      ? `${known}\nif not: ${targetsCommand('deregister', context.arn, [found.target])}`
      : known;
  return {
    target: found.target,
    owners: [],
    registered: found,
    ...(evidence ? { evidence } : {}),
    kind: 'unclaimed',
    text,
    hint: missing ? `add --context ${evidence.cluster}` : hint,
    problem: {
      code: 'target-unclaimed',
      message: `${targetText(found.target)} is ${text}.`,
      hint,
    },
  };
}

function contested(
  target: Target,
  found: RegisteredTarget | undefined,
  parts: readonly Part[],
): TargetNote {
  const text = `tracked by ${listed(
    parts.map(({ member }) => `${nameText(member.binding)} in ${member.cluster.context}`),
  )}: when one of them lets it go, it is deregistered for the other`;
  // The one without an endpoint there has an old record: that is the one to look at.
  const { cluster, binding } = (
    parts.find(({ eligible }) => !eligible.has(targetKey(target))) ?? parts[0]!
  ).member;
  const hint = kubectl(
    { context: cluster.context, namespace: binding.namespace },
    'describe',
    'configmap',
    `${binding.flavour === 'auto-mode' ? 'eks' : 'aws'}-lbc-targets-${binding.name}`,
  );
  return {
    target,
    owners: [...new Set(parts.map(({ member }) => member.cluster.context))],
    ...(found ? { registered: found } : {}),
    kind: 'contested',
    text,
    hint,
    problem: { code: 'target-contested', message: `${targetText(target)} is ${text}.`, hint },
  };
}

/** What a note takes from the reason that the row of its cluster gives. */
const reasonOf = (problem: Problem | undefined): Pick<TargetNote, 'hint' | 'problem'> =>
  problem ? { problem, ...(problem.hint === undefined ? {} : { hint: problem.hint }) } : {};

/** What there is to say of a target that has one owner or an endpoint; nothing when all is well. */
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
  if (serving && endpoint) {
    const [problem] = endpointProblems(endpoint, serving, context);
    if (!problem) return undefined;
    const name = endpointName(endpoint, serving.member);
    const kind =
      !found || !isRegistered(found)
        ? 'unregistered'
        : problem.code === 'endpoint-untracked'
          ? 'untracked'
          : 'state';
    // The heading of a note has the name already.
    const text = problem.message.replace(`${name} `, '').replace(/\.$/, '');
    return { ...base, ...reasonOf(problem), kind, text };
  }
  if (!found) {
    return {
      ...base,
      kind: 'gone',
      text: 'tracked, and neither registered nor an endpoint: the next change of endpoints drops it',
    };
  }
  if (!isRegistered(found)) return { ...base, kind: 'state', ...targetWords(found) };
  return {
    ...base,
    ...reasonOf(tracking && goneProblem(key, tracking, context)),
    kind: 'gone',
    text: 'tracked and registered, and its endpoint is gone',
  };
}

/**
 * One note for each target of a target group that is not simply healthy, in AWS's order, then
 * those that are only tracked or only endpoints. Whether a target is unclaimed is said only when
 * every listed cluster's bindings, tracked sets and endpoints were read: unread is not absent.
 */
export function targetNotes(context: PortCase): readonly TargetNote[] {
  const { observed, intent, registered } = context;
  const groups = context.parts.map(({ member }) => member.registered);
  if (groups.some((reading) => !reading.ok)) return [];
  const complete =
    observed.clusters.every(({ bindings }) => bindings.ok) &&
    context.parts.every(({ member }) => member.tracked.ok && member.eligible.ok);
  const all = new Map<string, Target>();
  for (const [key, { target }] of registered) all.set(key, target);
  for (const { tracked, eligible } of context.parts) {
    for (const [key, { target }] of eligible) if (!all.has(key)) all.set(key, target);
    for (const key of tracked) {
      const target = all.has(key) ? undefined : parseTarget(key);
      if (target) all.set(key, target);
    }
  }
  const parts = withoutTwins(context);
  return [...all].flatMap(([key, target]): readonly TargetNote[] => {
    const tracking = parts.filter(({ tracked }) => tracked.has(key));
    const serving = parts.find(({ eligible }) => eligible.has(key));
    const found = registered.get(key);
    if (tracking.length > 1) return [contested(target, found, tracking)];
    if (found?.state === 'healthy' && serving && serving === tracking[0]) return [];
    if (tracking.length > 0 || serving) {
      return [ownNote(target, tracking[0], serving, context)].filter((note) => note !== undefined);
    }
    if (!found) return [];
    const words = targetWords(found);
    const plain = { target, owners: [], registered: found, kind: 'state', ...words } as const;
    if (!isRegistered(found)) return [plain];
    if (isKnown(target, intent.knownTargets)) {
      const text = `named with --known-target, and ${words.text}`;
      return found.state === 'healthy' ? [] : [{ ...plain, text }];
    }
    return complete ? [unclaimed(found, context)] : [];
  });
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
