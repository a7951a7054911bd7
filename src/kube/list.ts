import type { Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import type { KubeClient } from './client.ts';
import type { Failure, Subject } from './failure.ts';
import { type Json, objectAt, objectsAt, textAt } from './json.ts';
import { withQuery } from './paths.ts';

export type Listed =
  | { readonly ok: true; readonly items: readonly Json[] }
  | { readonly ok: false; readonly failure: Failure };

/** Which objects of a list nlbmc requests. */
export interface Selectors {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** A list that changes faster than it can be read is given up after this many starts. */
const starts = 4;

/**
 * Reads all pages of a list. A continue token that has expired (410: the list took longer than etcd
 * keeps its past) restarts the list: pages of two ages must not be mixed.
 */
export async function listAll(
  kube: KubeClient,
  subject: Subject,
  path: string,
  selectors?: Selectors,
): Promise<Listed> {
  for (let start = 1; ; start += 1) {
    const listed = await onePass(kube, subject, path, selectors);
    const expired = !listed.ok && listed.failure.kind === 'status' && listed.failure.status === 410;
    if (!expired || start === starts) return listed;
  }
}

async function onePass(
  kube: KubeClient,
  subject: Subject,
  path: string,
  selectors: Selectors | undefined,
): Promise<Listed> {
  const items: Json[] = [];
  let more: string | undefined;
  do {
    const page = withQuery(path, { limit: kube.pageSize, continue: more, ...selectors });
    const answer = await kube.send({ subject, path: page });
    if (!answer.ok) return { ok: false, failure: answer.failure };
    if (!Array.isArray(answer.body['items'])) {
      return { ok: false, failure: { kind: 'malformed', text: 'a list without items' } };
    }
    items.push(...objectsAt(answer.body, 'items'));
    more = textAt(objectAt(answer.body, 'metadata'), 'continue') || undefined;
  } while (more !== undefined);
  return { ok: true, items };
}

/** All objects of a list, or the Problem why they are unknown. */
export async function readList(
  kube: KubeClient,
  subject: Subject,
  path: string,
  selectors?: Selectors,
): Promise<Reading<readonly Json[]>> {
  const listed = await listAll(kube, subject, path, selectors);
  return listed.ok ? known(listed.items) : unknown(kube.problem(listed.failure, subject));
}

/** Whether the person lacks the right that the request needed. */
export const isForbidden = (failure: Failure): boolean =>
  failure.kind === 'status' && failure.status === 403;
