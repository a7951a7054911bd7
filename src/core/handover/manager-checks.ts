import { advice, describeHint, kubectlHint } from '../model/hint.ts';
import { nameText } from '../model/kubernetes.ts';
import { listed } from '../model/words.ts';
import { rewritersOf } from '../observed/managers.ts';
import { check, type Check, skippedUnread, type Wrong } from '../plan/check.ts';
import { registeredOn, saving } from './at-stake.ts';
import { type HandoverCase, sidesOf } from './handover-case.ts';
import { aboutSide, eachSideCheck, sideText } from './side-check.ts';

/**
 * A source that sets the Service back takes the load balancer back from the controller that owns it now: the
 * controller of the taker cleans up, and without the annotation that protects it the load balancer goes.
 */
const sourceKnown = eachSideCheck('managed-elsewhere', 'caution', (side, subject) => {
  const rewriters = side.found ? rewritersOf(side.found, {}) : [];
  if (rewriters.length === 0) return undefined;
  const isTaker = side === subject.to;
  const tools = listed(rewriters.map(({ name }) => name));
  return {
    message: `${sideText(side)} is also written by ${tools}. ${
      isTaker
        ? `If ${tools} sets it back after the handover, its controller cleans up, and load balancer ${subject.loadBalancer.name} can be deleted.`
        : `If ${tools} sets it back after the release, two controllers claim load balancer ${subject.loadBalancer.name}.`
    }`,
    about: aboutSide(side),
    hints: [
      advice(
        isTaker
          ? `Put the annotations of the former owner's Service, type: LoadBalancer and its loadBalancerClass into its source first, and pause ${tools} until the handover is done.`
          : `Change type, loadBalancerClass and annotations in its source first, and pause ${tools} until the handover is done.`,
      ),
    ],
    ...(isTaker ? saving(registeredOn(subject)) : {}),
    grave: true,
  };
});

const dnsPrefix = 'external-dns.alpha.kubernetes.io/';

/**
 * The TXT record of external-dns keeps OLD's owner id: with `--policy=sync`, deleting OLD's Service later
 * deletes the record, also where another cluster owns the load balancer by then.
 */
const nameStays = check<HandoverCase>('dns-owner', 'caution', (subject) => {
  const { from } = subject;
  if (!from) return undefined;
  const annotated = sidesOf(subject).flatMap((side): readonly Wrong[] => {
    const keys = Object.keys(side.found?.annotations ?? {}).filter((key) =>
      key.startsWith(dnsPrefix),
    );
    return keys.length === 0
      ? []
      : [owned(subject, `${sideText(side)} has the annotation ${listed(keys)}`)];
  });
  if (annotated[0]) return annotated[0];
  const { externalDns } = from.cluster;
  if (externalDns && !externalDns.ok) return skippedUnread(externalDns.problem);
  const running = externalDns?.value ?? [];
  if (running.length === 0) return undefined;
  return owned(
    subject,
    `external-dns runs in ${from.cluster.context} (Deployment ${listed(running.map(nameText))})`,
  );
});

function owned({ from }: HandoverCase, why: string): Wrong {
  const context = from?.cluster.context ?? '';
  return {
    message: `${why}. The DNS record of the load balancer stays owned by external-dns of ${context}: when the Service of ${context} is deleted later, external-dns may delete the record, and no client of any cluster finds the load balancer.`,
    ...(from ? { about: aboutSide(from) } : {}),
    hints: [
      ...(from ? [describeHint(context, 'service', from.service)] : []),
      kubectlHint(
        { context },
        'get',
        'deployments',
        '--all-namespaces',
        '-l',
        'app.kubernetes.io/name=external-dns',
      ),
      advice(
        'Run external-dns of this cluster with --policy=upsert-only, or move the record to the external-dns of the new owner (--txt-owner-id). Pause it while the Service is released.',
      ),
    ],
    grave: true,
  };
}

/** Whether other tools keep what a handover changes. */
export const managerChecks = { sourceKnown, nameStays } satisfies Record<
  string,
  Check<HandoverCase>
>;
