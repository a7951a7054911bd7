import type { ControllerApi } from '../process/controller-api.ts';
import { reconcileCertificates } from './listener-certificates.ts';
import type { ListenerModel } from './listener-model.ts';
import { hasAttributes, isDrifted, listenerSettings } from './listener-settings.ts';
import type { PresentListener } from './listener-settings.ts';
import type { ServiceModel } from './service-model.ts';
import type { Stack } from './stack-items.ts';
import { resourceTags } from './tracking.ts';

/**
 * pkg/deploy/elbv2/listener_synthesizer.go: listeners on ports that are not wanted go, missing ones
 * are made, and whatever was changed on the others by hand is put back.
 */
export function deployListeners(
  api: ControllerApi,
  stack: Stack,
  model: ServiceModel,
  balancerArn: string,
  targetGroupArns: ReadonlyMap<string, string>,
  version: string,
): void {
  const present = api.pages<PresentListener>(
    'elbv2.DescribeListeners',
    { LoadBalancerArn: balancerArn },
    'Listeners',
  );
  const ports = new Set(model.listeners.map((listener) => listener.port));
  const tagsOf = stack.known.of(present.map((listener) => listener.ListenerArn));
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
    const settings = listenerSettings(wanted, arn);
    const tags = resourceTags(stack, String(wanted.port), model.tags);
    const ListenerArn =
      found?.ListenerArn ??
      api.aws<{ Listeners: PresentListener[] }>('elbv2.CreateListener', {
        LoadBalancerArn: balancerArn,
        ...settings,
        Tags: tags,
      }).Listeners[0]!.ListenerArn;
    if (found) {
      const present = tagsOf.get(ListenerArn) ?? new Map<string, string>();
      stack.known.reconcile(stack.clusterName, ListenerArn, present, tags);
      if (isDrifted(found, wanted, arn)) {
        api.aws('elbv2.ModifyListener', { ListenerArn, ...settings });
      }
    }
    const hadPolicy = found && found.SslPolicy !== undefined;
    reconcileCertificates(api, ListenerArn, wanted, version, hadPolicy);
    if (hasAttributes(wanted.protocol, version)) setAttributes(api, ListenerArn, wanted);
  }
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
