import type { ObjectName } from '../core/model/kubernetes.ts';
import type { Reading } from '../core/model/problem.ts';
import { known } from '../core/model/problem.ts';
import type { KubeClient } from './client.ts';
import { objectAt, objectsAt, textAt } from './json.ts';
import { pathOf, withQuery } from './paths.ts';

/** Ten thousand requests and what other clients do meanwhile fit; a chatty app does not fill memory. */
const mostBytes = 16 * 1024 * 1024;

/** How much of a log is wanted. */
export interface Since {
  /** By the clock of the node, which need not be ours: so it is counted back, and not a time. */
  readonly seconds: number;
}

/**
 * What the containers of a pod wrote lately, one text for each container; undefined when the pod is
 * gone. Nothing changes by it. Sidecars included: which container logs requests is not known.
 */
export async function readPodLogs(
  kube: KubeClient,
  pod: ObjectName,
  since: Since,
): Promise<Reading<readonly string[] | undefined>> {
  const subject = { verb: 'get', resource: 'pods', ...pod } as const;
  const read = await kube.read({ subject, path: pathOf('pods', pod) });
  if (!read.ok) return read.problem.code === 'object-missing' ? known(undefined) : read;
  const texts: string[] = [];
  for (const container of objectsAt(objectAt(read.value, 'spec'), 'containers')) {
    const log = await kube.read({
      subject: { ...subject, resource: 'pods/log' },
      path: withQuery(`${pathOf('pods', pod)}/log`, {
        container: textAt(container, 'name'),
        sinceSeconds: since.seconds,
        limitBytes: mostBytes,
      }),
      text: true,
    });
    if (log.ok) texts.push(textAt(log.value, 'text') ?? '');
    // Gone meanwhile, or a container that has not started: it has answered nothing.
    else if (log.problem.code === 'object-missing') return known(undefined);
    else if (log.problem.code !== 'admission-denied') return log;
  }
  return known(texts);
}
