/**
 * How a pod answers on its ports. `timeout`: packets vanish. `checks-only`: health checks pass, all
 * other connections are refused, as by a firewall between load balancer and pod. `stuck`:
 * connections are accepted, as the kernel does for a process that hangs, and nothing is said.
 */
export type Serving = 'ok' | 'refused' | 'timeout' | 'checks-only' | 'stuck';

/** What a health check of the protocol (TCP, HTTP, HTTPS) sees of it. */
export function answersCheck(serving: Serving, protocol: string): 'ok' | 'refused' | 'timeout' {
  switch (serving) {
    case 'ok':
    case 'checks-only':
      return 'ok';
    case 'refused':
    case 'timeout':
      return serving;
    case 'stuck':
      return protocol === 'TCP' ? 'ok' : 'timeout';
  }
}
