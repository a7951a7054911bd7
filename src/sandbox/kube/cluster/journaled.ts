import type { Journal } from '../../requests/journal.ts';
import { StatusError } from '../status-error.ts';
import type { Writer } from './writer.ts';

/** Performs a write and, where it came from inside this process, notes it with its outcome. */
export function journaled<T>(
  cluster: { readonly name: string; readonly journal: Journal },
  by: Writer,
  request: { readonly verb: string; readonly path: string; readonly params?: unknown },
  write: () => T,
): T {
  const note = (status: number): void => {
    if (!by.internal) return;
    const dryRun = by.dryRun ?? false;
    cluster.journal.add({
      world: 'kube',
      cluster: cluster.name,
      actor: by.actor,
      ...request,
      dryRun,
      status,
      mutating: !dryRun,
      source: 'internal',
    });
  };
  try {
    const result = write();
    note(request.verb === 'POST' ? 201 : 200);
    return result;
  } catch (error) {
    note(error instanceof StatusError ? error.status.code : 500);
    throw error;
  }
}
