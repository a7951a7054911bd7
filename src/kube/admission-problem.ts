import { kubectlHint } from '../core/model/hint.ts';
import type { Problem } from '../core/model/problem.ts';

/**
 * The Problem of an answer that an admission webhook caused; undefined when none did. The words
 * are those of kube-apiserver (`staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook`):
 * the status code is 500 or the webhook's own, so the words are all there is to go by.
 */
export function admissionProblem(said: string, context: string): Problem | undefined {
  const details = [`the API server says: ${said}`];
  const failed = /failed calling webhook "([^"]+)"/.exec(said);
  if (failed) {
    return {
      code: 'webhook-unreachable',
      message: `The admission webhook ${failed[1]} of cluster ${context} does not answer, so nothing can be written there.`,
      hints: [
        kubectlHint(
          { context },
          'get',
          'deployments',
          '-A',
          '-l',
          'app.kubernetes.io/name=aws-load-balancer-controller',
        ),
      ],
      about: { cluster: context, ...(failed[1] === undefined ? {} : { webhook: failed[1] }) },
      details,
    };
  }
  const denied = /admission webhook "([^"]+)" denied the request:? ?(.*)/.exec(said);
  if (denied) {
    return {
      code: 'admission-denied',
      message: `The admission webhook ${denied[1]} of cluster ${context} refuses the object: ${denied[2] || 'it gives no reason'}`,
    };
  }
  return undefined;
}
