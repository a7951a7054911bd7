import type { Reading } from '../core/model/problem.ts';
import { known } from '../core/model/problem.ts';
import type { AwsClient } from './connect.ts';
import { mapOf } from './fields.ts';
import { findInstances } from './instances.ts';

/** Tags by which EKS, its node groups and older tools say of which cluster an instance is a node. */
const nameTags = ['eks:cluster-name', 'aws:eks:cluster-name', 'eks:eks-cluster-name'];
const keyOf = (name: string): string => `kubernetes.io/cluster/${name}`;

/** Ids of the instances that run, or begin to, with a tag of one of these clusters. */
export async function readClusterInstances(
  aws: AwsClient,
  region: string,
  names: readonly string[],
): Promise<Reading<readonly string[]>> {
  const answers = await Promise.all([
    findInstances(aws, region, 'tag-key', names.map(keyOf)),
    ...nameTags.map((tag) => findInstances(aws, region, `tag:${tag}`, names)),
  ]);
  const failed = answers.find((one) => !one.ok);
  if (failed) return failed;
  const found = answers.flatMap((one) => (one.ok ? one.value : []));
  const running = found.filter(
    ({ State, Tags }) =>
      ['running', 'pending'].includes(State?.Name ?? '') && isOf(mapOf(Tags ?? []), names),
  );
  return known([...new Set(running.map(({ InstanceId }) => InstanceId ?? ''))].toSorted());
}

const isOf = (tags: Readonly<Record<string, string>>, names: readonly string[]): boolean =>
  names.some((name) => keyOf(name) in tags || nameTags.some((tag) => tags[tag] === name));
