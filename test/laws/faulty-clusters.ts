import type { VerifyIntent } from '../../src/core/model/intent.ts';
import {
  attributesKey,
  type ClusterBuilder,
  endpointsAt,
  flagKey,
  service,
} from '../core/cluster-builder.ts';
import {
  enabledAnnotations,
  primaryTargets,
  secondaryTargets,
  unreadable,
  type WorldParts,
} from '../core/world.ts';

/** What may be the matter with either cluster. */
export const faults: Readonly<Record<string, (cluster: ClusterBuilder) => ClusterBuilder>> = {
  nothing: (c) => c,
  'Service in deletion': (c) => c.editService({ terminating: true }),
  'no Service': (c) => c.service(undefined),
  'another port': (c) =>
    c.editService({ ports: [{ name: 'http', port: 81, targetPort: 80, protocol: 'TCP' }] }),
  'another protocol': (c) =>
    c.editService({ ports: [{ name: 'http', port: 80, targetPort: 80, protocol: 'SCTP' }] }),
  'an ExternalName': (c) => c.editService({ type: 'ExternalName' }),
  'the other family': (c) => c.editService({ ipFamilies: ['IPv6'] }),
  'no finalizer': (c) => c.editService({ finalizers: [] }),
  'no flag': (c) =>
    c.editService({ annotations: { [attributesKey]: 'deletion_protection.enabled=true' } }),
  'a malformed flag': (c) =>
    c.editService({ annotations: { ...enabledAnnotations, [flagKey]: 'yes' } }),
  'malformed attributes': (c) =>
    c.editService({ annotations: { ...enabledAnnotations, [attributesKey]: 'x' } }),
  'no protection': (c) => c.editService({ annotations: { [flagKey]: 'true' } }),
  'an exclusive binding': (c) => c.editBindings({ multiCluster: false }),
  'a binding in deletion': (c) => c.editBindings({ terminating: true }),
  'a binding that nobody acted on': (c) => c.editBindings({ generation: 2 }),
  'no rules': (c) => c.editBindings({ networking: [] }),
  'rules for another port': (c) =>
    c.editBindings({ networking: [{ from: [], ports: [{ protocol: 'TCP', port: 81 }] }] }),
  'an old controller': (c) => c.controller({ version: '2.9.0' }),
  'a controller that is down': (c) => c.controller({ readyReplicas: 0 }),
  'a controller of another name': (c) => c.controller({ clusterName: 'pri' }),
  'a controller that nobody may read': (c) => c.with({ controller: unreadable() }),
  'an old CRD': (c) => c.with({ crdMultiCluster: { ok: true, value: false } }),
  'no right to list everywhere': (c) => c.with({ bindingsScope: 'namespace' }),
  'EKS Auto Mode': (c) => c.editBindings({ flavour: 'auto-mode' }),
  'no record': (c) => c.with({ tracked: {} }),
  'no pods': (c) => c.endpoints([]),
  'a pod more': (c) => c.endpoints(endpointsAt(['10.0.1.1', '10.0.2.1', '10.0.9.1'])),
  'another identity': (c) => c.with({ identity: { ok: true, value: 'uid-pri' } }),
};

/** The targets of a primary and of a secondary. */
export const both = [...primaryTargets, ...secondaryTargets];

/** What may be the matter in AWS, where these targets are the members'. */
export const awsWith = (all: readonly string[]): Readonly<Record<string, Partial<WorldParts>>> => ({
  nothing: {},
  'no protection in AWS': { protection: 'false' },
  'a target of nobody': { targets: { 80: [...all, '10.0.3.9:80'] } },
  'a target too few': { targets: { 80: all.slice(0, -1) } },
  'an unhealthy target': { targets: { 80: [...all.slice(0, -1), `${all.at(-1)} unhealthy`] } },
  'an impaired load balancer': { balancer: { state: 'active_impaired' } },
  'no listener': { group: { loadBalancerArns: [] } },
});

/** What verify is asked: all of it. */
export const asked: VerifyIntent = {
  service,
  minHealthy: 1,
  knownTargets: [],
  allowUnprotected: false,
  acceptUnread: true,
};
