import { badFormat, badValue, notAllowed, required, unsupported } from '../faults.ts';
import type { FieldError } from '../status-error.ts';
import { numberFaults, numberOrNameFaults } from './service-ports.ts';

interface Probe {
  readonly exec?: { readonly command?: readonly string[] };
  readonly httpGet?: {
    readonly port: number | string;
    readonly scheme?: string;
    readonly httpHeaders?: readonly { readonly name: string }[];
  };
  readonly tcpSocket?: { readonly port: number | string };
  readonly grpc?: { readonly port: number };
  readonly [field: string]: unknown;
}

const COUNTS =
  'initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold'.split(' ');
const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

/** A number that may not be below zero. */
export function negativeFaults(field: string, value: unknown): FieldError[] {
  return typeof value === 'number' && value < 0
    ? [badValue(field, value, 'must be greater than or equal to 0')]
    : [];
}

const headerName = (name: string): string[] =>
  /^[-A-Za-z0-9]+$/.test(name)
    ? []
    : [
        "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
      ];

function handlerFaults(probe: Probe, at: string): FieldError[] {
  const [first, ...more] = HANDLERS.filter((one) => probe[one] !== undefined);
  if (!first) return [required(at, 'must specify a handler type')];
  const faults = more.map((one) =>
    notAllowed(`${at}.${one}`, 'may not specify more than 1 handler type'),
  );
  const { exec, httpGet, tcpSocket, grpc } = probe;
  if (first === 'exec' && !exec?.command?.length) faults.push(required(`${at}.exec.command`));
  if (first === 'tcpSocket')
    faults.push(...numberOrNameFaults(`${at}.tcpSocket.port`, tcpSocket!.port));
  if (first === 'grpc') faults.push(...numberFaults(`${at}.grpc.port`, grpc!.port));
  if (first !== 'httpGet' || !httpGet) return faults;
  const schemes = ['HTTP', 'HTTPS'];
  return [
    ...faults,
    ...numberOrNameFaults(`${at}.httpGet.port`, httpGet.port),
    ...(schemes.includes(httpGet.scheme ?? '')
      ? []
      : [unsupported(`${at}.httpGet.scheme`, httpGet.scheme, schemes)]),
    ...(httpGet.httpHeaders ?? []).flatMap(({ name }) =>
      badFormat(`${at}.httpGet.httpHeaders`, name, headerName),
    ),
  ];
}

/** Source: kubernetes pkg/apis/core/validation/validation.go, validateProbe. */
export function probeFaults(probe: Probe | undefined, kind: string, at: string): FieldError[] {
  if (!probe) return [];
  const { successThreshold, terminationGracePeriodSeconds: grace } = probe;
  return [
    ...handlerFaults(probe, at),
    ...COUNTS.flatMap((field) => negativeFaults(`${at}.${field}`, probe[field])),
    ...(kind !== 'readinessProbe' && successThreshold !== 1
      ? [badValue(`${at}.successThreshold`, successThreshold, 'must be 1')]
      : []),
    ...(kind === 'readinessProbe' && grace !== undefined
      ? [
          badValue(
            `${at}.terminationGracePeriodSeconds`,
            grace,
            'must not be set for readinessProbes',
          ),
        ]
      : []),
  ];
}
