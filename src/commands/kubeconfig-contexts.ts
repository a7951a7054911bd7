import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { load } from 'js-yaml';

/**
 * Names of the contexts in a kubeconfig, or in the files that kubectl would merge, each once. For
 * completion only: it is quick, since it loads no client, and skips a file that it cannot read.
 */
export async function contextsIn(
  kubeconfig: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const files = kubeconfig
    ? [kubeconfig]
    : (env['KUBECONFIG'] || join(env['HOME'] ?? homedir(), '.kube/config')).split(delimiter);
  const names = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(file, 'utf8').catch(() => '');
      const contexts = (load(text) as { contexts?: { name: string }[] } | undefined)?.contexts;
      return (contexts ?? []).map(({ name }) => name);
    }),
  );
  return [...new Set(names.flat())];
}
