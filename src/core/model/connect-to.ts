/** Where connections to a host and port go instead, as curl's --connect-to has it. */
export interface ConnectTo {
  /** Undefined: any. */
  readonly host?: string;
  readonly port?: number;
  /** Undefined: as it was. */
  readonly toHost?: string;
  readonly toPort?: number;
}

const portIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535
    ? Number(text)
    : undefined;

const bare = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');

/**
 * `ADDRESS:PORT`, or curl's `HOST:PORT:ADDRESS:PORT` in which each part may be empty: the first two
 * then fit any, the last two leave what was there. IPv6 is in brackets. Undefined: malformed.
 */
export function parseConnectTo(text: string): ConnectTo | undefined {
  const host = String.raw`(\[[0-9a-fA-F:.%]+\]|[^:[\]]*)`;
  const short = new RegExp(`^${host}:(\\d*)$`).exec(text);
  const long = new RegExp(`^${host}:(\\d*):${host}:(\\d*)$`).exec(text);
  if (short) {
    const toPort = portIn(short[2]);
    return short[1] && toPort !== undefined ? { toHost: bare(short[1]), toPort } : undefined;
  }
  if (!long) return undefined;
  const [, from = '', port = '', to = '', toPort = ''] = long;
  const [fromNumber, toNumber] = [portIn(port), portIn(toPort)];
  if ((port !== '' && fromNumber === undefined) || (toPort !== '' && toNumber === undefined))
    return undefined;
  return {
    ...(from === '' ? {} : { host: bare(from) }),
    ...(fromNumber === undefined ? {} : { port: fromNumber }),
    ...(to === '' ? {} : { toHost: bare(to) }),
    ...(toNumber === undefined ? {} : { toPort: toNumber }),
  };
}

/** Where a connection to host and port goes: the first rule that fits decides. */
export function destinationOf(
  rules: readonly ConnectTo[],
  host: string,
  port: number,
): { readonly host: string; readonly port: number } {
  const rule = rules.find(
    (one) =>
      (one.host === undefined || one.host.toLowerCase() === host.toLowerCase()) &&
      (one.port === undefined || one.port === port),
  );
  return { host: rule?.toHost ?? host, port: rule?.toPort ?? port };
}
