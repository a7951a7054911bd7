import { failing, type Check } from '../plan/check.ts';
import { kubectl, nlbmc } from '../model/commands.ts';
import { nameText } from '../model/kubernetes.ts';
import { serviceOf } from '../observed/facts.ts';
import { joinWords, type JoinCase } from './join-case.ts';
import { eligibleKeys, isRegistered } from '../observed/member.ts';
import { longestName } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';
import { targetKey, targetText, trackedKeys } from '../model/target-key.ts';
import { count, listed } from '../model/words.ts';

const onlyOne: Check<JoinCase> = {
  id: 'binding-conflict',
  severity: 'blocker',
  run({ ports, intent, service, localService, secondary }) {
    const about = { code: 'binding-conflict', cluster: secondary.context } as const;
    const look = (name: string, namespace: string): string =>
      kubectl(
        { context: secondary.context, namespace },
        'get',
        'targetgroupbinding',
        name,
        '-o',
        'yaml',
      );
    return failing(
      ports.flatMap(({ port, local, ours }): readonly Problem[] => {
        const other = local.find((binding) => !ours.includes(binding));
        const leaving = ours.find(({ terminating }) => terminating);
        if (other) {
          return [
            {
              ...about,
              message: `${nameText(other)} in ${secondary.context} binds port ${other.servicePort} of Service ${nameText(serviceOf(other))} to the target group of port ${port}, not port ${port} of ${nameText(localService)}.`,
              hint:
                nameText(serviceOf(other)) === nameText(localService)
                  ? look(other.name, other.namespace)
                  : nlbmc(
                      'join',
                      service,
                      ...joinWords({ ...intent, localService: serviceOf(other) }),
                    ),
            },
          ];
        }
        if (ours.length > 1) {
          return [
            {
              ...about,
              message: `${listed(ours.map(nameText))} in ${secondary.context} all bind port ${port} of ${nameText(localService)}: with two, each takes the other's targets for its own.`,
              hint: look(ours[1]?.name ?? '', localService.namespace),
            },
          ];
        }
        return leaving
          ? [
              {
                ...about,
                message: `${nameText(leaving)} in ${secondary.context} is being deleted; its targets are on their way out.`,
                hint: look(leaving.name, leaving.namespace),
              },
            ]
          : [];
      }),
    );
  },
};

const freeName: Check<JoinCase> = {
  id: 'binding-name-taken',
  severity: 'blocker',
  run({ ports, localService, secondary }) {
    return failing(
      ports
        .filter(({ name, localPort }) => name === undefined && localPort !== undefined)
        .map(({ port }) => ({
          code: 'binding-name-taken',
          message: `No name of at most ${longestName} characters is free for the binding of port ${port} of ${nameText(localService)} in ${secondary.context}.`,
          hint: kubectl(
            { context: secondary.context, namespace: localService.namespace },
            'get',
            'targetgroupbindings',
          ),
          cluster: secondary.context,
        })),
    );
  },
};

const noEarlierLife: Check<JoinCase> = {
  id: 'leftover-tracked-targets',
  severity: 'blocker',
  run({ ports, localService, secondary }) {
    return failing(
      ports.flatMap(({ name, ours, tracked, eligible, primary }): readonly Problem[] => {
        // With a binding the set is the controller's; without one it is from an earlier life.
        if (ours.length > 0 || !tracked.ok || tracked.value.kind === 'missing') return [];
        const { targets } = tracked.value;
        if (targets.length === 0) return [];
        const keys = trackedKeys(tracked.value);
        const own = eligible.ok ? eligibleKeys(eligible.value) : new Set<string>();
        const lost = (primary.registered.ok ? primary.registered.value : []).filter(
          (found) =>
            isRegistered(found) &&
            keys.has(targetKey(found.target)) &&
            !own.has(targetKey(found.target)),
        );
        return [
          {
            code: 'leftover-tracked-targets',
            message: `ConfigMap ${localService.namespace}/aws-lbc-targets-${name} in ${secondary.context} is left over from an earlier binding and lists ${count(targets.length, 'target')}, which the controller would take for its own.`,
            hint: `${kubectl({ context: secondary.context, namespace: localService.namespace }, 'delete', 'configmap', `aws-lbc-targets-${name}`)}   # then restart the controller, which may remember it`,
            details: targets.map(targetText),
            cluster: secondary.context,
            ...(lost.length > 0 ? { saves: lost.length } : {}),
          },
        ];
      }),
    );
  },
};

const asWritten: Check<JoinCase> = {
  id: 'binding-differs',
  severity: 'caution',
  run({ ports, intent, service, secondary }) {
    return failing(
      ports.flatMap(({ ours, changes }): readonly Problem[] => {
        const [existing] = ours;
        // Asked to take it over, the plan shows the very changes: nothing is left to ask.
        if (!existing || changes.length === 0 || intent.adopt) return [];
        const details = changes.map(
          ({ path, before, after }) =>
            `${path}: ${JSON.stringify(before) ?? 'absent'} -> ${JSON.stringify(after)}`,
        );
        return [
          {
            code: 'binding-differs',
            message: `${nameText(existing)} in ${secondary.context} differs from what nlbmc would write in ${listed(changes.map(({ path }) => path))}; it counts as joined and is left as it is.`,
            hint: nlbmc('join', service, ...joinWords({ ...intent, adopt: true })),
            details,
            cluster: secondary.context,
          },
        ];
      }),
    );
  },
};

/** Whether the bindings in the cluster that joins are there, free, or somebody else's. */
export const localBindingChecks: readonly Check<JoinCase>[] = [
  onlyOne,
  freeName,
  noEarlierLife,
  asWritten,
];
