import type { LoadBalancer, SecurityGroup } from '../model/aws.ts';
import type { HandoverFacts } from '../model/handover.ts';
import { type Binding, type NetworkingRule, sameName } from '../model/kubernetes.ts';
import { inReading } from '../model/problem.ts';
import type { Goal } from '../plan/goal.ts';
import type { HandoverStep } from '../plan/handover-step.ts';
import type { Step } from '../plan/plan.ts';
import { clusterTag } from '../observed/owner-tags.ts';
import type { HandoverCase, Side } from './handover-case.ts';
import { backendOf, backendTag } from './security-groups.ts';

type StepOf<K extends HandoverStep['kind']> = Extract<HandoverStep, { kind: K }>;
type Values = Readonly<Record<string, string>>;

/** The values as a merge patch leaves them: null takes one away. */
const merged = (before: Values, patch: Readonly<Record<string, string | null>> = {}): Values =>
  Object.fromEntries(
    Object.entries({ ...before, ...patch }).flatMap(([key, value]) =>
      value === null ? [] : [[key, value]],
    ),
  );

interface Patch {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string | null>>;
    readonly annotations?: Readonly<Record<string, string | null>>;
  };
  readonly spec?: { readonly networking?: { readonly ingress: readonly NetworkingRule[] } };
}

const withBalancer = (
  subject: HandoverCase,
  changed: Partial<LoadBalancer>,
  facts: Partial<HandoverFacts> = {},
): HandoverCase => ({
  ...subject,
  loadBalancer: { ...subject.loadBalancer, ...changed },
  facts: { ...subject.facts, ...facts },
});

function patchedService(subject: HandoverCase, step: StepOf<'patch-service'>): HandoverCase {
  const { metadata } = step.patch as Patch;
  const patched = (side: Side | undefined): Side | undefined =>
    side?.found && side.cluster.context === step.cluster
      ? {
          ...side,
          found: {
            ...side.found,
            annotations: merged(side.found.annotations, metadata?.annotations),
          },
        }
      : side;
  return { ...subject, from: patched(subject.from), to: patched(subject.to) };
}

function patchedBinding(subject: HandoverCase, step: StepOf<'patch-binding'>): HandoverCase {
  const { metadata, spec } = step.patch as Patch;
  const patched = (one: Binding): Binding =>
    sameName(one, step.binding)
      ? {
          ...one,
          labels: merged(one.labels, metadata?.labels),
          ...(spec?.networking ? { networking: spec.networking.ingress } : {}),
        }
      : one;
  const clusters = subject.observed.clusters.map((cluster) =>
    cluster.context === step.cluster
      ? { ...cluster, bindings: inReading(cluster.bindings, (all) => all.map(patched)) }
      : cluster,
  );
  const beside = (side: Side | undefined): Side | undefined => {
    const cluster = clusters.find(({ context }) => context === side?.cluster.context);
    return side && cluster ? { ...side, cluster } : side;
  };
  return {
    ...subject,
    observed: { ...subject.observed, clusters },
    from: beside(subject.from),
    to: beside(subject.to),
  };
}

/** Tags of security groups: those of the rest decide nothing that comes after the adoption. */
function tagged(subject: HandoverCase, step: StepOf<'write-tags'>): HandoverCase {
  const gone = Object.fromEntries(step.remove.map((key) => [key, null]));
  const all = (groups: readonly SecurityGroup[]): readonly SecurityGroup[] =>
    groups.map((one) =>
      step.resources.includes(one.id)
        ? { ...one, tags: merged(one.tags, { ...step.set, ...gone }) }
        : one,
    );
  const { securityGroups } = subject.loadBalancer;
  return withBalancer(
    subject,
    securityGroups ? { securityGroups: inReading(securityGroups, all) } : {},
    { groups: inReading(subject.facts.groups, all) },
  );
}

/** The controller puts its own group on the load balancer, and makes it where it is not there yet. */
function adopted(subject: HandoverCase, side: Side): HandoverCase {
  const { loadBalancer, facts } = subject;
  const { vpcId, securityGroupIds } = loadBalancer;
  const there = backendOf(subject, side);
  const own = there ?? {
    id: `(the backend security group of the controller of ${side.cluster.context}, which does not exist yet)`,
    name: '',
    description: '',
    ...(vpcId === undefined ? {} : { vpcId }),
    tags: { [backendTag.key]: backendTag.value, [clusterTag]: side.clusterName },
    ingress: [],
    egress: [],
  };
  return withBalancer(
    subject,
    { securityGroupIds: [...new Set([...securityGroupIds, own.id])] },
    there ? {} : { groups: inReading(facts.groups, (groups) => [...groups, own]) },
  );
}

function reached(subject: HandoverCase, goal: Goal): HandoverCase {
  switch (goal.kind) {
    case 'service-adopted':
      return subject.to ? adopted(subject, subject.to) : subject;
    case 'group-removed':
      return withBalancer(subject, {
        securityGroupIds: subject.loadBalancer.securityGroupIds.filter((id) => id !== goal.groupId),
      });
    default:
      return subject;
  }
}

/**
 * The handover as it will be when a step has taken effect, as far as the phase `finish` depends on it: notes
 * and annotations, labels and rules of bindings, security groups, barriers. What does not exist yet has words
 * in the place of its id: nothing that is planned from this may be sent.
 */
export function assumingDone(subject: HandoverCase, step: Step): HandoverCase {
  const { facts } = subject;
  switch (step.kind) {
    case 'patch-service':
      return step.subresource ? subject : patchedService(subject, step);
    case 'patch-binding':
      return patchedBinding(subject, step);
    case 'write-tags':
      return step.of === 'security-group' ? tagged(subject, step) : subject;
    case 'create-placeholder': {
      const { name } = step;
      const made = { kind: 'target-group', arn: '', name, tags: {}, loadBalancerArns: [] } as const;
      return withBalancer(
        subject,
        {},
        { tagged: inReading(facts.tagged, (all) => [...all, made]) },
      );
    }
    case 'delete-target-group':
      return withBalancer(
        subject,
        {},
        { tagged: inReading(facts.tagged, (all) => all.filter(({ name }) => name !== step.name)) },
      );
    case 'wait':
      return step.goals.reduce(reached, subject);
    default:
      return subject;
  }
}
