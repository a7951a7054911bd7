import { flavourToMake } from '../model/flavours.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { nameText } from '../model/kubernetes.ts';
import { kubectlHint, noted } from '../model/hint.ts';
import { purgeHint } from '../model/nlbmc-hints.ts';
import type { Goal } from '../plan/goal.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { possibleBindingNames } from '../model/names.ts';
import { isTwice } from '../model/service-ports.ts';
import type { Observed } from '../observed/observed.ts';
import type { Step } from '../plan/plan.ts';
import type { PortCase } from '../observed/port-case.ts';
import type { Problem } from '../model/problem.ts';
import { isRegistered } from '../observed/member.ts';
import { targetKey, targetText } from '../model/target-key.ts';
import { count } from '../model/words.ts';

/** What to do about a ConfigMap without a binding. */
export interface TrackingMend {
  readonly steps: readonly Extract<Step, { kind: 'delete-tracked' }>[];
  readonly goals: readonly Goal[];
  readonly refusals: readonly Problem[];
}

/**
 * A ConfigMap of tracked targets that outlived its binding (deleted while its flag was off, or
 * without its finalizer). No controller reads it until a binding of that name exists; the controller then
 * treats everything in it as its own. It is deleted only where none of its targets is registered any
 * more: else it is the only record of who registered them. With a binding there, deleting it would do
 * harm or nothing: the controller goes on with its memory
 * (`pkg/targetgroupbinding/multicluster_manager.go`).
 */
export function mendTracking(
  observed: Observed,
  cluster: ClusterView,
  cases: readonly PortCase[],
): TrackingMend {
  const none: TrackingMend = { steps: [], goals: [], refusals: [] };
  if (!cluster.bindings.ok) return none;
  const { namespace, name: service } = cluster.localService;
  const local = cluster.service.ok ? (cluster.service.value?.ports ?? []) : [];
  const taken = new Set(cluster.bindings.value.map(nameText));
  const names = new Set(
    cases
      .filter(({ arn }) => bindingsOf(cluster, arn).length === 0)
      .flatMap(({ arn }) =>
        local.flatMap(({ port }) =>
          possibleBindingNames({
            service,
            port,
            ports: cases.length,
            arn,
            twice: isTwice(local, port),
          }),
        ),
      )
      .filter((name) => !taken.has(nameText({ namespace, name }))),
  );
  const found = [...names].map((name): TrackingMend => {
    const tracked = cluster.tracked[nameText({ namespace, name })];
    if (!tracked?.ok || tracked.value.kind === 'missing') return none;
    const there = tracked.value.targets.filter((target) =>
      cases.some(({ registered }) => {
        const one = registered.get(targetKey(target));
        return one !== undefined && isRegistered(one);
      }),
    );
    const binding = { namespace, name, flavour: flavourToMake(cluster.servedFlavours) };
    if (there.length === 0) {
      return {
        steps: [{ kind: 'delete-tracked', cluster: cluster.context, binding }],
        goals: [{ kind: 'tracking-gone', cluster: cluster.context, binding }],
        refusals: [],
      };
    }
    return {
      ...none,
      refusals: [
        {
          code: 'leftover-tracked-targets',
          message: `Binding ${nameText(binding)} in ${cluster.context} was deleted, but its ConfigMap exists, and ${count(there.length, 'target')} in it ${there.length === 1 ? 'is' : 'are'} still registered. The ConfigMap is the only record that says which cluster registered ${there.length === 1 ? 'it' : 'them'}.`,
          hints: [
            purgeHint(
              { service: observed.service },
              observed.clusters.map(({ context }) => context),
            ),
            noted(
              kubectlHint(
                { context: cluster.context, namespace },
                'delete',
                'configmap',
                `aws-lbc-targets-${name}`,
              ),
              'when none of them is registered any more',
            ),
          ],
          details: there.map(targetText),
          about: { cluster: cluster.context, binding: { namespace, name } },
        },
      ],
    };
  });
  return {
    steps: found.flatMap(({ steps }) => steps),
    goals: found.flatMap(({ goals }) => goals),
    refusals: found.flatMap(({ refusals }) => refusals),
  };
}
