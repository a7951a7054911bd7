import { failing, type Check } from '../plan/check.ts';
import { nlbmc, shareByHand } from '../model/commands.ts';
import { bindingsOf, isMadeFor } from '../observed/enrollment.ts';
import { nameText } from '../model/kubernetes.ts';
import { joinWords, type JoinCase, type JoinPort } from './join-case.ts';
import { eligibleKeys, isRegistered } from '../observed/member.ts';
import { primaryStillShared } from './primary-still-shared.ts';
import { known, type Problem } from '../model/problem.ts';
import { targetKey, trackedKeys } from '../model/target-key.ts';
import { count } from '../model/words.ts';

/** Own registered endpoints of the primary that it does not track. */
function untracked({ primary }: JoinPort): readonly string[] | 'no-set' {
  const { eligible, registered, tracked } = primary;
  if (!eligible.ok || !registered.ok || !tracked.ok) return [];
  if (tracked.value.kind === 'missing') return 'no-set';
  const own = eligibleKeys(eligible.value);
  const recorded = trackedKeys(tracked.value);
  return registered.value
    .filter(isRegistered)
    .map(({ target }) => targetKey(target))
    .filter((key) => own.has(key) && !recorded.has(key));
}

/** Shared, and tracked but for some: that set and the targets in AWS were not read at one moment. */
function isLagging(port: JoinPort): boolean {
  const missing = untracked(port);
  return port.primary.binding.multiCluster && missing !== 'no-set' && missing.length > 0;
}

/** Ports whose primary does not seem to track all it registered, before that counts. */
export const laggingOf = ({ ports, intent }: JoinCase): readonly Problem[] =>
  intent.settled
    ? []
    : ports.filter(isLagging).map(({ primary }) => ({
        code: 'primary-not-enabled',
        message: `The controller of ${intent.primary} is about to track what it registered for ${nameText(primary.binding)}.`,
        cluster: intent.primary,
      }));

const enabled: Check<JoinCase> = {
  id: 'primary-not-enabled',
  severity: 'blocker',
  run({ ports, intent, service, secondary }) {
    // The bindings follow the Service: what it does not ask for, they are about to lose.
    const withdrawn = primaryStillShared(known(service), { context: intent.primary, service });
    const exclusive = ports.some(({ primary }) => !primary.binding.multiCluster);
    if (withdrawn && !exclusive) return failing([withdrawn]);
    return failing(
      ports.flatMap((port): readonly Problem[] => {
        const { primary, eligible } = port;
        const saves = eligible.ok ? eligible.value.length : 0;
        const missing = untracked(port);
        if (!intent.settled && isLagging(port)) return [];
        const why = !primary.binding.multiCluster
          ? `is exclusive: its controller would deregister ${saves === 0 ? 'every target' : `the ${count(saves, 'target')}`} of ${secondary.context}`
          : missing === 'no-set'
            ? 'is multi-cluster, and its controller has not written yet which targets are its own'
            : missing.length > 0
              ? `is multi-cluster, and ${count(missing.length, 'registered target')} of its own ${missing.length === 1 ? 'is' : 'are'} not tracked`
              : undefined;
        if (why === undefined) return [];
        return [
          {
            code: 'primary-not-enabled',
            message: `${nameText(primary.binding)} in ${intent.primary} ${why}.`,
            hint: nlbmc('enable', service, '--context', intent.primary),
            cluster: intent.primary,
            ...(saves > 0 && !primary.binding.multiCluster ? { saves } : {}),
          },
        ];
      }),
    );
  },
};

const shared: Check<JoinCase> = {
  id: 'binding-exclusive',
  severity: 'blocker',
  run({ observed, ports, intent, service, secondary }) {
    return failing(
      ports.flatMap(({ primary, ours }) => {
        const registered = primary.registered.ok
          ? primary.registered.value.filter(isRegistered).length
          : 0;
        return observed.clusters.flatMap((cluster) =>
          bindingsOf(cluster, primary.binding.targetGroupArn)
            .filter((binding) => !binding.multiCluster)
            // The Service's own bindings are judged by whether the primary is enabled.
            .filter((binding) => cluster !== primary.cluster || !isMadeFor(binding, service))
            .filter((binding) => !(cluster === secondary && ours.includes(binding) && intent.adopt))
            .map((binding): Problem => {
              const local = cluster === secondary && ours.includes(binding);
              return {
                code: 'binding-exclusive',
                message: `${nameText(binding)} in ${cluster.context} is exclusive on the target group of port ${primary.port}: its controller deregisters every target that is not its own.`,
                hint: local
                  ? nlbmc('join', service, ...joinWords({ ...intent, adopt: true }))
                  : binding.stack
                    ? nlbmc('enable', binding.stack, '--context', cluster.context)
                    : shareByHand(cluster.context, binding),
                cluster: cluster.context,
                saves: registered,
              };
            }),
        );
      }),
    );
  },
};

/** H1 and H8 of sharing a target group: who would deregister whom. */
export const sharingChecks: readonly Check<JoinCase>[] = [enabled, shared];
