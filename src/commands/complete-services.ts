import { connectAws } from '../aws/connect.ts';
import type { Io } from '../io.ts';
import { connectClusters } from '../kube/connect.ts';
import { listServiceNames } from '../kube/services.ts';

/** A person waits for it in the middle of a line. */
const patienceMs = 3_000;

/** The value of an option in the words typed so far. */
const valueOf = (words: readonly string[], ...names: readonly string[]): string | undefined => {
  const at = words.findLastIndex((word) => names.includes(word));
  return at < 0 ? undefined : words[at + 1];
};

/**
 * Names of the Services that the command line may mean: of the primary's cluster, in the namespace
 * that is named or that of the context. None where the cluster does not answer soon.
 */
export async function serviceNamesIn(words: readonly string[], io: Io): Promise<readonly string[]> {
  const common = {
    env: io.env,
    requestTimeoutMs: patienceMs,
    signal: AbortSignal.timeout(patienceMs),
    sleep: (ms: number, signal?: AbortSignal) => io.sleep(ms, signal),
    emit: () => undefined,
  };
  const profile = valueOf(words, '--profile');
  const kubeconfig = valueOf(words, '--kubeconfig');
  const context = valueOf(words, '--primary') ?? valueOf(words, '--context')?.split(',')[0];
  const aws = connectAws({ ...common, ...(profile === undefined ? {} : { profile }) });
  const clients = await connectClusters(context === undefined ? [] : [context], {
    ...common,
    nativeEksToken: true,
    awsKeys: (wanted) => aws.keys(wanted),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  });
  try {
    const [kube] = clients;
    const namespace = valueOf(words, '-n', '--namespace') ?? kube?.namespace ?? 'default';
    const read = kube && (await listServiceNames(kube, namespace));
    return read?.ok ? read.value : [];
  } finally {
    for (const client of clients) client.close();
    aws.close();
  }
}
