import type { AddressEvidence } from '../model/aws.ts';
import type { Reading } from '../model/problem.ts';

/** What EC2 says of a target's address as people read it: interface, instance, cluster tag. */
export function evidenceText(reading: Reading<AddressEvidence> | undefined): string {
  if (!reading) return 'not looked up in EC2';
  if (!reading.ok) return 'EC2 could not be read';
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
