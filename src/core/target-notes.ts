import { nlbmc } from './commands.ts';
import { nameText } from './enrollment.ts';
import type { KnownTarget } from './intent.ts';
import type { OwnerEvidence } from './aws.ts';
import { eligibleKeys, isRegistered, registeredIn, type Member } from './member.ts';
import type { PortCase } from './member-verdict.ts';
import type { Problem } from './problem.ts';
import type { RegisteredTarget, Target } from './target.ts';
import { canonicalId, parseTarget, targetKey, targetText, trackedKeys } from './target-key.ts';
import { targetWords } from './target-words.ts';
import type { TargetNote } from './verdict.ts';
import { listed } from './words.ts';

const isKnown = (target: Target, known: readonly KnownTarget[]): boolean =>
  known.some(
    ({ id, port }) => canonicalId(id) === target.id && (port === undefined || port === target.port),
  );

function evidenceText(evidence: OwnerEvidence | undefined): string {
  if (!evidence) return '';
  const { gone, instance, networkInterface, cluster } = evidence;
  if (gone) return 'no network interface has this address: nobody uses it';
  return [
    ...(instance === undefined
      ? networkInterface === undefined
        ? []
        : [`network interface ${networkInterface}`]
      : [`instance ${instance}`]),
    ...(cluster === undefined ? [] : [`cluster tag ${cluster}`]),
  ].join(', ');
}

function unclaimed(found: RegisteredTarget, context: PortCase): TargetNote {
  const { observed } = context;
  const reading = observed.owners[found.target.id];
  const evidence = reading?.ok ? reading.value : undefined;
  const said = evidenceText(evidence);
  const listedContexts = observed.clusters.map((cluster) => cluster.context);
  const add =
    evidence?.cluster === undefined
      ? `if it was registered by hand on purpose: --known-target ${targetText(found.target)}`
      : nlbmc(
          'verify',
          observed.service,
          '--context',
          [...listedContexts, evidence.cluster].join(','),
        );
  const hint = evidence?.cluster === undefined ? add : `add --context ${evidence.cluster}`;
  const text = `tracked by none of the clusters listed${said === '' ? '' : `; ${said}`}`;
  return {
    target: found.target,
    owners: [],
    registered: found,
    ...(evidence ? { evidence } : {}),
    kind: 'unclaimed',
    text,
    hint,
    problem: {
      code: 'target-unclaimed',
      message: `${targetText(found.target)} is ${text}.`,
      hint: add,
    },
  };
}

function contested(target: Target, members: readonly Member[]): TargetNote {
  const owners = members.map(({ cluster }) => cluster.context);
  const text = `tracked by ${listed(
    members.map(({ cluster, binding }) => `${nameText(binding)} in ${cluster.context}`),
  )}: when one of them lets it go, it is deregistered for the other`;
  const problem: Problem = {
    code: 'target-contested',
    message: `${targetText(target)} is ${text}.`,
    hint: `kubectl --context ${owners[0]} -n ${members[0]?.binding.namespace} describe configmap ${members[0]?.binding.flavour === 'auto-mode' ? 'eks' : 'aws'}-lbc-targets-${members[0]?.binding.name}`,
  };
  return {
    target,
    owners,
    kind: 'contested',
    text,
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    problem,
  };
}

/** What there is to say of a target that has one owner or an endpoint; nothing when all is well. */
function ownNote(
  target: Target,
  found: RegisteredTarget | undefined,
  tracking: Member | undefined,
  serving: Member | undefined,
): TargetNote | undefined {
  const owner = tracking ?? serving;
  const owners = owner ? [owner.cluster.context] : [];
  const base = { target, owners, ...(found ? { registered: found } : {}) };
  if (found && !isRegistered(found)) return { ...base, kind: 'state', ...targetWords(found) };
  if (!found) {
    return serving
      ? { ...base, kind: 'unregistered', text: 'has an eligible endpoint and is not registered' }
      : {
          ...base,
          kind: 'gone',
          text: 'tracked, and neither registered nor an endpoint: the next change of endpoints drops it',
        };
  }
  if (!serving) {
    return {
      ...base,
      kind: 'gone',
      text: 'tracked and registered, and its endpoint is gone: the controller is about to deregister it',
    };
  }
  if (!tracking) {
    return {
      ...base,
      kind: 'untracked',
      text: 'registered and not tracked: it would stay registered when its pod is gone',
    };
  }
  return found.state === 'healthy' ? undefined : { ...base, kind: 'state', ...targetWords(found) };
}

/**
 * One note for each target of a target group that is not simply healthy, in AWS's order, then
 * those that are only tracked or only endpoints. Whether a target is unclaimed is said only when
 * every listed cluster's bindings, tracked sets and endpoints were read: unread is not absent.
 */
export function targetNotes(arn: string, context: PortCase): readonly TargetNote[] {
  const { observed, members, intent } = context;
  const registered = registeredIn(observed, arn);
  if (!registered.ok) return [];
  const byKey = new Map(registered.value.map((target) => [targetKey(target.target), target]));
  const complete =
    observed.clusters.every(({ bindings }) => bindings.ok) &&
    members.every(({ tracked, eligible }) => tracked.ok && eligible.ok);
  const all = new Map<string, Target>(
    registered.value.map(({ target }) => [targetKey(target), target]),
  );
  for (const { tracked, eligible } of members) {
    for (const { target } of eligible.ok ? eligible.value : []) all.set(targetKey(target), target);
    for (const key of tracked.ok ? trackedKeys(tracked.value) : []) {
      const target = parseTarget(key);
      if (target && !all.has(key)) all.set(key, target);
    }
  }
  const sets = members.map((member) => ({
    member,
    tracked: member.tracked.ok ? trackedKeys(member.tracked.value) : new Set<string>(),
    eligible: member.eligible.ok ? eligibleKeys(member.eligible.value) : new Set<string>(),
  }));
  return [...all].flatMap(([key, target]): readonly TargetNote[] => {
    const tracking = sets.filter(({ tracked }) => tracked.has(key)).map(({ member }) => member);
    const serving = sets.find(({ eligible }) => eligible.has(key))?.member;
    const found = byKey.get(key);
    if (tracking.length > 1) return [contested(target, tracking)];
    if (tracking.length > 0 || serving) {
      return [ownNote(target, found, tracking[0], serving)].filter((note) => note !== undefined);
    }
    if (!found) return [];
    const plain = {
      target,
      owners: [],
      registered: found,
      kind: 'state',
      ...targetWords(found),
    } as const;
    if (!isRegistered(found)) return [plain];
    if (isKnown(target, intent.knownTargets)) return found.state === 'healthy' ? [] : [plain];
    return complete ? [unclaimed(found, context)] : [];
  });
}
