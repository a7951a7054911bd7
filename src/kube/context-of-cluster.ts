import { eksCommand } from './eks-command.ts';
import { execConfigOf } from './exec-config.ts';
import { objectAt, textAt } from './json.ts';
import { type Kubeconfig, type KubeconfigPlace, loadKubeconfig } from './kubeconfig.ts';

/** The cluster that the entry of a context says it is of: what it signs for, or the ARN of its entry. */
function clusterNameOf(config: Kubeconfig, context: string): string | undefined {
  const entry = objectAt(config.contexts.get(context) ?? {});
  const exec = execConfigOf(objectAt(config.users.get(textAt(entry, 'user') ?? '') ?? {}));
  const signed = exec && eksCommand(exec)?.cluster;
  // `aws eks update-kubeconfig` names the entry of a cluster by its ARN, and the context as it likes.
  return (
    signed ??
    /^arn:aws[a-z-]*:eks:[^:]*:\d*:cluster\/(.+)$/.exec(textAt(entry, 'cluster') ?? '')?.[1]
  );
}

/**
 * The one context of the kubeconfig that leads to the EKS cluster of that name; undefined where none
 * or several do. What a context is called says nothing. The kubeconfig is read at the first call.
 */
export function contextsByCluster(place: KubeconfigPlace): (name: string) => string | undefined {
  let config: Kubeconfig | undefined;
  return (name) => {
    const found = (config ??= loadKubeconfig(place));
    const [context, ...others] = [...found.contexts.keys()].filter(
      (one) => clusterNameOf(found, one) === name,
    );
    return others.length > 0 ? undefined : context;
  };
}
