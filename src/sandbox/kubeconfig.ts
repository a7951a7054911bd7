import { dump } from 'js-yaml';

/** A user of an API server as a kubeconfig names it. */
export interface KubeconfigEntry {
  readonly name: string;
  /** ARN of an EKS cluster: `aws eks update-kubeconfig` calls the cluster's entry by it. */
  readonly arn?: string;
  /** https://127.0.0.1:PORT, or http:// */
  readonly server: string;
  /** PEM of the authority of a server that speaks TLS. */
  readonly ca?: string;
  readonly token: string;
  /** A user beside the administrator: its context is called `USER@NAME`. Without it, all are called `name`. */
  readonly user?: string;
}

const contextOf = ({ name, user }: KubeconfigEntry): string => (user ? `${user}@${name}` : name);

/** The text of a kubeconfig with these contexts; the first one is the current. */
export function kubeconfigText(entries: readonly KubeconfigEntry[]): string {
  const administrators = entries.filter(({ user }) => user === undefined);
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: administrators.map(({ name, arn = name, server, ca }) => ({
      name: arn,
      cluster: {
        server,
        ...(ca && { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
      },
    })),
    users: entries.map((entry) => ({ name: contextOf(entry), user: { token: entry.token } })),
    contexts: entries.map((entry) => ({
      name: contextOf(entry),
      context: {
        cluster: entry.arn ?? entry.name,
        user: contextOf(entry),
        namespace: 'default',
      },
    })),
    'current-context': entries[0]?.name,
  });
}
