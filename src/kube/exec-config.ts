import { type Json, objectAt, objectsAt, textAt, textsAt } from './json.ts';

/** The `exec` entry of a kubeconfig user (client-go `tools/clientcmd/api/v1/types.go`). */
export interface ExecConfig {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint?: string;
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always';
  readonly provideClusterInfo: boolean;
}

/** The exec entry of a user; undefined when it has none. */
export function execConfigOf(user: Json): ExecConfig | undefined {
  const exec = objectAt(user, 'exec');
  const command = textAt(exec, 'command');
  if (!command) return undefined;
  const installHint = textAt(exec, 'installHint');
  const mode = textAt(exec, 'interactiveMode');
  return {
    apiVersion: textAt(exec, 'apiVersion') ?? 'client.authentication.k8s.io/v1beta1',
    command,
    args: textsAt(exec, 'args'),
    env: Object.fromEntries(
      objectsAt(exec, 'env').map((pair) => [
        textAt(pair, 'name') ?? '',
        textAt(pair, 'value') ?? '',
      ]),
    ),
    ...(installHint && { installHint }),
    interactiveMode: mode === 'Never' || mode === 'Always' ? mode : 'IfAvailable',
    provideClusterInfo: exec['provideClusterInfo'] === true,
  };
}
