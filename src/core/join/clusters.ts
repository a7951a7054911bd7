import { parseArn } from '../model/arn.ts';
import { failing, skipped, type Check } from '../plan/check.ts';
import { clusterNames } from '../model/cluster-name.ts';
import { kubectl, nlbmc } from '../model/commands.ts';
import { joinWords, type JoinCase } from './join-case.ts';
import type { ClusterView } from '../model/kubernetes.ts';
import type { Problem } from '../model/problem.ts';
import { listed } from '../model/words.ts';

/** Two contexts lead to one cluster: a second binding on its own Service would be made. */
export function sameCluster(a: ClusterView, b: ClusterView): Problem | undefined {
  if (!a.identity.ok || !b.identity.ok || a.identity.value !== b.identity.value) return undefined;
  return {
    code: 'same-cluster',
    message: `${a.context} and ${b.context} are the same cluster (kube-system has the UID ${a.identity.value} in both).`,
    hint: 'kubectl config get-contexts',
    cluster: b.context,
  };
}

const differentNames: Check<JoinCase> = {
  id: 'same-cluster-name',
  severity: 'blocker',
  run({ primary, secondary }) {
    const [a, b] = [clusterNames(primary), clusterNames(secondary)];
    if (a.length === 0 || b.length === 0) {
      const of = a.length === 0 ? primary.context : secondary.context;
      return skipped(`The --cluster-name of the controller in ${of} was not found.`);
    }
    // It tags what it makes with that name: the second one would take the first one's for its own.
    const both = a.filter((name) => b.includes(name));
    const deployment = secondary.controller.ok
      ? secondary.controller.value.deployments[0]
      : undefined;
    return failing(
      both.length === 0
        ? []
        : [
            {
              code: 'same-cluster-name',
              message: `The controllers of ${primary.context} and ${secondary.context} both have --cluster-name=${both[0]}: each would take the other's load balancers for its own.`,
              hint: kubectl(
                {
                  context: secondary.context,
                  ...(deployment ? { namespace: deployment.namespace } : {}),
                },
                'edit',
                `deployment/${deployment?.name ?? 'aws-load-balancer-controller'}`,
              ),
              cluster: secondary.context,
            },
          ],
    );
  },
};

/** The region that a zone name begins with; a zone of another form tells nothing. */
const regionOf = (zone: string): string | undefined =>
  /^([a-z]{2}(?:-[a-z]+)+-\d)(?:[a-z]$|-)/.exec(zone)?.[1];

const rightRegion: Check<JoinCase> = {
  id: 'wrong-region',
  severity: 'blocker',
  run({ ports, intent, service, secondary }) {
    const problems = ports.flatMap(({ primary, eligible }): readonly Problem[] => {
      const arn = parseArn(primary.binding.targetGroupArn);
      if (!arn) {
        return [
          {
            code: 'wrong-region',
            message: `${primary.binding.targetGroupArn} is not the ARN of a target group.`,
            hint: nlbmc('show', service, '--context', intent.primary),
            cluster: intent.primary,
          },
        ];
      }
      if (intent.region !== undefined && intent.region !== arn.region) {
        return [
          {
            code: 'wrong-region',
            message: `Target group ${arn.name} is in ${arn.region}, and ${intent.region} was asked for.`,
            hint: nlbmc('join', service, ...joinWords({ ...intent, region: arn.region })),
          },
        ];
      }
      // A controller speaks to the AWS of its own region, which does not know this target group.
      const regions = new Set(
        (eligible.ok ? eligible.value : [])
          .map(({ zone }) => regionOf(zone ?? ''))
          .filter((region) => region !== undefined),
      );
      if (regions.size === 0 || regions.has(arn.region)) return [];
      return [
        {
          code: 'wrong-region',
          message: `Target group ${arn.name} is in ${arn.region}, and the pods of ${secondary.context} run in ${listed([...regions])}.`,
          hint: 'kubectl config get-contexts',
          cluster: secondary.context,
        },
      ];
    });
    return failing(problems.slice(0, 1));
  },
};

const rightAccount: Check<JoinCase> = {
  id: 'wrong-account',
  severity: 'blocker',
  run({ observed, ports }) {
    const account = observed.account;
    // Asked only when AWS refused or did not know an ARN; else the account has proven itself.
    if (!account) return failing([]);
    if (!account.ok) return skipped(account.problem.message);
    const arn = ports
      .map(({ primary }) => parseArn(primary.binding.targetGroupArn))
      .find((parsed) => parsed && parsed.account !== account.value);
    return failing(
      arn
        ? [
            {
              code: 'wrong-account',
              message: `Target group ${arn.name} is in account ${arn.account}, and the AWS credentials are for ${account.value}.`,
              hint: 'aws sts get-caller-identity',
            },
          ]
        : [],
    );
  },
};

/** Whether the two clusters and the AWS that is asked belong together. */
export const clusterChecks: readonly Check<JoinCase>[] = [
  differentNames,
  rightRegion,
  rightAccount,
];
