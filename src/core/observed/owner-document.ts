import type { Enrollment } from './enrollment-document.ts';
import type { Owner } from './owner.ts';

/** The owner as a document has it; null: its tags could not be read. */
export function ownerDocument(owner: Owner): NonNullable<Enrollment['owner']> | null {
  if (owner.kind === 'unread') return null;
  if (owner.kind === 'none') return { kind: 'none' };
  const { kind, name, cluster, clusterName } = owner;
  return { kind, ...name, context: cluster?.context ?? null, clusterName: clusterName ?? null };
}
