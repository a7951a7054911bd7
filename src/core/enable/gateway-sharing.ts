import { ownedByOther } from '../checks/owner.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { GatewaySettings } from '../model/gateway.ts';
import { noted, type NlbmcHint } from '../model/hint.ts';
import type { EnableIntent } from '../model/intent.ts';
import type { Service } from '../model/kubernetes.ts';
import { enableHint } from '../model/nlbmc-hints.ts';
import { bindingsOfService } from '../observed/enrollment.ts';
import { unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { overlooked } from '../observed/overlooked.ts';
import type { Enrollment } from '../observed/owner.ts';
import type { KubeDocument, Plan, PlannedDocument } from '../plan/plan.ts';
import { refused } from '../plan/refused.ts';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An entry that overrides the flag; one that leaves it out has it from the default. */
function sharingEntry(entry: unknown): unknown {
  if (!isFields(entry)) return entry;
  const properties = entry['targetGroupProps'];
  return isFields(properties) && properties['enableMultiCluster'] === false
    ? { ...entry, targetGroupProps: { ...properties, enableMultiCluster: true } }
    : entry;
}

/**
 * The TargetGroupConfiguration that makes a Gateway share the target groups of a Service: the one that
 * selects it, with the flag in its default, and in each entry of `routeConfigurations` that turns it
 * off, since the entry that fits a route best overrides the default
 * (`pkg/gateway/tg_config_constructor.go`, mergeWithLongestMatch); a new one where none selects it.
 */
export function sharingConfiguration(service: Service, settings: GatewaySettings): KubeDocument {
  const [there] = settings.configurations;
  const { namespace, name } = there ?? service;
  const spec: Fields = there?.spec ?? { targetReference: { kind: 'Service', name: service.name } };
  const defaults = spec['defaultConfiguration'];
  const routes = spec['routeConfigurations'];
  return {
    apiVersion: settings.apiVersion,
    kind: 'TargetGroupConfiguration',
    metadata: { namespace, name },
    spec: {
      ...spec,
      defaultConfiguration: { ...(isFields(defaults) ? defaults : {}), enableMultiCluster: true },
      ...(Array.isArray(routes) ? { routeConfigurations: routes.map(sharingEntry) } : {}),
    },
  };
}

/** That configuration in its cluster: a part of the one that is there, or a new one. */
const sharingDocument = (
  cluster: string,
  service: Service,
  settings: GatewaySettings,
): PlannedDocument => ({
  cluster,
  extent: settings.configurations.length > 0 ? 'part' : 'whole',
  document: sharingConfiguration(service, settings),
});

const manifest = ({ service, context }: EnableIntent): NlbmcHint =>
  noted(
    enableHint(service, context, { output: 'manifest' }),
    'prints the TargetGroupConfiguration to apply',
  );

/**
 * Decides about a Service whose load balancer a Gateway owns. nlbmc writes nothing there: where the
 * bindings share already, only their goals are looked at; otherwise the document says what to write.
 * Needed, and refused as unknown when unread: the settings of the Gateways for this Service.
 */
export function planGateway(
  observed: Observed,
  intent: EnableIntent,
  found: {
    readonly cluster: ClusterView;
    readonly service: Service;
    readonly enrollment: Enrollment;
  },
): Plan | undefined {
  const { cluster, service, enrollment } = found;
  const { owner, arns } = enrollment;
  const other = ownedByOther(cluster, enrollment);
  if (!other || owner.kind !== 'gateway') return other && refused([other]);
  const settings = cluster.gatewaySettings;
  if (settings && !settings.ok) return refused(unreadOf([settings], cluster.context));
  const documents = settings ? [sharingDocument(cluster.context, service, settings.value)] : [];
  const bindings = bindingsOfService(cluster, arns, service);
  if (bindings.some(({ multiCluster }) => !multiCluster)) {
    const hints = [manifest(intent), ...(other.hints ?? [])];
    return { ...refused([{ ...other, hints }]), documents };
  }
  return {
    ...refused([]),
    documents,
    goals: bindings.flatMap(({ namespace, name }) =>
      (['binding-multi-cluster', 'endpoints-tracked'] as const).map((kind) => ({
        kind,
        cluster: cluster.context,
        binding: { namespace, name },
      })),
    ),
    skips: overlooked(observed, []),
  };
}
