import { check, type Check, type Wrong } from '../plan/check.ts';
import { bindingKind, flavourToMake, trackingName } from '../model/flavours.ts';
import { kubectlHint, noted, type Hint } from '../model/hint.ts';
import { nameText, sameName, serviceOf } from '../model/kubernetes.ts';
import type { Binding } from '../model/kubernetes.ts';
import type { JoinCase, JoinPort } from './join-port.ts';
import { dropRecordHints, leftoverTargets } from '../observed/leftover.ts';
import { eligibleKeys, isRegistered, memberOf, registeredIn } from '../observed/member.ts';
import { longestName } from '../model/names.ts';
import { accepting, joinHint, leaveHint } from '../model/nlbmc-hints.ts';
import type { About } from '../model/problem.ts';
import { targetKey, targetText, trackedKeys } from '../model/target-key.ts';
import { trackingCollision } from '../observed/tracking-collision.ts';
import { count, listed } from '../model/words.ts';

const aboutBinding = (
  { joining }: JoinCase,
  { namespace, name }: Pick<Binding, 'namespace' | 'name'>,
): About => ({ cluster: joining.context, binding: { namespace, name } });

const look = ({ joining }: JoinCase, { namespace, name, flavour }: Binding): Hint =>
  kubectlHint(
    { context: joining.context, namespace },
    'get',
    bindingKind(flavour),
    name,
    '-o',
    'yaml',
  );

/** The leave of what the join was about. */
const leaveOf = ({ intent, ports }: JoinCase) => {
  const { service, localService, context, primary } = intent;
  return leaveHint({
    service,
    localService,
    context,
    ...(primary === undefined ? { targetGroups: ports.map(({ arn }) => arn) } : { primary }),
  });
};

const onlyOne = check<JoinCase>('binding-conflict', 'blocker', (subject) => {
  const { ports, intent, localService, joining } = subject;
  return ports.flatMap(({ port, local, ours }): readonly Wrong[] => {
    // When this Service has a binding, a binding of another Service is a separate member.
    const other = local.find(
      (binding) =>
        !ours.includes(binding) &&
        (sameName(serviceOf(binding), localService) ||
          (ours.length === 0 && intent.localNamed !== true && binding.stack === undefined)),
    );
    const [, second] = ours;
    const leaving = ours.find(({ terminating }) => terminating);
    if (other) {
      const bound = serviceOf(other);
      return [
        {
          message: `${nameText(other)} in ${joining.context} binds port ${other.servicePort} of Service ${nameText(bound)} to the target group of port ${port}, not port ${port} of ${nameText(localService)}.`,
          about: aboutBinding(subject, other),
          hints: sameName(bound, localService)
            ? [look(subject, other)]
            : [
                joinHint({ ...intent, localService: bound }),
                noted(
                  joinHint({ ...intent, secondService: localService }),
                  `if ${nameText(localService)} is to serve beside it`,
                ),
              ],
        },
      ];
    }
    if (second) {
      return [
        {
          message: `${listed(ours.map(nameText))} in ${joining.context} all bind port ${port} of ${nameText(localService)}, and track the same targets. When one of them is deleted, the controller deregisters all that it tracks, also for the others.`,
          about: aboutBinding(subject, second),
          hints: [
            noted(
              leaveOf(subject),
              'leave deregisters the targets of all of them; then join again',
            ),
          ],
        },
      ];
    }
    return leaving
      ? [
          {
            message: `${nameText(leaving)} in ${joining.context} is being deleted, and the controller deregisters its targets.`,
            about: aboutBinding(subject, leaving),
            hints: [look(subject, leaving)],
          },
        ]
      : [];
  });
});

const freeName = check<JoinCase>(
  'binding-name-taken',
  'blocker',
  ({ ports, localService, joining }) =>
    ports
      .filter(({ name, localPort }) => name === undefined && localPort !== undefined)
      .map(({ port }) => ({
        message: `No name of at most ${longestName} characters is free for the binding of port ${port} of ${nameText(localService)} in ${joining.context}.`,
        about: { cluster: joining.context, port },
        hints: [
          kubectlHint(
            { context: joining.context, namespace: localService.namespace },
            'get',
            bindingKind(flavourToMake(joining.servedFlavours)),
          ),
        ],
      })),
);

/** A record with the name of a binding that join creates: the controller would treat it as the record of the new binding. */
function unboundRecord(subject: JoinCase, port: JoinPort): readonly Wrong[] {
  const { localService, joining } = subject;
  const { name, tracked, eligible, arn } = port;
  if (name === undefined || !tracked.ok || tracked.value.kind === 'missing') return [];
  const { targets } = tracked.value;
  if (targets.length === 0) return [];
  const keys = trackedKeys(tracked.value);
  const own = eligible.ok ? eligibleKeys(eligible.value) : new Set<string>();
  const registered = registeredIn(subject.observed, arn);
  const lost = (registered.ok ? registered.value : []).filter(
    (found) =>
      isRegistered(found) && keys.has(targetKey(found.target)) && !own.has(targetKey(found.target)),
  );
  const flavour = flavourToMake(joining.servedFlavours);
  const binding = { namespace: localService.namespace, name, flavour };
  return [
    {
      message: `ConfigMap ${binding.namespace}/${trackingName(binding)} in ${joining.context} is left over from an earlier binding and lists ${count(targets.length, 'target')}. The controller would treat ${targets.length === 1 ? 'it' : 'them'} as its own.`,
      about: aboutBinding(subject, binding),
      hints: dropRecordHints(joining, binding),
      details: targets.map(targetText),
      ...(lost.length > 0 ? { saves: lost.length } : {}),
    },
  ];
}

const noEarlierLife = check<JoinCase>('leftover-tracked-targets', 'blocker', (subject) => {
  const { observed, ports, joining, intent } = subject;
  return ports.flatMap((port): readonly Wrong[] => {
    const [binding] = port.ours;
    if (!binding) return unboundRecord(subject, port);
    if (!intent.adopt) return [];
    const left = leftoverTargets(memberOf(observed, joining, binding), observed);
    if (!left.ok || left.value.length === 0) return [];
    const one = left.value.length === 1;
    return [
      {
        message: `ConfigMap ${binding.namespace}/${trackingName(binding)} in ${joining.context} is left over from an earlier time when ${nameText(binding)} was shared. The ConfigMap lists ${count(left.value.length, 'registered target')} that ${one ? 'is not an endpoint' : 'are not endpoints'} of this cluster. The controller would deregister ${one ? 'it' : 'them'} once the flag is set.`,
        about: aboutBinding(subject, binding),
        hints: dropRecordHints(joining, binding),
        details: left.value.map(({ target, state }) => `${targetText(target)} ${state}`),
        saves: left.value.length,
      },
    ];
  });
});

/** Also of a binding that is not shared yet and is about to be. */
const ownRecord = check<JoinCase>('tracking-collision', 'blocker', ({ ports, joining }) => {
  const found = ports.flatMap(({ pattern, ours: [local] }) => [
    pattern ? (trackingCollision(pattern.cluster, pattern.binding) ?? []) : [],
    local ? (trackingCollision(joining, { ...local, multiCluster: true }) ?? []) : [],
  ]);
  return found.flat();
});

const asWritten = check<JoinCase>('binding-differs', 'caution', (subject) => {
  const { ports, intent, joining } = subject;
  return ports.flatMap(({ ours, changes }): readonly Wrong[] => {
    const [existing] = ours;
    // With --adopt the plan shows these changes, so no question is needed.
    if (!existing || changes.length === 0 || intent.adopt) return [];
    const fields = listed(changes.map(({ path }) => path));
    return [
      {
        message: `${nameText(existing)} in ${joining.context} differs from what nlbmc would write in ${fields}; it counts as joined, and nlbmc does not change it.`,
        about: aboutBinding(subject, existing),
        hints: [
          accepting(
            joinHint({ ...intent, adopt: true }),
            `nlbmc takes ${nameText(existing)} over and changes ${fields}`,
          ),
        ],
        details: changes.map(
          ({ path, before, after }) =>
            `${path}: ${JSON.stringify(before) ?? 'absent'} -> ${JSON.stringify(after)}`,
        ),
      },
    ];
  });
});

/** Whether the bindings in the cluster that joins are there, free, or somebody else's. */
export const localBindingChecks: readonly Check<JoinCase>[] = [
  onlyOne,
  freeName,
  noEarlierLife,
  ownRecord,
  asWritten,
];
