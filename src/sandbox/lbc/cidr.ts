import { BlockList, isIP } from 'node:net';

/** Whether the address lies in the CIDR block; addresses of the other family never do. */
export function isWithin(ip: string, cidr: string): boolean {
  const [base = '', prefix] = cidr.split('/');
  const family = isIP(base) === 6 ? 'ipv6' : 'ipv4';
  if ((isIP(ip) === 6) !== (family === 'ipv6')) return false;
  const block = new BlockList();
  block.addSubnet(base, Number(prefix), family);
  return block.check(ip, family);
}
