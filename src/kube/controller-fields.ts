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
  const containers = objectsAt(objectAt(object, 'spec', 'template', 'spec'), 'containers');
  const container = controllerAmong(containers);
  const flag = flagsOf([...textsAt(container, 'command'), ...textsAt(container, 'args')]);
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

/** Looks a flag up, written as `--name=value` or `--name value`; the last one counts, as in pflag. */
function flagsOf(words: readonly string[]): (name: string) => string | undefined {
  const values = new Map<string, string>();
  words.forEach((word, at) => {
    const match = /^--?([a-z][a-z-]*)(?:=(.*))?$/s.exec(word);
    if (!match?.[1]) return;
    const next = words[at + 1];
    const value = match[2] ?? (next && !next.startsWith('-') ? next : '');
    values.set(match[1], value);
  });
  return (name) => values.get(name);
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
