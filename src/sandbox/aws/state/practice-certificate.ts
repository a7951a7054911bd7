/**
 * The one certificate that the practice account has, in ACM: for `*.elb.<region>.amazonaws.com`, which
 * no real account could get. TLS listeners end TLS with it.
 */
export function practiceCertificateArn(o: {
  readonly region: string;
  readonly account: string;
}): string {
  return `arn:aws:acm:${o.region}:${o.account}:certificate/0b5c1e2a-7f3d-4c68-9a41-d2e8f6037b95`;
}
