import type { Service, ServicePort } from './kubernetes.ts';

/** The port of a Service that a binding's `serviceRef.port` names, by number or by name. */
export const portOf = (service: Service, port: number | string): ServicePort | undefined =>
  service.ports.find((candidate) =>
    typeof port === 'number' || /^\d+$/.test(port)
      ? candidate.port === Number(port)
      : candidate.name === port,
  );

/** The number of that port, which is what clusters have in common; as written when it is unknown. */
export const portNumber = (service: Service | undefined, port: number | string): number | string =>
  (service && portOf(service, port)?.port) ?? port;

/** Ports as people list them: `80 (http), 443`. */
export const portsText = (ports: readonly ServicePort[]): string =>
  ports
    .map((port) => (port.name === undefined ? `${port.port}` : `${port.port} (${port.name})`))
    .join(', ');
