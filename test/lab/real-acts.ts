import { readFileSync } from 'node:fs';
import type { JournalEntry } from '../../src/sandbox/requests/journal.ts';
import { CONTROLLER_USER } from './api-server.ts';
import { actsOf } from './sandbox-acts.ts';
import type { Act } from './stage.ts';

/** As much of an audit event as is read here (k8s.io/apiserver/pkg/apis/audit/v1). */
interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly stageTimestamp: string;
  readonly user: { readonly username: string };
  readonly responseStatus?: { readonly code?: number };
  readonly objectRef?: {
    readonly resource: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly subresource?: string;
  };
  readonly requestObject?: unknown;
}

interface Timed {
  readonly at: number;
  readonly act: Act;
}

const VERBS: readonly string[] = ['create', 'update', 'patch', 'delete'];

/**
 * What was written, by the API servers' audit logs and the AWS endpoint's journal, in the order in
 * which it was done. Both keep milliseconds of one clock here; within one, Kubernetes goes first: a
 * controller that did it the other way round cannot be so quick, since etcd lies between.
 */
export function actsSince(
  start: Date,
  audits: readonly { readonly context: string; readonly file: string }[],
  journal: readonly JournalEntry[],
): Act[] {
  const kube = audits.flatMap(({ context, file }) => kubeActs(context, file));
  const aws = journal
    .filter(({ world }) => world === 'aws')
    .flatMap((entry) => actsOf([entry]).map((act) => ({ at: new Date(entry.at).getTime(), act })));
  return [...kube, ...aws]
    .filter(({ at }) => at >= start.getTime())
    .sort((a, b) => a.at - b.at)
    .map(({ act }) => act);
}

function kubeActs(context: string, file: string): Timed[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AuditEvent)
    .flatMap((event) => kubeAct(context, event));
}

function kubeAct(cluster: string, event: AuditEvent): Timed[] {
  const { objectRef, responseStatus, requestObject, verb } = event;
  if (!objectRef?.namespace || !VERBS.includes(verb)) return [];
  const sent = requestObject as { metadata?: { name?: string }; dryRun?: string[] } | undefined;
  // The API server judges a deletion with a body by the body alone.
  const rehearsed =
    verb === 'delete' && sent ? sent.dryRun?.length : event.requestURI.includes('dryRun=');
  if ((responseStatus?.code ?? 0) >= 400 || rehearsed) return [];
  const { resource, subresource, namespace } = objectRef;
  return [
    {
      at: new Date(event.stageTimestamp).getTime(),
      act: {
        world: 'kube',
        cluster,
        by: event.user.username === CONTROLLER_USER ? 'controller' : 'other',
        verb: verb as 'create' | 'update' | 'patch' | 'delete',
        resource: subresource ? `${resource}/${subresource}` : resource,
        namespace,
        name: objectRef.name ?? sent?.metadata?.name ?? '',
        body: requestObject,
      },
    },
  ];
}
