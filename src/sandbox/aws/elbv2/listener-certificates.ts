import { AwsError, required, validationError } from '../state/error.ts';
import { checkCertificate } from './listener-tls.ts';
import { markerPage } from '../state/pages.ts';
import { listenerOf } from './resources.ts';
import type { Listener, State } from '../state/state.ts';

interface Certificate {
  readonly CertificateArn: string;
}

interface Params {
  readonly ListenerArn?: string;
  readonly Certificates?: readonly Certificate[];
  readonly Marker?: string;
  readonly PageSize?: number;
}

/** The certificates beside the default one, which stands on the listener itself. */
const furtherOf = (listener: Listener): string[] => [...(listener.furtherCertificates ?? [])];

const defaultOf = (listener: Listener): string | undefined =>
  listener.tls.Certificates?.[0]?.CertificateArn;

/** The one listener and one certificate of a request: TLS listeners only take any. */
function asked(state: State, params: Params): { listener: Listener; arns: string[] } {
  const listener = listenerOf(state, params.ListenerArn);
  const arns = required(params.Certificates, 'Certificates', 'elbv2').map(
    (one) => one.CertificateArn,
  );
  if (listener.protocol !== 'TLS') {
    throw validationError(`Certificates cannot be specified for ${listener.protocol} listeners`);
  }
  return { listener, arns };
}

/** ELBv2 AddListenerCertificates; one that is there already is no error. Raises CertificateNotFound. */
export function addListenerCertificates(state: State, params: Params): object {
  const { listener, arns } = asked(state, params);
  for (const arn of arns) checkCertificate(state, arn);
  listener.furtherCertificates = [...new Set([...furtherOf(listener), ...arns])];
  return { Certificates: arns.map((CertificateArn) => ({ CertificateArn, IsDefault: false })) };
}

/**
 * ELBv2 RemoveListenerCertificates: unknown is success; OperationNotPermitted for the default one, but
 * where it stands among the further ones too.
 */
export function removeListenerCertificates(state: State, params: Params): object {
  const { listener, arns } = asked(state, params);
  const unwanted = defaultOf(listener);
  const isListed = unwanted !== undefined && furtherOf(listener).includes(unwanted);
  if (unwanted !== undefined && !isListed && arns.includes(unwanted)) {
    throw new AwsError(
      'OperationNotPermitted',
      `The default certificate '${unwanted}' of a listener cannot be removed`,
    );
  }
  listener.furtherCertificates = furtherOf(listener).filter((arn) => !arns.includes(arn));
  return {};
}

/** ELBv2 DescribeListenerCertificates: the default one and those added. */
export function describeListenerCertificates(state: State, params: Params): object {
  const listener = listenerOf(state, params.ListenerArn);
  const first = defaultOf(listener);
  const all = [
    ...(first === undefined ? [] : [{ CertificateArn: first, IsDefault: true }]),
    ...furtherOf(listener).map((CertificateArn) => ({ CertificateArn, IsDefault: false })),
  ];
  const { page, ...next } = markerPage(state, all, params);
  return { Certificates: page, ...next };
}
