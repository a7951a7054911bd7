import { dump } from 'js-yaml';

/** One API server as a kubeconfig names it: cluster, user and context carry the same name. */
export interface KubeconfigEntry {
  readonly name: string;
  /** https://127.0.0.1:PORT */
  readonly server: string;
  /** PEM of the authority. */
  readonly ca: string;
  readonly token: string;
}

/** The text of a kubeconfig with these contexts; the first one is the current. */
export function kubeconfigText(entries: readonly KubeconfigEntry[]): string {
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: entries.map(({ name, server, ca }) => ({
      name,
      cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') },
    })),
    users: entries.map(({ name, token }) => ({ name, user: { token } })),
    contexts: entries.map(({ name }) => ({
      name,
      context: { cluster: name, user: name, namespace: 'default' },
    })),
    'current-context': entries[0]?.name,
  });
}
