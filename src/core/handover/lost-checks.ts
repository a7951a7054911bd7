import { awsHint, advice } from '../model/hint.ts';
import { clusterTag } from '../observed/owner-tags.ts';
import { type Reading, unknown, valueOf } from '../model/problem.ts';
import { targetText } from '../model/target-key.ts';
import { count } from '../model/words.ts';
import { accepting } from '../model/nlbmc-hints.ts';
import { check, type Check, type Wrong } from '../plan/check.ts';
import { unclaimedTargets } from './at-stake.ts';
import type { HandoverCase } from './handover-case.ts';
import { needed, typedAgain } from './side-check.ts';

/** What the cluster that is lost is called: as the person names it, and as the tags of the load balancer do. */
export function lostNames({
  intent,
  loadBalancer,
  to,
}: Pick<HandoverCase, 'intent' | 'loadBalancer' | 'to'>): readonly string[] {
  const tags = loadBalancer.tags ? (valueOf(loadBalancer.tags) ?? {}) : {};
  const names = [intent.old, tags[clusterTag]].filter((name) => name !== undefined);
  return [...new Set(names)].filter((name) => name !== to?.clusterName);
}

/** Healthy targets that no listed cluster has: those of the cluster that is said to be lost, unless EC2 names another one. */
const healthyOf = (subject: HandoverCase) =>
  unclaimedTargets(subject).filter(({ found }) => {
    const evidence = subject.observed.addressEvidence[found.target.id];
    const cluster = evidence && valueOf(evidence)?.cluster;
    return (
      found.state === 'healthy' && (cluster === undefined || lostNames(subject).includes(cluster))
    );
  });

const instancesOf = ({ facts, intent }: HandoverCase): Reading<readonly string[]> =>
  facts.instances ??
  unknown({
    code: 'answer-malformed',
    message: `The instances of cluster ${intent.old} have not been read.`,
  });

/** What EC2 says of the cluster is the evidence: without it nothing is known. */
const evidenceRead = check<HandoverCase>('old-answers', 'blocker', (subject) => {
  const instances = instancesOf(subject);
  return instances.ok ? undefined : needed(instances.problem, { clusterName: subject.intent.old });
});

/** An API server that does not answer may be back in a minute, and its controller still acts in AWS. */
const silent = check<HandoverCase>('old-answers', 'caution', (subject): readonly Wrong[] => {
  const { intent, loadBalancer } = subject;
  const instances = instancesOf(subject);
  if (!instances.ok) return [];
  const healthy = healthyOf(subject);
  if (instances.value.length === 0 && healthy.length === 0) return [];
  const signs = [
    ...(instances.value.length > 0
      ? [`${count(instances.value.length, 'instance')} with its tag in EC2`]
      : []),
    ...(healthy.length > 0 ? [count(healthy.length, 'healthy target')] : []),
  ];
  return [
    {
      message: `Cluster ${intent.old} is not gone: it has ${signs.join(' and ')}. If its controller comes back, it acts on load balancer ${loadBalancer.name} as its owner.`,
      about: { clusterName: intent.old },
      hints: [
        awsHint(
          [
            'ec2',
            'describe-instances',
            '--filters',
            `Name=tag-key,Values=kubernetes.io/cluster/${intent.old}`,
            'Name=instance-state-name,Values=running',
          ],
          loadBalancer.arn,
        ),
        advice('Where its API server answers again, hand over without --lost.'),
        accepting(
          typedAgain(subject, {}, { accept: 'old-answers' }),
          'the controller of that cluster does not come back',
        ),
      ],
      details: [...instances.value, ...healthy.map(({ found }) => targetText(found.target))],
      grave: true,
    },
  ];
});

/** Whether the cluster that is said to be lost is. */
export const lostChecks = { evidenceRead, silent } satisfies Record<string, Check<HandoverCase>>;
