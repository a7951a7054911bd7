import type { Request } from './exchange.ts';
import { badRequest, methodNotAllowed } from '../status-error.ts';
import type { Target } from './target.ts';

export type Verb =
  | 'get'
  | 'list'
  | 'watch'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'deletecollection';

/** A boolean of a query as the server reads it: present without a value is true. */
export function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && !['false', '0'].includes(value.toLowerCase());
}

/** A whole number of a query, undefined when absent. Raises 400 for anything else. */
export function count(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (!/^\d+$/.test(value))
    throw badRequest(`strconv.ParseInt: parsing "${value}": invalid syntax (parameter ${name})`);
  return Number(value);
}

/** What the request wants of its target, as RBAC calls it. Raises 405. */
export function verbOf(request: Request, target: Target): Verb {
  const { name, subresource } = target;
  const one = name !== '';
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      if (flag(request.query, 'watch')) return 'watch';
      return one ? 'get' : 'list';
    case 'POST':
      if (one) throw methodNotAllowed();
      return 'create';
    case 'PUT':
      if (!one || subresource === 'log') throw methodNotAllowed();
      return 'update';
    case 'PATCH':
      if (!one || subresource === 'log' || subresource === 'finalize') throw methodNotAllowed();
      return 'patch';
    case 'DELETE':
      if (subresource) throw methodNotAllowed();
      return one ? 'delete' : 'deletecollection';
    default:
      throw methodNotAllowed();
  }
}
