import type { JournalEntry } from '../../../src/sandbox/requests/journal.ts';
import type { KubeObject } from '../../../src/sandbox/kube/object.ts';

/** A request or call in a few words: `PUT configmaps 404`, `RegisterTargets`. */
export function said(entry: JournalEntry): string {
  if (entry.world === 'aws') return entry.action!.split('.')[1]!;
  const parts = entry.path!.split('/');
  const last = parts.at(-1) === 'status' ? 'status' : '';
  const resource = ['configmaps', 'events', 'services', 'targetgroupbindings', 'pods'].find((one) =>
    parts.includes(one),
  );
  const body = entry.params as KubeObject | undefined;
  const detail = last || describeBody(body);
  const status = entry.status >= 400 ? ` ${entry.status}` : '';
  return `${entry.verb} ${resource}${detail ? ` ${detail}` : ''}${status}`;
}

function describeBody(body: KubeObject | undefined): string {
  if (body?.['reason']) return body['reason'];
  if (body?.metadata?.finalizers !== undefined) return 'finalizers';
  const checkpoint = body?.metadata?.annotations?.['elbv2.k8s.aws/checkpoint'];
  if (checkpoint !== undefined) return checkpoint === '' ? 'checkpoint ""' : 'checkpoint';
  return '';
}
