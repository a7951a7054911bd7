import type { KubeObject } from '../object.ts';
import { parseFieldSelector, parseLabelSelector } from '../selectors.ts';
import { badRequest, failure, StatusError } from '../status-error.ts';
import { json } from './exchange.ts';
import type { Answer, Request } from './exchange.ts';
import { Representation } from './representation.ts';
import type { Target } from './target.ts';
import { count } from './verb.ts';

interface Token {
  readonly v: 'meta.k8s.io/v1';
  readonly rv: number;
  /** Namespace/name of the last object that was given. */
  readonly start: string;
}

function placeOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

function encode(token: Token): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

/** Source: apiserver pkg/storage/continue.go. */
function decode(text: string): Token {
  const problem = 'continue key is not valid: ';
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString()) as Token;
    if (token.v === 'meta.k8s.io/v1' && Number.isInteger(token.rv) && token.rv > 0) return token;
  } catch (error) {
    throw badRequest(`${problem}${(error as Error).message}`);
  }
  throw badRequest(`${problem}incorrect encoded start resourceVersion (version meta.k8s.io/v1)`);
}

/** What a request's selectors let through. Raises 400 where they cannot be read. */
export function selected(request: Request, { def, name }: Target): (object: KubeObject) => boolean {
  const labels = parseLabelSelector(request.query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(request.query.get('fieldSelector') ?? '', def.kind);
  return (object) =>
    (!name || object.metadata.name === name) &&
    labels(object.metadata.labels ?? {}) &&
    fields(object);
}

/** A resourceVersion of a query; 0 when absent or "0". Raises 400 for what is no number. */
export function askedVersion(request: Request): number {
  const asked = request.query.get('resourceVersion') || '0';
  if (!/^\d+$/.test(asked))
    throw badRequest(
      `resourceVersion: Invalid value: "${asked}": strconv.ParseUint: parsing "${asked}": invalid syntax`,
    );
  return Number(asked);
}

function checkVersion(request: Request): void {
  const asked = askedVersion(request);
  const { version } = request.cluster.store;
  if (asked <= version) return;
  const message = `Too large resource version: ${asked}, current: ${version}`;
  const causes = [
    { reason: 'ResourceVersionTooLarge', message: 'Too large resource version', field: '' },
  ];
  throw failure(504, 'Timeout', message, { causes, retryAfterSeconds: 1 });
}

const TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.';

/** The objects of one state of the store, from the token's onwards. Raises 410 for an expired token. */
function snapshot(request: Request, target: Target, token: Token | undefined): KubeObject[] {
  const { store } = request.cluster;
  if (!token) return store.list(target.def.key, target.namespace);
  try {
    return store
      .listAt(target.def.key, token.rv, target.namespace)
      .filter((object) => placeOf(object) > token.start);
  } catch (error) {
    if (error instanceof StatusError && error.status.code === 410)
      throw failure(410, 'Expired', TOO_OLD);
    throw error;
  }
}

/**
 * GET of a collection: selectors, limit and continue. All pages of a list show the state of its
 * first page. Source: apiserver pkg/storage/etcd3/store.go.
 */
export function list(request: Request, target: Target): Answer {
  const representation = new Representation(request, target.def);
  const asked = count(request.query, 'limit') ?? 0;
  // A server may give fewer than requested, and says `continue`: clients may not count on a page's size.
  const limit = asked > 0 ? Math.min(asked, request.cluster.pageSize ?? asked) : 0;
  const given = request.query.get('continue');
  const token = given ? decode(given) : undefined;
  if (!token) checkVersion(request);
  const matches = selected(request, target);
  const found = snapshot(request, target, token).filter(matches);
  const rv = token?.rv ?? request.cluster.store.version;
  const page = limit > 0 ? found.slice(0, limit) : found;
  const left = found.length - page.length;
  const filtered = request.query.get('labelSelector') || request.query.get('fieldSelector');
  return json(
    representation.list(page, {
      resourceVersion: String(rv),
      ...(left > 0 && {
        continue: encode({ v: 'meta.k8s.io/v1', rv, start: placeOf(page.at(-1)!) }),
        // With selectors the real server does not know it.
        ...(!filtered && { remainingItemCount: left }),
      }),
    }),
  );
}
