import type { ObjectName } from './kubernetes.ts';

/** A TargetGroupConfiguration that selects a Service, as its `spec` was given by the API server. */
export interface TargetGroupConfiguration extends ObjectName {
  readonly spec: Readonly<Record<string, unknown>>;
}

/** How the Gateways of a cluster are told what the target groups of a Service are like. */
export interface GatewaySettings {
  /** The `apiVersion` that the API server serves. */
  readonly apiVersion: string;
  /** Those that select the Service. LBC takes one of them; more than one is a mistake. */
  readonly configurations: readonly TargetGroupConfiguration[];
}
