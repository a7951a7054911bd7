import type { Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import type { KubeClient } from './client.ts';
import { objectAt, textAt } from './json.ts';
import { pathOf } from './paths.ts';

/**
 * What a cluster is, whatever its contexts are called: the UID of its namespace kube-system, which
 * lives as long as the cluster does.
 */
export async function readIdentity(kube: KubeClient): Promise<Reading<string>> {
  const subject = { verb: 'get', resource: 'namespaces', name: 'kube-system' } as const;
  const read = await kube.read({ subject, path: pathOf('namespaces', { name: 'kube-system' }) });
  if (!read.ok) return read;
  const uid = textAt(objectAt(read.value, 'metadata'), 'uid');
  return uid ? known(uid) : unknown(kube.problem({ kind: 'malformed', text: 'no uid' }, subject));
}
