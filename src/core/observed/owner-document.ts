import type { Enrollment } from './enrollment-document.ts';
import type { Dispute } from './owner-dispute.ts';
import type { Owner } from './owner.ts';

type OwnerDocument = NonNullable<Enrollment['owner']>;

function disputeDocument({ kind, claims, tagged }: Dispute): OwnerDocument {
  return {
    kind: 'disputed',
    reason: kind,
    claims: claims.map(({ kind: of, name, cluster }) => ({
      kind: of,
      ...name,
      context: cluster.context,
    })),
    tags: tagged
      ? { kind: tagged.kind, ...tagged.name, clusterName: tagged.clusterName ?? null }
      : null,
  };
}

/** The owner as a document has it; null: its tags could not be read. */
export function ownerDocument(owner: Owner): OwnerDocument | null {
  if (owner.kind === 'unread') return null;
  if (owner.kind === 'none') return { kind: 'none' };
  if (owner.kind === 'disputed') return disputeDocument(owner.dispute);
  const { kind, name, cluster, clusterName } = owner;
  return { kind, ...name, context: cluster?.context ?? null, clusterName: clusterName ?? null };
}
