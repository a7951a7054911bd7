import { dump } from 'js-yaml';

/** One API server as a kubeconfig names it: user and context carry the same name. */
export interface KubeconfigEntry {
  readonly name: string;
  /** ARN of an EKS cluster: `aws eks update-kubeconfig` calls the cluster's entry by it. */
  readonly arn?: string;
  /** https://127.0.0.1:PORT, or http:// */
  readonly server: string;
  /** PEM of the authority of a server that speaks TLS. */
  readonly ca?: string;
  readonly token: string;
}

/** The text of a kubeconfig with these contexts; the first one is the current. */
export function kubeconfigText(entries: readonly KubeconfigEntry[]): string {
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: entries.map(({ name, arn = name, server, ca }) => ({
      name: arn,
      cluster: {
        server,
        ...(ca && { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
      },
    })),
    users: entries.map(({ name, token }) => ({ name, user: { token } })),
    contexts: entries.map(({ name, arn = name }) => ({
      name,
      context: { cluster: arn, user: name, namespace: 'default' },
    })),
    'current-context': entries[0]?.name,
  });
}
