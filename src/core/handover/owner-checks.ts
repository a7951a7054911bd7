import { advice, noted } from '../model/hint.ts';
import { stackText } from '../model/owner-words.ts';
import { valueOf } from '../model/problem.ts';
import { clusterTagged, ownerInTags } from '../observed/owner-tags.ts';
import { check } from '../plan/check.ts';
import type { HandoverCase } from './handover-case.ts';
import { typedAgain } from './side-check.ts';

/** The clusters whose tags the load balancer may have now, or on the way. A lost one has the name that the person gives. */
const isExpected = ({ intent, from, to }: HandoverCase, clusterName: string | undefined): boolean =>
  clusterName === undefined ||
  [from?.clusterName, to?.clusterName, intent.lost ? intent.old : undefined].includes(clusterName);

/** A third cluster's Service is not released by a handover between two others: its controller goes on writing. */
const noThird = check<HandoverCase>('owner-elsewhere', 'blocker', (subject) => {
  const { observed, intent, loadBalancer } = subject;
  const tagged = ownerInTags((loadBalancer.tags && valueOf(loadBalancer.tags)) ?? {});
  if (!tagged || isExpected(subject, tagged.clusterName)) return undefined;
  const cluster = clusterTagged(observed, tagged);
  const name = cluster?.context ?? `cluster ${tagged.clusterName}`;
  const taker = intent.back ? intent.old : intent.new;
  return {
    message: `Load balancer ${loadBalancer.name} belongs to ${stackText({ kind: tagged.kind, ...tagged.name })} of ${name}. This command takes it from ${intent.back ? (intent.new ?? 'no cluster') : intent.old}: the Service that has it would not be released.`,
    about: { targetGroup: loadBalancer.arn },
    hints: [
      // A cluster that is lost has no context: the tags name it as its controller did. Whether it is gone,
      // and not another one, only a person knows.
      intent.lost && !cluster && tagged.clusterName !== undefined
        ? noted(
            typedAgain(subject, { old: tagged.clusterName }),
            `if cluster ${tagged.clusterName} is the one that is gone`,
          )
        : cluster && cluster.context !== taker
          ? typedAgain(subject, {
              service: tagged.name,
              localService: intent.back ? intent.service : intent.localService,
              old: cluster.context,
              new: taker,
              lost: false,
              back: false,
            })
          : advice(`Name the context of ${name} with --old.`),
    ],
  };
});

/** Whether the load balancer is that of the cluster that gives it. */
export const ownerChecks = { noThird };
