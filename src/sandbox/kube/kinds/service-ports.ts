import { badFormat, badValue, duplicate, notAllowed, required, unsupported } from '../faults.ts';
import { dnsLabel, portName, qualifiedName } from '../formats.ts';
import type { KubeObject } from '../object.ts';
import type { FieldError } from '../status-error.ts';

interface Port {
  readonly name?: string;
  readonly port: number;
  readonly protocol: string;
  readonly targetPort: number | string;
  readonly nodePort?: number;
  readonly appProtocol?: string;
}

/** The protocols of ports of every kind, in the order in which the server names them. */
export const PROTOCOLS: readonly string[] = ['SCTP', 'TCP', 'UDP'];

const RANGE = 'must be between 1 and 65535, inclusive';

/** Faults of a port number. */
export function numberFaults(field: string, port: unknown): FieldError[] {
  const good = Number.isInteger(port) && (port as number) >= 1 && (port as number) <= 65_535;
  return good ? [] : [badValue(field, port, RANGE)];
}

/** Faults of a port given by number or name. Source: validation.go, ValidatePortNumOrName. */
export function numberOrNameFaults(field: string, port: number | string): FieldError[] {
  return typeof port === 'string' ? badFormat(field, port, portName) : numberFaults(field, port);
}

function onePortFaults(port: Port, at: string, alone: boolean): FieldError[] {
  const { name, protocol, targetPort, appProtocol } = port;
  return [
    ...(name ? badFormat(`${at}.name`, name, dnsLabel) : alone ? [] : [required(`${at}.name`)]),
    ...numberFaults(`${at}.port`, port.port),
    ...(PROTOCOLS.includes(protocol) ? [] : [unsupported(`${at}.protocol`, protocol, PROTOCOLS)]),
    ...numberOrNameFaults(`${at}.targetPort`, targetPort),
    ...(appProtocol === undefined
      ? []
      : badFormat(`${at}.appProtocol`, appProtocol, qualifiedName)),
  ];
}

/** Source: kubernetes pkg/apis/core/validation/validation.go, validateServicePort and validateService. */
export function portFaults({ spec }: KubeObject): FieldError[] {
  const ports: readonly Port[] = spec.ports ?? [];
  const seen = new Set<string>();
  // Once for each key: the second one is the duplicate.
  const again = (key: string): boolean => seen.size === seen.add(key).size;
  return ports.flatMap((port, i) => {
    const at = `spec.ports[${i}]`;
    const { name, protocol, nodePort } = port;
    const faults = onePortFaults(port, at, ports.length === 1);
    if (name && again(`name ${name}`)) faults.push(duplicate(`${at}.name`, name));
    if (nodePort && spec.type === 'ClusterIP')
      faults.push(notAllowed(`${at}.nodePort`, "may not be used when `type` is 'ClusterIP'"));
    if (nodePort && again(`node port ${protocol}/${nodePort}`))
      faults.push(duplicate(`${at}.nodePort`, nodePort));
    if (again(`port ${protocol}/${port.port}`))
      // The whole of Go's struct is shown, with its zero values.
      faults.push(
        duplicate(at, {
          Name: '',
          Protocol: protocol,
          AppProtocol: null,
          Port: port.port,
          TargetPort: 0,
          NodePort: 0,
        }),
      );
    return faults;
  });
}
