import type { ControllerDeployment } from '../core/model/kubernetes.ts';
import {
  defined,
  type Json,
  numberAt,
  objectAt,
  objectsAt,
  textAt,
  textMapAt,
  textsAt,
} from './json.ts';

/** A controller's Deployment: its version and the flags that matter to an enrollment. */
export function deploymentOf(object: Json): ControllerDeployment {
  const metadata = objectAt(object, 'metadata');
  const container = containerOf(object);
  const flags = flagsOf(container);
  const flag = (name: string): string | undefined => flags.get(name);
  const most = Number(flag('max-targets-per-target-group'));
  return {
    namespace: textAt(metadata, 'namespace') ?? '',
    name: textAt(metadata, 'name') ?? '',
    readyReplicas: numberAt(objectAt(object, 'status'), 'readyReplicas') ?? 0,
    ...defined({
      replicas: numberAt(objectAt(object, 'spec'), 'replicas'),
      version: versionOf(textAt(container, 'image') ?? '', textMapAt(metadata, 'labels')),
      clusterName: flag('cluster-name'),
      vpcId: flag('aws-vpc-id'),
      watchNamespace: flag('watch-namespace') || undefined,
      backendSecurityGroup: flag('backend-security-group') || undefined,
      maxTargetsPerTargetGroup: most > 0 ? most : undefined,
    }),
  };
}

/**
 * Flags that decide what a controller makes, or which of its pods does it (`pkg/config/*.go`,
 * docs/deploy/configurations.md). No other is kept: a command line may have anything in it.
 */
const deciding = [
  'cluster-name',
  'watch-namespace',
  'load-balancer-class',
  'feature-gates',
  'default-target-type',
  'default-load-balancer-scheme',
  'default-ssl-policy',
  'default-tags',
  'external-managed-tags',
  'enable-backend-security-group',
  'backend-security-group',
  'enable-manage-backend-security-group-rules',
  'disable-restricted-sg-rules',
  'service-target-eni-security-group-tags',
  'enable-leader-election',
  'leader-election-id',
  'leader-election-namespace',
] as const;

/** A flag that is true where it stands alone. */
const isSwitch = (name: string): boolean => /^(enable|disable)-/.test(name);

/** Flags of a controller's Deployment that decide what it makes, by name without dashes. */
export function decidingFlags(object: Json): Readonly<Record<string, string>> {
  const flags = flagsOf(containerOf(object));
  return Object.fromEntries(
    deciding.flatMap((name) => {
      const value = flags.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

const containerOf = (object: Json): Json =>
  controllerAmong(objectsAt(objectAt(object, 'spec', 'template', 'spec'), 'containers'));

/** Sidecars may come first: the controller is the one with its flag, or with its image. */
function controllerAmong(containers: readonly Json[]): Json {
  return (
    containers.find((one) =>
      textsAt(one, 'args').some((arg) => arg.startsWith('--cluster-name')),
    ) ??
    containers.find((one) => textAt(one, 'image')?.includes('aws-load-balancer-controller')) ??
    containers[0] ??
    {}
  );
}

/**
 * Flags as `--name=value` or `--name value`; the last one counts, as in pflag. A switch takes its value
 * behind an equals sign only.
 */
function flagsOf(container: Json): ReadonlyMap<string, string> {
  const words = [...textsAt(container, 'command'), ...textsAt(container, 'args')];
  const values = new Map<string, string>();
  words.forEach((word, at) => {
    const match = /^--?([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(word);
    if (!match?.[1]) return;
    const next = words[at + 1];
    const alone = isSwitch(match[1]) ? 'true' : next && !next.startsWith('-') ? next : '';
    values.set(match[1], match[2] ?? alone);
  });
  return values;
}

/**
 * `3.5.0` from the image's tag, else from the label that helm writes. An image may be named by its
 * digest alone, and a registry may have a port before any tag.
 */
function versionOf(image: string, labels: Readonly<Record<string, string>>): string | undefined {
  const tag = /:([^:/@]+)(?:@.*)?$/.exec(image.replace(/@sha256:.*$/, ''))?.[1];
  return numberIn(tag) ?? numberIn(labels['app.kubernetes.io/version']);
}

const numberIn = (text: string | undefined): string | undefined =>
  /^v?(\d+\.\d+\.\d+)/.exec(text ?? '')?.[1];
