import { badFormat, badValue, notAllowed, required, unsupported } from '../faults.ts';
import { address, dnsSubdomain } from '../formats.ts';
import type { KubeObject } from '../object.ts';
import type { FieldError } from '../status-error.ts';
import { isBalanced } from './service-type.ts';

interface Ingress {
  readonly ip?: string;
  readonly ipMode?: string;
  readonly hostname?: string;
}

function ingressFaults({ ip, ipMode, hostname }: Ingress, at: string): FieldError[] {
  const faults = ip ? badFormat(`${at}.ip`, ip, address) : [];
  if (ip && ipMode === undefined)
    faults.push(required(`${at}.ipMode`, 'must be specified when `ip` is set'));
  if (!ip && ipMode !== undefined)
    faults.push(notAllowed(`${at}.ipMode`, 'may not be specified when `ip` is not set'));
  if (ip && ipMode !== undefined && !['Proxy', 'VIP'].includes(ipMode))
    faults.push(unsupported(`${at}.ipMode`, ipMode, ['Proxy', 'VIP']));
  if (!hostname) return faults;
  faults.push(...badFormat(`${at}.hostname`, hostname, dnsSubdomain));
  if (address(hostname).length === 0)
    faults.push(badValue(`${at}.hostname`, hostname, 'must be a DNS name, not an IP address'));
  return faults;
}

/** Source: kubernetes pkg/apis/core/validation/validation.go, ValidateLoadBalancerStatus. */
export function serviceStatusFaults(service: KubeObject): FieldError[] {
  const at = 'status.loadBalancer.ingress';
  const ingress: readonly Ingress[] = service.status?.loadBalancer?.ingress ?? [];
  if (ingress.length > 0 && !isBalanced(service))
    return [notAllowed(at, "may only be used when `spec.type` is 'LoadBalancer'")];
  return ingress.flatMap((one, i) => ingressFaults(one, `${at}[${i}]`));
}
