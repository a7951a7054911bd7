import type { JournalEntry } from '../../src/sandbox/requests/journal.ts';
import type { Act } from './stage.ts';

const VERBS: Readonly<Record<string, 'create' | 'update' | 'patch' | 'delete'>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** The sandbox's journal in the words of the stage: writes that succeeded, in their order. */
export function actsOf(entries: readonly JournalEntry[]): Act[] {
  return entries.filter(({ mutating, status }) => mutating && status < 400).flatMap(actOf);
}

function actOf(entry: JournalEntry): Act[] {
  const { world, actor, params } = entry;
  if (world === 'aws') {
    // What HTTP brought comes as a person's or nlbmc's: the sandbox's controllers call in process.
    const by = /^lbc\/(.+)$/.exec(actor)?.[1] ?? 'other';
    return [
      { world, by, action: entry.action ?? '', params: (params ?? {}) as Record<string, unknown> },
    ];
  }
  const place =
    /\/namespaces\/([^/?]+)\/([^/?]+)(?:\/([^/?]+))?(?:\/([^/?]+))?/.exec(entry.path ?? '') ?? [];
  const [, namespace, plural, named, subresource] = place;
  const verb = VERBS[entry.verb ?? ''];
  // Cluster-wide objects belong to no scenario.
  if (!namespace || !plural || !verb) return [];
  const sent = params as { metadata?: { name?: string } } | undefined;
  return [
    {
      world,
      cluster: entry.cluster ?? '',
      by: actor === 'lbc' ? 'controller' : 'other',
      verb,
      resource: subresource ? `${plural}/${subresource}` : plural,
      namespace,
      name: named ?? sent?.metadata?.name ?? '',
      body: params,
    },
  ];
}
