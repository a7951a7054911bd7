import { describeHint, kubectlHint } from '../model/hint.ts';
import { type AppDeployment, nameText } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { verifyHint } from '../model/nlbmc-hints.ts';
import { deploymentsBehind } from '../observed/behind-service.ts';
import { unreadOf } from '../observed/member.ts';
import type { PortCase } from '../observed/port-case.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import { count, listed } from '../model/words.ts';
import { overListed } from './endpoint-findings.ts';

/** How far a rollout is. `stuck`: nothing but a person makes it go on. */
type Rollout =
  | { readonly kind: 'done' }
  | { readonly kind: 'going'; readonly how: string }
  | { readonly kind: 'stuck'; readonly why: 'late' | 'paused' };

/**
 * How far the rollout of a Deployment is, as `kubectl rollout status` tells it
 * (kubernetes/kubectl, pkg/polymorphichelpers/rollout_status.go), by the reason that the controller
 * gives (kubernetes, pkg/controller/deployment/progress.go). It gives `NewReplicaSetAvailable` once
 * all pods are of the current template and available, and keeps it until the next rollout. Any
 * other reason is an end only where the numbers say so: a Deployment can be paused after its end.
 * Without a progress deadline there is no reason, and the numbers alone tell.
 */
export function rolloutOf(deployment: AppDeployment): Rollout {
  const { generation, observedGeneration, progressing, paused } = deployment;
  const { replicas, present, updated, available } = deployment;
  if (observedGeneration < generation) {
    return { kind: 'going', how: 'its controller has not acted on the last change yet' };
  }
  if (progressing === 'ProgressDeadlineExceeded') return { kind: 'stuck', why: 'late' };
  if (progressing === 'NewReplicaSetAvailable') return { kind: 'done' };
  const ended = updated >= replicas && present <= updated && available >= updated;
  const silent = progressing === undefined || paused || progressing.startsWith('Deployment');
  if (ended && silent) return { kind: 'done' };
  if (paused) return { kind: 'stuck', why: 'paused' };
  const old = present - updated;
  return {
    kind: 'going',
    how:
      old > 0
        ? `${updated} of ${count(replicas, 'pod')} updated, ${old} of the old ones left`
        : `${updated} of ${count(replicas, 'pod')} updated, ${available} available`,
  };
}

/** What keeps the Deployments behind the Service of a cluster from having been rolled out. */
export function rolloutProblems(cluster: ClusterView, context: PortCase): readonly Problem[] {
  const where = cluster.context;
  if (cluster.workloads && !cluster.workloads.deployments.ok) {
    return unreadOf([cluster.workloads.deployments], where);
  }
  const all = (cluster.workloads && valueOf(cluster.workloads.deployments)) ?? [];
  return deploymentsBehind(cluster, all).flatMap((deployment): readonly Problem[] => {
    const { namespace, name } = deployment;
    const rollout = rolloutOf(deployment);
    const what = `Deployment ${nameText(deployment)} in ${where}`;
    const about = { cluster: where, deployment: { namespace, name } };
    switch (rollout.kind) {
      case 'done':
        return [];
      case 'going':
        return [
          {
            code: 'rollout-in-progress',
            message: `${what} is still rolling out: ${rollout.how}.`,
            hints: [
              context.intent.waited
                ? kubectlHint(
                    { context: where, namespace },
                    'rollout',
                    'status',
                    `deployment/${name}`,
                  )
                : overListed(context, verifyHint, { rollout: true, wait: true }),
            ],
            about,
          },
        ];
      case 'stuck':
        return [
          {
            code: 'rollout-stuck',
            message:
              rollout.why === 'late'
                ? `${what} has exceeded its progress deadline. Its rollout does not complete by itself.`
                : `${what} is paused in the middle of a rollout. The rollout continues when a person resumes it.`,
            hints: [
              rollout.why === 'late'
                ? describeHint(where, 'deployment', deployment)
                : kubectlHint(
                    { context: where, namespace },
                    'rollout',
                    'resume',
                    `deployment/${name}`,
                  ),
            ],
            about,
          },
        ];
    }
  });
}

/** Pods behind the Service whose rollouts were not checked, since no Deployment made them. */
export function unseenRollouts(cluster: ClusterView): readonly Problem[] {
  const { context, service, localService, workloads } = cluster;
  const found = valueOf(service);
  if (!found) return [];
  const about = { cluster: context, service: localService };
  const what = `Service ${nameText(localService)} in ${context}`;
  if (!workloads) {
    const message = `${what} has no selector, so it has no Deployment. --rollout does not check it.`;
    return [{ code: 'rollout-unseen', message, about }];
  }
  const others = (valueOf(workloads.pods) ?? []).filter(({ ofDeployment }) => !ofDeployment);
  if (others.length === 0) return [];
  const kinds = [...new Set(others.map(({ madeBy }) => madeBy ?? 'bare pod'))].toSorted();
  return [
    {
      code: 'rollout-unseen',
      message: `${count(others.length, 'pod')} of ${what} ${others.length === 1 ? 'belongs' : 'belong'} to no Deployment (${listed(kinds)}). --rollout does not check ${others.length === 1 ? 'it' : 'them'}.`,
      about,
    },
  ];
}
