import { isIPv6 } from 'node:net';
import { badFormat, badValue, duplicate, required, unsupported } from '../faults.ts';
import { address } from '../formats.ts';
import type { IpFamily } from '../ip-family.ts';
import type { KubeObject } from '../object.ts';
import type { FieldError } from '../status-error.ts';
import { isHeadless } from './service-type.ts';

// The test for a colon comes first: Node compiles a large regular expression for the other one.
const familyOf = (ip: string): IpFamily => (ip.includes(':') && isIPv6(ip) ? 'IPv6' : 'IPv4');
const AT = 'spec.clusterIPs';
const POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

function listFaults({ spec }: KubeObject): FieldError[] {
  const { clusterIP, clusterIPs = [] } = spec;
  if (!clusterIP)
    return clusterIPs.length === 0
      ? []
      : [badValue(AT, clusterIPs, 'must be empty when `clusterIP` is not specified')];
  if (clusterIPs.length === 0) return [required(AT)];
  return clusterIPs[0] === clusterIP
    ? []
    : [badValue(AT, clusterIPs, 'first value must match `clusterIP`')];
}

/**
 * Addresses and families of a Service against each other. Source: kubernetes
 * pkg/apis/core/validation/validation.go, ValidateServiceClusterIPsRelatedFields.
 */
export function addressFaults(service: KubeObject): FieldError[] {
  const { spec } = service;
  if (spec.type === 'ExternalName') return [];
  const ips: readonly string[] = spec.clusterIPs ?? [];
  const families: readonly string[] = spec.ipFamilies ?? [];
  const faults = listFaults(service);
  for (const [i, family] of families.entries()) {
    if (!['IPv4', 'IPv6'].includes(family))
      faults.push(unsupported(`spec.ipFamilies[${i}]`, family, ['IPv4', 'IPv6']));
    if (families.indexOf(family) < i) faults.push(duplicate(`spec.ipFamilies[${i}]`, family));
  }
  if (spec.ipFamilyPolicy !== undefined && !POLICIES.includes(spec.ipFamilyPolicy))
    faults.push(unsupported('spec.ipFamilyPolicy', spec.ipFamilyPolicy, POLICIES));
  const broken = ips.flatMap((ip, i) => {
    if (i > 0 || ip !== 'None') return badFormat(`${AT}[${i}]`, ip, address);
    return ips.length > 1 ? [badValue(AT, ips, "'None' must be the first and only value")] : [];
  });
  faults.push(...broken);
  if (ips.length > 2) faults.push(badValue(AT, ips, 'may only hold up to 2 values'));
  if (broken.length > 0) return faults;
  if (ips.length > 1 && new Set(ips.map(familyOf)).size !== ips.length)
    faults.push(badValue(AT, ips, 'may specify no more than one IP for each IP family'));
  if (isHeadless(service)) return faults;
  for (const [i, ip] of ips.entries()) {
    const family = families[i];
    if (family && ['IPv4', 'IPv6'].includes(family) && familyOf(ip) !== family)
      faults.push(
        badValue(
          `${AT}[${i}]`,
          ip,
          `expected an ${family} value as indicated by \`ipFamilies[${i}]\``,
        ),
      );
  }
  return faults;
}

/** May an address or family change? Source: validateUpgradeDowngradeClusterIPs and …IPFamilies. */
export function addressChangeFaults(service: KubeObject, old: KubeObject): FieldError[] {
  if ([service.spec.type, old.spec.type].includes('ExternalName')) return [];
  const wasHeadless = isHeadless(old);
  if (wasHeadless && isHeadless(service)) return [];
  const was: readonly string[] = old.spec.clusterIPs ?? [];
  const now: readonly string[] = service.spec.clusterIPs ?? [];
  const faults: FieldError[] = [];
  if (was.length > 0 && now.length === 0)
    faults.push(badValue(`${AT}[0]`, now, 'primary clusterIP can not be unset'));
  else if (was[0] !== undefined && was[0] !== now[0])
    faults.push(badValue(`${AT}[0]`, now, 'may not change once set'));
  const families: readonly string[] = service.spec.ipFamilies ?? [];
  if (
    wasHeadless === isHeadless(service) &&
    families[0] !== undefined &&
    old.spec.ipFamilies?.[0] !== families[0]
  )
    faults.push(badValue('spec.ipFamilies[0]', families, 'may not change once set'));
  return faults;
}

/**
 * Fills in families and their policy, in place, for a cluster that has one family alone. Source: kubernetes
 * pkg/registry/core/service/storage/alloc.go, initIPFamilyFields.
 */
export function initFamilies(service: KubeObject, own: IpFamily, old?: KubeObject): FieldError[] {
  const { spec } = service;
  if (spec.type === 'ExternalName') return [];
  const free = spec.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0;
  spec.ipFamilyPolicy ??= old?.spec.ipFamilyPolicy ?? (free ? 'RequireDualStack' : 'SingleStack');
  const related = addressFaults(service);
  if (related.length > 0) return related;
  const policy: string = spec.ipFamilyPolicy;
  const ips: readonly string[] = (spec.clusterIPs ?? []).filter((ip: string) => ip !== 'None');
  const many = (what: string): FieldError =>
    badValue(
      'spec.ipFamilyPolicy',
      policy,
      `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`,
    );
  const faults: FieldError[] = [];
  if (policy === 'SingleStack' && ips.length === 2) faults.push(many('cluster IPs'));
  if (policy === 'SingleStack' && spec.ipFamilies?.length === 2) faults.push(many('IP families'));
  for (const [i, ip] of ips.entries())
    if (i >= (spec.ipFamilies?.length ?? 0) && familyOf(ip) !== own)
      faults.push(
        badValue(
          `${AT}[${i}]`,
          spec.clusterIPs,
          `${familyOf(ip)} is not configured on this cluster`,
        ),
      );
  if (faults.length > 0) return faults;
  if (free) {
    spec.ipFamilies ??= [own];
    if (spec.ipFamilies.length < 2 && policy !== 'SingleStack')
      spec.ipFamilies.push(spec.ipFamilies[0] === 'IPv4' ? 'IPv6' : 'IPv4');
    return [];
  }
  if (policy === 'RequireDualStack')
    faults.push(
      badValue(
        'spec.ipFamilyPolicy',
        policy,
        'this cluster is not configured for dual-stack services',
      ),
    );
  for (const [i, family] of (spec.ipFamilies ?? []).entries())
    if (family !== own)
      faults.push(badValue(`spec.ipFamilies[${i}]`, family, 'not configured on this cluster'));
  if (faults.length === 0) spec.ipFamilies ??= [own];
  return faults;
}
