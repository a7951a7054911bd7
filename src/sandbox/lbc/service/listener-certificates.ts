import type { ControllerApi } from '../process/controller-api.ts';
import { atLeast } from '../process/version.ts';
import type { ListenerModel } from './listener-model.ts';

interface Attached {
  readonly CertificateArn: string;
  readonly IsDefault?: boolean;
}

/**
 * Puts on a listener the certificates beside its default one, and takes others off, one request for
 * each (pkg/deploy/elbv2/listener_manager.go, updateSDKListenerWithExtraCertificates). Since v3.4.1
 * the default one is listed there too. `found` is whether AWS has the listener with a security policy,
 * undefined for one that was made this moment.
 */
export function reconcileCertificates(
  api: ControllerApi,
  ListenerArn: string,
  { tls }: ListenerModel,
  version: string,
  found: boolean | undefined,
): void {
  if (!tls && !found) return;
  const [first, ...others] = tls?.certificates ?? [];
  const withDefault = first !== undefined && atLeast(version, '3.4.1');
  const wanted = new Set(withDefault ? [first, ...others] : others);
  const present = new Set(found === undefined ? [] : furtherOf(api, ListenerArn));
  const change = (action: string, arns: readonly string[]): void => {
    for (const CertificateArn of arns.toSorted()) {
      api.aws(`elbv2.${action}`, { ListenerArn, Certificates: [{ CertificateArn }] });
    }
  };
  change(
    'RemoveListenerCertificates',
    [...present].filter((arn) => !wanted.has(arn)),
  );
  change(
    'AddListenerCertificates',
    [...wanted].filter((arn) => !present.has(arn)),
  );
}

function furtherOf(api: ControllerApi, ListenerArn: string): string[] {
  return api
    .pages<Attached>('elbv2.DescribeListenerCertificates', { ListenerArn }, 'Certificates')
    .filter(({ IsDefault }) => !IsDefault)
    .map(({ CertificateArn }) => CertificateArn);
}
