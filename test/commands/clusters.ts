import type { Report } from '../../src/core/plan/report.ts';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { deployment, plainService } from '../../src/sandbox/scenarios/objects.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { runNlbmc } from './harness.ts';

/** Puts the app into these clusters: two pods, and a Service without a load balancer. */
export function deployIn({ world }: Sandbox, names: readonly string[]): void {
  for (const name of names) {
    createAll(world.cluster(name).kube, deployment(2), plainService('ClusterIP'));
  }
  world.settle();
}

/** Clusters with a binding. */
export const boundIn = ({ world }: Sandbox): readonly string[] =>
  [...world.clusters.values()]
    .filter(({ kube }) => kube.list('targetgroupbindings.elbv2.k8s.aws').length > 0)
    .map(({ name }) => name);

/** The report of a command line. */
export const reportOf = async (sandbox: Sandbox, line: string): Promise<Report> =>
  JSON.parse((await runNlbmc(sandbox, `${line} -o json`)).stdout) as Report;
