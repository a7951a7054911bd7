import { editServiceHint } from '../model/hint.ts';
import { nameText, type Service } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import { requiredScheme, requiredTargetType } from '../model/service-settings.ts';
import { ownBindings } from '../observed/enrollment.ts';
import type { Observed } from '../observed/observed.ts';

const schemes = ['internal', 'internet-facing'];
const targetTypes = ['ip', 'instance'];

/**
 * What the annotations of the owner's Service require, and the controller can only do by making another
 * load balancer or target group in place of the one that all clusters share (`pkg/deploy/elbv2/load_balancer_synthesizer.go`,
 * `target_group_synthesizer.go`). Deletion protection does not stop it. A value that the controller does not know
 * stops its reconcile, and its event says so.
 */
export function replacingSettings(
  { loadBalancer }: Observed,
  primary: ClusterView,
  service: Service,
): readonly Problem[] {
  const balancer = valueOf(loadBalancer);
  const { namespace, name } = service;
  const scheme = requiredScheme(service);
  const targetType = requiredTargetType(service);
  const other = ownBindings(primary, service).find((one) => one.targetType !== targetType);
  const found = [
    ...(balancer && scheme !== undefined && schemes.includes(scheme) && balancer.scheme !== scheme
      ? [`the scheme ${scheme}, and load balancer ${balancer.name} is ${balancer.scheme}`]
      : []),
    ...(other && targetType !== undefined && targetTypes.includes(targetType)
      ? [`targets of type ${targetType}, and ${nameText(other)} has ${other.targetType}`]
      : []),
  ];
  return found.map((what) => ({
    code: 'attributes-not-applied',
    message: `Service ${nameText(service)} in ${primary.context} requires ${what}: at its next reconcile the controller makes another one and deletes what all clusters share.`,
    hints: [editServiceHint(primary.context, { namespace, name })],
    about: { cluster: primary.context, service: { namespace, name } },
  }));
}
