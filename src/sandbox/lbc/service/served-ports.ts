import type { KubeObject } from '../../kube/object.ts';
import type { ServiceAnnotations } from './annotations.ts';
import { AnnotationError } from './attributes-annotation.ts';
import { BuildError } from '../process/errors.ts';
import { portsOf } from '../process/service-port.ts';
import type { ServicePort } from '../process/service-port.ts';
import { atLeast } from '../process/version.ts';
import type { ModelContext, Protocol } from './model-terms.ts';
import { reencrypts, tlsPorts } from './tls-model.ts';

/** A port of the Service that gets a listener, and what listener and target group speak. */
export interface ServedPort {
  readonly port: ServicePort;
  readonly protocol: Protocol;
  readonly groupProtocol: Protocol;
}

/**
 * The listeners of a Service, one for each port number (pkg/service/model_build_listener.go). Of two
 * ports of one number the first is served and stands for both if they are merged into TCP_UDP. If
 * they are not, the second is silently not served: listeners, target groups and bindings are kept by
 * number, and pkg/model/core/stack.go refuses a second one without anybody looking. Raises BuildError.
 */
export function servedPorts(
  service: KubeObject,
  notes: ServiceAnnotations,
  context: ModelContext,
): ServedPort[] {
  const ports = portsOf(service);
  const merges = mergesTcpAndUdp(notes, context);
  const byNumber = new Map<number, [ServicePort, ...ServicePort[]]>();
  for (const port of ports) {
    const same = byNumber.get(port.port);
    if (same) same.push(port);
    else byNumber.set(port.port, [port]);
  }
  if (merges) for (const same of byNumber.values()) checkMerge(same);
  const isTls = tlsPorts(notes, ports, context.version);
  const encrypted = reencrypts(notes);
  return [...byNumber.values()].map(([port, ...others]): ServedPort => {
    if (merges && others.length > 0) {
      return { port, protocol: 'TCP_UDP', groupProtocol: 'TCP_UDP' };
    }
    const protocol = port.protocol as Protocol;
    if (protocol === 'UDP' || !isTls(port)) return { port, protocol, groupProtocol: protocol };
    return { port, protocol: 'TLS', groupProtocol: encrypted ? 'TLS' : protocol };
  });
}

/** shouldUseTCPUDP: the annotation, or the feature gate where it is absent or no boolean. */
function mergesTcpAndUdp(notes: ServiceAnnotations, { flags, version }: ModelContext): boolean {
  if (!atLeast(version, '2.13.0')) return false;
  try {
    return notes.bool('aws-load-balancer-enable-tcp-udp-listener') ?? flags.enableTcpUdpListener;
  } catch (error) {
    if (error instanceof AnnotationError) return flags.enableTcpUdpListener;
    throw error;
  }
}

/** validateMultiProtocolUsage. */
function checkMerge(ports: readonly ServicePort[]): void {
  if (ports.length === 1) return;
  if (ports.length !== 2) {
    throw new BuildError(`can only merge two ports, not ${ports.length}`);
  }
  const other = ports.find(({ protocol }) => protocol !== 'TCP' && protocol !== 'UDP');
  if (other) throw new BuildError(`unsupported protocol for merging: ${other.protocol}`);
}
