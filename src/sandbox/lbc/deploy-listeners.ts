import type { ControllerApi } from './controller-api.ts';
import type { ServiceModel } from './service-model.ts';
import { resourceTags } from './tracking.ts';
import type { StackTags } from './tracking.ts';

interface Listener {
  readonly ListenerArn: string;
  readonly Port: number;
  readonly Protocol: string;
  readonly DefaultActions: readonly {
    readonly TargetGroupArn?: string;
    readonly ForwardConfig?: {
      readonly TargetGroups?: readonly {
        readonly TargetGroupArn?: string;
        readonly Weight?: number;
      }[];
    };
  }[];
}

/**
 * pkg/deploy/elbv2/listener_synthesizer.go: listeners on ports that are not wanted go, missing ones
 * are made, and whatever was changed on the others by hand is put back.
 */
export function deployListeners(
  api: ControllerApi,
  stack: StackTags,
  model: ServiceModel,
  balancerArn: string,
  targetGroupArns: ReadonlyMap<string, string>,
): void {
  const present = api.pages<Listener>(
    'elbv2.DescribeListeners',
    { LoadBalancerArn: balancerArn },
    'Listeners',
  );
  const ports = new Set(model.listeners.map((listener) => listener.port));
  for (const { ListenerArn, Port } of present) {
    if (!ports.has(Port)) api.aws('elbv2.DeleteListener', { ListenerArn });
  }
  for (const { port, resourceId } of model.listeners) {
    const arn = targetGroupArns.get(resourceId)!;
    const actions = [
      // Numbered although alone (pkg/deploy/elbv2/listener_utils.go).
      { Type: 'forward', Order: 1, ForwardConfig: { TargetGroups: [{ TargetGroupArn: arn }] } },
    ];
    const found = present.find((listener) => listener.Port === port);
    if (!found) {
      api.aws('elbv2.CreateListener', {
        LoadBalancerArn: balancerArn,
        Port: port,
        Protocol: 'TCP',
        DefaultActions: actions,
        Tags: resourceTags(stack, String(port), model.tags),
      });
    } else if (found.Protocol !== 'TCP' || !forwardsOnlyTo(found, arn)) {
      api.aws('elbv2.ModifyListener', {
        ListenerArn: found.ListenerArn,
        Port: port,
        Protocol: 'TCP',
        DefaultActions: actions,
      });
    }
  }
}

function forwardsOnlyTo(listener: Listener, arn: string): boolean {
  const [action, ...more] = listener.DefaultActions;
  const groups = action?.ForwardConfig?.TargetGroups ?? [];
  const arns =
    groups.length > 0 ? groups.map((group) => group.TargetGroupArn) : [action?.TargetGroupArn];
  return more.length === 0 && arns.length === 1 && arns[0] === arn;
}
