import { scaleOf } from '../scale.ts';
import { failure, methodNotAllowed, notFound } from '../status-error.ts';
import { KUBERNETES_VERSION } from '../version.ts';
import * as change from './change.ts';
import { discovery } from './discovery.ts';
import { json, NO_SUCH_PATH, text } from './exchange.ts';
import type { Answer, Request } from './exchange.ts';
import { list } from './list.ts';
import { logs } from './logs.ts';
import { openapi } from './openapi-documents.ts';
import { Representation } from './representation.ts';
import { review, reviewAt } from './reviews.ts';
import { targetOf } from './target.ts';
import type { Target } from './target.ts';
import { verbOf } from './verb.ts';
import { watch } from './watch.ts';

const VERSION = {
  major: '1',
  minor: '32',
  gitVersion: KUBERNETES_VERSION,
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'linux/amd64',
};

/** Paths that tell nothing of a cluster and are open to everybody, as in EKS. */
export const openPaths: readonly string[] = ['/healthz', '/livez', '/readyz', '/version'];

const INSIDE_A_POD =
  /^\/api\/v1\/namespaces\/[^/]+\/pods\/[^/]+\/(exec|attach|portforward|ephemeralcontainers|proxy)(\/|$)/;

/**
 * What a path below a version names, served or not: rights are judged before (apiserver
 * pkg/endpoints/request/requestinfo.go).
 */
function resourceIn(path: string) {
  const [, core, group = '', rest] =
    /^\/(?:(api)\/v1|apis\/([^/]+)\/[^/]+)\/(.+)$/.exec(path) ?? [];
  if (rest === undefined) return undefined;
  const parts = rest.split('/');
  const inside = parts[0] === 'namespaces' && parts.length > 2;
  const [plural = '', name, subresource] = inside ? parts.slice(2) : parts;
  return {
    group: core ? '' : group,
    plural,
    resource: plural,
    ...(inside && { namespace: parts[1]! }),
    ...(name && { name }),
    ...(subresource && { subresource }),
  };
}

function elsewhere(request: Request): Answer {
  const { method, path } = request;
  const kind = reviewAt(path);
  if (kind) return review(request, kind);
  if (!openPaths.includes(path)) {
    const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
    const asked = resourceIn(path);
    if (asked) request.cluster.access.check(asked, { user: request.user, verb, ...asked });
    else request.cluster.access.checkPath(request.user, verb, path);
  }
  const found = path === '/version' ? json(VERSION) : discovery(request);
  if (openPaths.includes(path) || found || /^\/openapi\/v[23](\/|$)/.test(path)) {
    if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed();
    if (found) return found;
    return path.startsWith('/openapi') ? openapi(request) : text('ok');
  }
  const inside = INSIDE_A_POD.exec(path)?.[1];
  if (inside) {
    const why = `nothing runs in the pods of a sandbox, so there is no ${inside}; logs are there`;
    throw failure(501, 'NotImplemented', why);
  }
  return NO_SUCH_PATH;
}

function read(request: Request, target: Target): Answer {
  const { def, namespace, name, subresource } = target;
  if (subresource === 'log') return logs(request, target);
  const found = request.cluster.get(def.key, namespace, name);
  if (!found) throw notFound(def, name);
  if (subresource === 'scale') return json(scaleOf(found));
  return json(new Representation(request, def).one(found));
}

/** The name that a list or watch is confined to (apiserver pkg/endpoints/request/requestinfo.go). */
const fieldName = ({ query }: Request): string | undefined =>
  /(?:^|,)metadata\.name==?([^,]+)/.exec(query.get('fieldSelector') ?? '')?.[1];

/** Answers a request of somebody known. What is refused is raised as StatusError. */
export function handle(request: Request): Answer {
  const target = targetOf(request.cluster, request.path);
  if (!target) return elsewhere(request);
  const { def, namespace, name, subresource } = target;
  const verb = verbOf(request, target);
  // A Namespace counts as in itself (apiserver pkg/endpoints/request/requestinfo.go).
  const scope = def.key === 'namespaces' ? name : namespace;
  request.cluster.access.check(def, {
    user: request.user,
    verb,
    group: def.group,
    resource: def.plural,
    ...(subresource && { subresource }),
    ...(scope && { namespace: scope }),
    ...((name || fieldName(request)) && { name: name || fieldName(request)! }),
  });
  switch (verb) {
    case 'get':
      return read(request, target);
    case 'list':
      return list(request, target);
    case 'watch':
      return watch(request, target);
    case 'create':
      return change.create(request, target);
    case 'update':
      return change.update(request, target);
    case 'patch':
      return change.patch(request, target);
    case 'delete':
      return change.remove(request, target);
    case 'deletecollection':
      return change.removeAll(request, target);
  }
}
