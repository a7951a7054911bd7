import { BlockList, isIP } from 'node:net';

/** The 32 bits of a dotted IPv4 address; undefined for anything else. */
export function ipv4Number(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let number = 0;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    number = number * 256 + Number(part);
  }
  return number;
}

/** The dotted form of 32 bits. */
export function ipv4Text(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

/** First address and number of addresses of an IPv4 block; undefined when it is none. */
export function ipv4Block(cidr: string): { first: number; size: number } | undefined {
  const [address = '', bits = ''] = cidr.split('/');
  const first = ipv4Number(address);
  if (first === undefined || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) return undefined;
  return { first, size: 2 ** (32 - Number(bits)) };
}

/** An IPv6 address as eight lower-case groups without leading zeros; undefined for anything else. */
export function ipv6Groups(text: string): string[] | undefined {
  if (!/^[0-9a-fA-F:]+$/.test(text) || text.indexOf('::') !== text.lastIndexOf('::')) {
    return undefined;
  }
  const [head = '', tail] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array<string>(Math.max(0, missing)).fill('0'), ...right];
  if (groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.map((group) => Number.parseInt(group, 16).toString(16));
}

/** Eight groups as RFC 5952 writes them: the longest run of zeros becomes `::`. */
export function ipv6Text(groups: readonly string[]): string {
  const runs = [...groups.join(':').matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)];
  const [longest] = runs.toSorted((a, b) => b[0].length - a[0].length);
  if (!longest) return groups.join(':');
  const text = groups.join(':');
  const head = text.slice(0, longest.index).replace(/:$/, '');
  const tail = text.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${head}::${tail}`;
}

/** One spelling of an IPv6 address, anything else as it is. Whether AWS keeps a target's is not documented. */
export const canonical = (text: string): string => ipv6Groups(text)?.join(':') ?? text;

/** Whether the address lies in the CIDR block; one of the other family never does. */
export function isWithin(address: string, cidr: string): boolean {
  const [base = '', bits] = cidr.split('/');
  const version = isIP(base);
  if (version === 0 || isIP(address) !== version) return false;
  if (version === 4) {
    // Each health check asks this of each rule: a BlockList, made for it, takes many times as long.
    const block = ipv4Block(cidr);
    const number = ipv4Number(address);
    if (!block || number === undefined) return false;
    return Math.floor(number / block.size) === Math.floor(block.first / block.size);
  }
  const block = new BlockList();
  block.addSubnet(base, Number(bits), 'ipv6');
  return block.check(address, 'ipv6');
}
