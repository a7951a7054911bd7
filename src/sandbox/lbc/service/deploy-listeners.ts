import type { ControllerApi } from '../process/controller-api.ts';
import type { ListenerModel } from './listener-model.ts';
import type { ServiceModel } from './service-model.ts';
import { describeTags, reconcileTags, resourceTags } from './tracking.ts';
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
  const tagsOf = describeTags(
    api,
    present.map((listener) => listener.ListenerArn),
  );
  for (const { ListenerArn, Port } of present) {
    if (!ports.has(Port)) api.aws('elbv2.DeleteListener', { ListenerArn });
  }
  const listeners = model.listeners.map((wanted) => ({
    wanted,
    found: present.find((listener) => listener.Port === wanted.port),
  }));
  // New ones come first, each kind in the order of its ports.
  const order = listeners.toSorted(
    (a, b) => Number(!!a.found) - Number(!!b.found) || a.wanted.port - b.wanted.port,
  );
  for (const { wanted, found } of order) {
    const arn = targetGroupArns.get(wanted.resourceId)!;
    const settings = { Port: wanted.port, Protocol: 'TCP', DefaultActions: forwardTo(arn) };
    const tags = resourceTags(stack, String(wanted.port), model.tags);
    if (!found) {
      const request = { LoadBalancerArn: balancerArn, ...settings, Tags: tags };
      const made = api.aws<{ Listeners: Listener[] }>('elbv2.CreateListener', request);
      setAttributes(api, made.Listeners[0]!.ListenerArn, wanted);
      continue;
    }
    const { ListenerArn } = found;
    reconcileTags(api, stack, ListenerArn, tagsOf.get(ListenerArn) ?? new Map(), tags);
    if (found.Protocol !== 'TCP' || !forwardsOnlyTo(found, arn)) {
      api.aws('elbv2.ModifyListener', { ListenerArn, ...settings });
    }
    setAttributes(api, ListenerArn, wanted);
  }
}

function forwardTo(arn: string): object[] {
  // Numbered although alone (pkg/deploy/elbv2/listener_utils.go).
  return [
    { Type: 'forward', Order: 1, ForwardConfig: { TargetGroups: [{ TargetGroupArn: arn }] } },
  ];
}

/** pkg/deploy/elbv2/listener_attributes_reconciler.go: a key that is not named keeps its value. */
function setAttributes(api: ControllerApi, arn: string, { attributes }: ListenerModel): void {
  const { Attributes } = api.aws<{ Attributes: { Key: string; Value: string }[] }>(
    'elbv2.DescribeListenerAttributes',
    { ListenerArn: arn },
  );
  const present = new Map(Attributes.map(({ Key, Value }) => [Key, Value]));
  const changes = [...attributes]
    .filter(([key, value]) => present.get(key) !== value)
    .map(([Key, Value]) => ({ Key, Value }))
    .toSorted((a, b) => (a.Key < b.Key ? -1 : 1));
  if (changes.length === 0) return;
  api.aws('elbv2.ModifyListenerAttributes', { ListenerArn: arn, Attributes: changes });
}

function forwardsOnlyTo(listener: Listener, arn: string): boolean {
  const [action, ...more] = listener.DefaultActions;
  const groups = action?.ForwardConfig?.TargetGroups ?? [];
  const arns =
    groups.length > 0 ? groups.map((group) => group.TargetGroupArn) : [action?.TargetGroupArn];
  return more.length === 0 && arns.length === 1 && arns[0] === arn;
}
