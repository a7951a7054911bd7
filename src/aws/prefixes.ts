/**
 * The prefix that an address would be in if the CNI had delegated prefixes to interfaces: /28 for
 * IPv4, /80 for IPv6 (EC2 user guide, "Assigning prefixes to network interfaces"). Then EC2 knows
 * the prefix and not the address. Undefined for what is no address.
 */
export function delegatedPrefix(address: string): { ipv4: string } | { ipv6: string } | undefined {
  const dotted = /^(\d+\.\d+\.\d+)\.(\d+)$/.exec(address);
  if (dotted) return { ipv4: `${dotted[1]}.${Number(dotted[2]) & 0xf0}/28` };
  if (!address.includes(':')) return undefined;
  const groups = expanded(address).slice(0, 5);
  // The canonical text of the first five groups followed by zeros.
  const { hostname } = new URL(`http://[${groups.join(':')}::]/`);
  return { ipv6: `${hostname.slice(1, -1)}/80` };
}

/** The eight groups of an IPv6 address. */
function expanded(address: string): readonly string[] {
  const [head = '', tail = ''] = address.split('::');
  const left = head.split(':').filter((group) => group !== '');
  const right = tail.split(':').filter((group) => group !== '');
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
}
