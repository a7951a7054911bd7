import type { Instance } from '@aws-sdk/client-ec2';
import type { Reading } from '../core/model/problem.ts';
import { known } from '../core/model/problem.ts';
import type { AwsClient } from './connect.ts';
import { allPages, groupsOf, listIn, mapOf } from './fields.ts';

/** Values of one filter that EC2 takes in a call. */
export const valuesPerFilter = 200;

/**
 * Instances that a filter finds. By filter and not by id: one unknown id among many would make EC2
 * refuse them all, and an id that nothing is found for is the answer "gone".
 */
export async function findInstances(
  aws: AwsClient,
  region: string,
  filter: string,
  values: readonly string[],
): Promise<Reading<readonly Instance[]>> {
  const about = { action: 'DescribeInstances', region };
  const found: Instance[] = [];
  for (const Values of groupsOf(values, valuesPerFilter)) {
    const Filters = [{ Name: filter, Values: [...Values] }];
    const read = await allPages<Instance>(async (NextToken) => {
      const answer = await aws.ec2(about, (client, sdk, o) =>
        client.send(
          new sdk.DescribeInstancesCommand({ Filters, ...(NextToken && { NextToken }) }),
          o,
        ),
      );
      const list = listIn(answer, (output) => output.Reservations, about);
      if (!list.ok) return list;
      const items = list.value.flatMap((reservation) => reservation.Instances ?? []);
      return known({ items, next: answer.ok ? answer.value.NextToken : undefined });
    });
    if (!read.ok) return read;
    found.push(...read.value);
  }
  return known(found);
}

/** The cluster that an instance is a node of, as EKS, its node groups or older tools tag it. */
export function clusterOfInstance(instance: Instance): string | undefined {
  const tags = mapOf(instance.Tags ?? []);
  const named =
    tags['eks:cluster-name'] || tags['aws:eks:cluster-name'] || tags['eks:eks-cluster-name'];
  if (named) return named;
  const prefix = 'kubernetes.io/cluster/';
  const owned = Object.keys(tags).filter((key) => key.startsWith(prefix));
  // An instance tagged for two clusters is evidence for neither.
  return owned.length === 1 ? owned[0]?.slice(prefix.length) : undefined;
}
