import { AwsError, validationError } from '../state/error.ts';
import type { State, TlsSettings } from '../state/state.ts';

/** What the API takes where none is named (NLB guide, security policies). */
const DEFAULT_POLICY = 'ELBSecurityPolicy-2016-08';

/** The policies of network load balancers: one name each way (NLB guide, security policies). */
const POLICIES = new RegExp(
  `^ELBSecurityPolicy-(${[
    '2015-05',
    '2016-08',
    'FS-2018-06',
    'FS-1-1-2019-08',
    'FS-1-2-2019-08',
    'FS-1-2-Res-2019-08',
    'FS-1-2-Res-2020-10',
    'TLS-1-0-2015-04',
    'TLS-1-1-2017-01',
    'TLS-1-2-2017-01',
    'TLS-1-2-Ext-2018-06',
    'TLS13-1-[0-3](-(Res|Ext1|Ext2))?(-FIPS)?-(2021-06|2023-04)',
    'TLS13-1-[0-3](-(Res|Ext1|Ext2))?(-FIPS)?-PQ-2025-09',
  ].join('|')})$`,
);

const ALPN_POLICIES = ['None', 'HTTP1Only', 'HTTP2Only', 'HTTP2Optional', 'HTTP2Preferred'];

/** A certificate of the account, by its ARN. Raises CertificateNotFound. */
export function checkCertificate(state: State, arn: string): void {
  if (state.certificates.has(arn)) return;
  throw new AwsError('CertificateNotFound', `Certificate '${arn}' not found`);
}

/** A listener of another protocol has none of this. */
function refuseAll(protocol: string, { SslPolicy, Certificates, AlpnPolicy }: TlsSettings): void {
  if (Certificates?.length) {
    throw validationError(`Certificates cannot be specified for ${protocol} listeners`);
  }
  if (SslPolicy !== undefined) {
    throw validationError(`An SSL policy cannot be specified for ${protocol} listeners`);
  }
  if (AlpnPolicy?.length) {
    throw validationError(`An ALPN policy cannot be specified for ${protocol} listeners`);
  }
}

/**
 * Certificate and policies of a listener of that protocol, `before` kept where `params` name nothing;
 * nothing for other protocols than TLS. Raises ValidationError, CertificateNotFound, SSLPolicyNotFound,
 * ALPNPolicyNotFound (API reference, CreateListener; for an ALPN policy the code of the SDK's model).
 */
export function tlsSettings(
  state: State,
  protocol: string,
  params: TlsSettings,
  before: TlsSettings = {},
): TlsSettings {
  if (protocol !== 'TLS') {
    refuseAll(protocol, params);
    return {};
  }
  const Certificates = params.Certificates ?? before.Certificates ?? [];
  const SslPolicy = params.SslPolicy ?? before.SslPolicy ?? DEFAULT_POLICY;
  const AlpnPolicy = params.AlpnPolicy ?? before.AlpnPolicy ?? [];
  const [certificate, ...others] = Certificates;
  if (!certificate?.CertificateArn) {
    throw validationError('A certificate must be specified for TLS listeners');
  }
  if (others.length > 0) throw validationError('Only one certificate can be specified');
  checkCertificate(state, certificate.CertificateArn);
  if (!POLICIES.test(SslPolicy)) {
    throw new AwsError('SSLPolicyNotFound', `SSL policy '${SslPolicy}' not found`);
  }
  if (AlpnPolicy.length > 1) throw validationError('Only one ALPN policy can be specified');
  const unknown = AlpnPolicy.find((one) => !ALPN_POLICIES.includes(one));
  if (unknown !== undefined) {
    throw new AwsError('ALPNPolicyNotFound', `ALPN policy '${unknown}' is not supported`);
  }
  return {
    SslPolicy,
    Certificates: [{ CertificateArn: certificate.CertificateArn }],
    ...(AlpnPolicy.length > 0 ? { AlpnPolicy } : {}),
  };
}
