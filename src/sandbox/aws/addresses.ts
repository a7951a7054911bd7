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

/** Whether an IPv4 address lies in a block. */
export function inBlock(address: string, cidr: string): boolean {
  const number = ipv4Number(address);
  const block = ipv4Block(cidr);
  if (number === undefined || !block) return false;
  return number >= block.first && number < block.first + block.size;
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

/** Whether an IPv6 address lies in a block whose prefix length is a multiple of 16, as a VPC's (/48 here: /64 subnets) are. */
export function inIpv6Block(address: string, cidr: string): boolean {
  const [prefix = '', bits = ''] = cidr.split('/');
  const a = ipv6Groups(address);
  const b = ipv6Groups(prefix);
  if (!a || !b) return false;
  return a.slice(0, Number(bits) / 16).join(':') === b.slice(0, Number(bits) / 16).join(':');
}
