import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '../../src/sandbox/kube/object.ts';

interface Webhook {
  readonly name: string;
  readonly clientConfig: { readonly service: { readonly path: string } };
  readonly admissionReviewVersions: readonly string[];
}

const CONFIGURATIONS = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

/** Kustomize's patches for config/webhook/manifests.yaml. */
const PATCHES = [
  'pod_mutator_patch.yaml',
  'service_mutator_patch.yaml',
  'ingressclassparams_validator_patch.yaml',
];

const read = new Map<string, readonly KubeObject[]>();

/** The documents of one file of the controller's sources; each file is read once. */
function documents(source: string, ...path: string[]): readonly KubeObject[] {
  const file = join(source, ...path);
  const known = read.get(file);
  if (known) return known;
  const all = loadAll(readFileSync(file, 'utf8')) as (KubeObject | null)[];
  const objects = all.filter((object) => object !== null);
  read.set(file, objects);
  return objects;
}

/** The controller's own definitions of its kinds, as its chart installs them. */
export function customResources(source: string): readonly KubeObject[] {
  return documents(source, 'helm/aws-load-balancer-controller/crds/crds.yaml');
}

/**
 * What a controller needs to make an NLB for a Gateway: it looks for these kinds when it starts
 * (pkg/gateway/crddetect/gateway_feature_flags.go). TCPRoute and UDPRoute are of the Gateway API's
 * experimental channel; the last three are the controller's own.
 */
const GATEWAY_KINDS = ['gatewayclasses', 'gateways', 'tcproutes', 'udproutes', 'tlsroutes'];
/** Watched too, wherever Gateways are. */
const WATCHED_KINDS = ['referencegrants', 'listenersets'];

/** The definitions for Gateways of NLBs. `gatewayApi`: folder with the sources of the Gateway API. */
export function gatewayResources(source: string, gatewayApi: string): KubeObject[] {
  return [
    ...[...GATEWAY_KINDS, ...WATCHED_KINDS].flatMap((kind) =>
      documents(gatewayApi, 'config/crd/experimental', `gateway.networking.k8s.io_${kind}.yaml`),
    ),
    ...documents(source, 'config/crd/gateway/gateway-crds.yaml'),
  ];
}

/** The controller's rights, as generated from its sources. */
export function controllerRole(source: string): KubeObject {
  const role = documents(source, 'config/rbac/role.yaml').find(
    ({ kind }) => kind === 'ClusterRole',
  );
  if (!role) throw new Error('config/rbac/role.yaml of the controller has no ClusterRole');
  return role;
}

/** The right to its Lease, which the chart gives it in the namespace where it runs. */
export function leaderRole(source: string): KubeObject {
  const [role] = documents(source, 'config/rbac/leader_election_role.yaml');
  if (!role) throw new Error('config/rbac/leader_election_role.yaml of the controller is empty');
  return role;
}

/**
 * The controller's webhook configurations, with the selectors that its kustomization adds, asked at
 * 127.0.0.1:`port` in the place of a Service in the cluster. Webhooks for kinds that are not
 * installed stay: nobody asks them.
 */
export function webhookConfigurations(
  source: string,
  o: { readonly port: number; readonly ca: string },
): KubeObject[] {
  const folder = 'config/webhook';
  const patches = PATCHES.flatMap((name) => documents(source, folder, name));
  return documents(source, folder, 'manifests.yaml')
    .filter(({ kind }) => CONFIGURATIONS.includes(kind))
    .map((configuration) => ({
      ...configuration,
      metadata: { name: 'aws-load-balancer-webhook' },
      webhooks: (configuration['webhooks'] as Webhook[]).map((webhook) => {
        const { path } = webhook.clientConfig.service;
        return {
          ...webhook,
          ...selectorsOf(patches, configuration.kind, webhook.name),
          clientConfig: {
            url: `https://127.0.0.1:${o.port}${path}`,
            caBundle: Buffer.from(o.ca).toString('base64'),
          },
        };
      }),
    }));
}

function selectorsOf(patches: readonly KubeObject[], kind: string, name: string): object {
  const fields = patches
    .filter((patch) => patch.kind === kind)
    .flatMap((patch) => patch['webhooks'] as (Record<string, unknown> & { name: string })[])
    .filter((webhook) => webhook.name === name);
  return Object.assign({}, ...fields) as object;
}
