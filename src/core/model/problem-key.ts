import { nameText } from './kubernetes.ts';
import type { Problem } from './problem.ts';
import { targetKey } from './target-key.ts';

/**
 * What identifies a problem: its code and its subject, never its texts. Two that have the same
 * key are one problem.
 */
export function problemKey({ code, about = {} }: Problem): string {
  const { cluster, clusterName, service, binding, deployment } = about;
  const { target, port, targetGroup, securityGroup, webhook, request } = about;
  return [
    code,
    cluster ?? '',
    clusterName ?? '',
    service ? nameText(service) : '',
    binding ? nameText(binding) : '',
    deployment ? nameText(deployment) : '',
    target ? targetKey(target) : '',
    String(port ?? ''),
    targetGroup ?? '',
    securityGroup ?? '',
    webhook ?? '',
    request ?? '',
  ].join('|');
}

/** Each problem once; of those that are the same the last one, in the place of the first. */
export const eachOnce = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [problemKey(problem), problem])).values(),
];
