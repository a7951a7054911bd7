/** A family of addresses, as `spec.ipFamilies` and `addressType` write it. */
export type IpFamily = 'IPv4' | 'IPv6';
