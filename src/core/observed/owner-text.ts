import type { OwnerEvidence } from '../model/aws.ts';
import type { Reading } from '../model/problem.ts';

/** The evidence for a target's owner as people read it: interface, instance, cluster tag. */
export function ownerText(reading: Reading<OwnerEvidence> | undefined): string {
  if (!reading) return 'owner not looked up';
  if (!reading.ok) return 'owner unknown';
  const { gone, networkInterface, instance, cluster } = reading.value;
  if (gone) {
    return instance === undefined
      ? 'no network interface has this address'
      : `instance ${instance} is gone`;
  }
  return [
    ...(networkInterface === undefined ? [] : [`network interface ${networkInterface}`]),
    instance === undefined ? 'no instance' : `instance ${instance}`,
    cluster === undefined ? 'no cluster tag' : `cluster tag ${cluster}`,
  ].join(', ');
}
