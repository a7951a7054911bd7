import { isInRange } from './cidr.ts';

/** A proxy, and the variable (or the field of the kubeconfig) that names it. */
export interface Proxy {
  /** With a scheme, perhaps with a user and a password: never to be printed. */
  readonly url: string;
  readonly from: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Which spelling of a variable wins where both are set: kubectl reads HTTPS_PROXY first (Go's
 * golang.org/x/net/http/httpproxy), the aws CLI https_proxy (Python's urllib.request).
 */
export type Spelling = 'upper' | 'lower';

/**
 * The proxy for a URL, by Go's rules, which are kubectl's; undefined: none. Loopback never goes
 * through one, nor what NO_PROXY lists: names with all below them (`.name`: those below it alone),
 * addresses, ranges, each perhaps with a port, or `*`. The aws CLI knows no ranges there; all else
 * it reads alike.
 */
export function proxyFor(url: string, env: Env, first: Spelling): Proxy | undefined {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === 'https:';
  const found = variable(secure ? 'HTTPS_PROXY' : 'HTTP_PROXY', env, first);
  if (!found) return undefined;
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const loopback = host === 'localhost' || host === '::1' || isInRange(host, '127.0.0.0/8');
  const excluded = variable('NO_PROXY', env, first)?.value ?? '';
  if (loopback || isExcluded(host, port || (secure ? '443' : '80'), excluded)) return undefined;
  return { url: withScheme(found.value), from: found.name };
}

/** A proxy without a scheme is an HTTP proxy. */
export const withScheme = (url: string): string =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`;

/** Host and port of a proxy, for messages: without its user and password. */
export function proxyHost(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'that cannot be read';
}

function variable(
  name: string,
  env: Env,
  first: Spelling,
): { readonly name: string; readonly value: string } | undefined {
  const spellings = first === 'upper' ? [name, name.toLowerCase()] : [name.toLowerCase(), name];
  const set = spellings.find((spelling) => env[spelling]);
  return set === undefined ? undefined : { name: set, value: env[set] ?? '' };
}

function isExcluded(host: string, port: string, list: string): boolean {
  return list
    .toLowerCase()
    .split(/[,\s]+/)
    .filter((item) => item !== '')
    .some((item) => {
      if (item === '*') return true;
      if (item.includes('/')) return isInRange(host, item);
      const { name, port: itsPort } = parts(item);
      if (itsPort !== undefined && itsPort !== port) return false;
      if (name.includes(':')) return isInRange(host, `${name}/128`);
      const suffix = name.replace(/^\*(?=\.)/, '');
      return suffix.startsWith('.')
        ? host.endsWith(suffix)
        : host === suffix || host.endsWith(`.${suffix}`);
    });
}

/** Name or address of an item, and its port: an IPv6 address has one only behind brackets. */
function parts(item: string): { readonly name: string; readonly port?: string | undefined } {
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(item);
  if (bracketed) return { name: bracketed[1] ?? '', port: bracketed[2] };
  if (item.split(':').length > 2) return { name: item };
  const [name = '', port] = item.split(':');
  return { name, port };
}
