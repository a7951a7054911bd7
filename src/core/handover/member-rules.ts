import type { ClusterView } from '../model/cluster-view.ts';
import type { SecurityGroup } from '../model/aws.ts';
import type { Phase } from '../model/handover.ts';
import type { Binding } from '../model/kubernetes.ts';
import type { HandoverStep } from '../plan/handover-step.ts';

/** A binding with its cluster. */
export interface Bound {
  readonly cluster: ClusterView;
  readonly binding: Binding;
}

/** A step that changes this of a binding, and nothing else. */
export const patchBinding = (
  { cluster, binding }: Bound,
  patch: Readonly<Record<string, unknown>>,
  changes: Extract<HandoverStep, { kind: 'patch-binding' }>['changes'],
  phase: Phase = 'finish',
): HandoverStep => ({
  kind: 'patch-binding',
  phase,
  cluster: cluster.context,
  binding: { namespace: binding.namespace, name: binding.name, flavour: binding.flavour },
  uid: binding.uid,
  patch,
  changes,
});

type Rules = NonNullable<Binding['networking']>;

/** The rules, where each that lets one of these groups in lets the new one in, too; or, at the end, instead. */
function withPeer(rules: Rules, old: readonly string[], added: string, instead: boolean): Rules {
  return rules.map((rule) => {
    const isOld = (id: string | undefined): boolean => id !== undefined && old.includes(id);
    if (!rule.from.some(({ securityGroup }) => isOld(securityGroup?.groupID))) return rule;
    const kept = rule.from.filter(
      ({ securityGroup }) =>
        securityGroup?.groupID !== added && !(instead && isOld(securityGroup?.groupID)),
    );
    return { ...rule, from: [...kept, { securityGroup: { groupID: added } }] };
  });
}

function ruleStep(bound: Bound, after: Rules): HandoverStep | undefined {
  const before = bound.binding.networking ?? [];
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined;
  return patchBinding(bound, { spec: { networking: { ingress: after } } }, [
    { path: 'spec.networking.ingress', before, after },
  ]);
}

/** Each binding lets the group in, beside the old ones or, at the end, instead of them. */
export const ruleSteps = (
  all: readonly Bound[],
  old: readonly string[],
  own: SecurityGroup,
  instead: boolean,
): readonly HandoverStep[] =>
  all.flatMap((bound) => {
    const rules = bound.binding.networking ?? [];
    return ruleStep(bound, withPeer(rules, old, own.id, instead)) ?? [];
  });
