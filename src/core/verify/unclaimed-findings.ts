import type { AddressEvidence } from '../model/aws.ts';
import { clusterNames } from '../model/cluster-name.ts';
import { overListed } from './endpoint-findings.ts';
import type { Finding } from './finding.ts';
import { type ClusterRef, type Hint, noted } from '../model/hint.ts';
import { accepting, purgeHint, verifyHint } from '../model/nlbmc-hints.ts';
import { askedNames } from '../observed/asked-names.ts';
import { mayServe } from '../observed/member.ts';
import type { PortCase } from '../observed/port-case.ts';
import type { RegisteredTarget } from '../model/target.ts';
import { targetText } from '../model/target-key.ts';

/** What EC2 says of an address, in words; empty: nothing. */
function evidenceText(evidence: AddressEvidence | undefined): string {
  if (!evidence) return '';
  const { gone, instance, networkInterface, cluster } = evidence;
  if (gone) {
    return instance === undefined
      ? 'EC2 has no network interface with this address'
      : `instance ${instance} is gone`;
  }
  return [
    ...(instance === undefined
      ? networkInterface === undefined
        ? []
        : [`network interface ${networkInterface}`]
      : [`instance ${instance}`]),
    ...(cluster === undefined ? [] : [`cluster tag ${cluster}`]),
  ].join(', ');
}

/** What EC2 says of a target's address, where that was read. */
export const evidenceOf = (
  { target }: RegisteredTarget,
  { observed }: PortCase,
): AddressEvidence | undefined => {
  const reading = observed.addressEvidence[target.id];
  return reading?.ok ? reading.value : undefined;
};

/** The listed cluster that a tag in EC2 names, by its controller's name for it. */
const listedHolder = (evidence: AddressEvidence | undefined, { observed }: PortCase) =>
  observed.clusters.find(
    (cluster) =>
      evidence?.cluster !== undefined && clusterNames(cluster).includes(evidence.cluster),
  );

/**
 * A target that no listed cluster tracks: the cluster that has its address by EC2, and what to type. A cluster that is
 * not listed is to be listed; a target with an address that nothing uses is for `purge`, with its guards; anything
 * else a person has to explain.
 */
export function unclaimedFinding(found: RegisteredTarget, context: PortCase): Finding {
  const { observed } = context;
  const evidence = evidenceOf(found, context);
  const contexts: readonly ClusterRef[] = observed.clusters.map((cluster) => cluster.context);
  const names = askedNames(observed);
  const holder = listedHolder(evidence, context);
  const said = evidenceText(evidence);
  const tag = evidence?.gone === true ? undefined : evidence?.cluster;
  const whose =
    holder !== undefined
      ? `; EC2 gives the address to ${holder.context}, which will not deregister it`
      : tag === undefined
        ? ''
        : `; EC2 gives the address to cluster ${tag}, which is not listed`;
  const text = `tracked by none of the listed clusters${whose}`;
  const missing = holder === undefined ? evidence?.cluster : undefined;
  const known = accepting(
    verifyHint(names, contexts, { 'known-target': [targetText(found.target)] }),
    'a person registered it on purpose',
  );
  const lost = holder !== undefined || (evidence?.gone === true && !mayServe(found));
  const hints: readonly Hint[] =
    missing !== undefined && evidence?.gone !== true
      ? [
          verifyHint(names, [...contexts, { clusterName: missing }]),
          noted(purgeHint(names, contexts), 'if that cluster is gone'),
        ]
      : lost
        ? [overListed(context, purgeHint)]
        : [
            {
              ...verifyHint(names, [...contexts, { any: true }]),
              where: 'with the context of the cluster that has it for …',
            },
            known,
          ];
  return {
    code: 'target-unclaimed',
    cause: JSON.stringify([evidence?.gone === true, evidence?.cluster, mayServe(found)]),
    target: found.target,
    one: `is ${text}${said === '' ? '' : ` (${said})`}`,
    many: `are ${text}`,
    ...(said === '' ? {} : { detail: said }),
    hints,
  };
}
