import type { Service, ServicePort } from './kubernetes.ts';

const isNumber = (port: number | string): boolean => typeof port === 'number' || /^\d+$/.test(port);

/**
 * The port of a Service that a binding's `serviceRef.port` names, by number or by name. Of two ports
 * with one number the controller takes the first one of the Service, whatever its protocol
 * (`pkg/k8s/service_utils.go`, LookupServicePort).
 */
export const portOf = (service: Service, port: number | string): ServicePort | undefined =>
  service.ports.find((candidate) =>
    isNumber(port) ? candidate.port === Number(port) : candidate.name === port,
  );

/** The number of that port, which is what clusters have in common; as written when it is unknown. */
export const portNumber = (service: Service | undefined, port: number | string): number | string =>
  (service && portOf(service, port)?.port) ?? port;

/** Ports of a Service that an option names: `53` (each protocol), `53/UDP`, `dns` or `dns/UDP`. */
export function portsNamed(service: Service, text: string): readonly ServicePort[] {
  const [port = '', protocol] = text.split('/');
  return service.ports.filter(
    (candidate) =>
      (isNumber(port) ? candidate.port === Number(port) : candidate.name === port) &&
      (protocol === undefined || candidate.protocol === protocol.toUpperCase()),
  );
}

/** Whether a number is two ports, of two protocols. */
export const isTwice = (ports: readonly ServicePort[], number: number): boolean =>
  ports.filter(({ port }) => port === number).length > 1;

/** Whether the Service has the number a second time, with another protocol. */
export const sharesNumber = (service: Pick<Service, 'ports'>, { port }: ServicePort): boolean =>
  isTwice(service.ports, port);

/** What tells the ports of a Service apart: two may have one number, with two protocols. */
export const portKey = ({ port, protocol }: ServicePort): string => `${port}/${protocol}`;

/** A port as people and options name it: by its number, and with its protocol where that is needed. */
export const portLabel = (service: Pick<Service, 'ports'>, port: ServicePort): string =>
  sharesNumber(service, port) ? portKey(port) : String(port.port);

/**
 * What a binding's `serviceRef.port` says to mean this port: its number, or its name where the
 * number alone means another one (see `portOf`). Kubernetes gives each of several ports a name.
 */
export const portReference = (service: Service, port: ServicePort): number | string =>
  sharesNumber(service, port) ? (port.name ?? port.port) : port.port;

/** Ports as people list them: `80 (http), 443`; `53/TCP (dns-tcp), 53/UDP (dns)`. */
export const portsText = (service: Pick<Service, 'ports'>): string =>
  service.ports
    .map((port) => {
      const text = portLabel(service, port);
      return port.name === undefined ? text : `${text} (${port.name})`;
    })
    .join(', ');
