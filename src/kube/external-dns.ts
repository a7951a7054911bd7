import type { ObjectName } from '../core/model/kubernetes.ts';
import { known, type Reading } from '../core/model/problem.ts';
import type { KubeClient } from './client.ts';
import { objectAt, textAt } from './json.ts';
import { readList } from './list.ts';
import { pathOf } from './paths.ts';

/** The Deployments of external-dns in any namespace, found by the label of its helm chart. */
export async function readExternalDns(kube: KubeClient): Promise<Reading<readonly ObjectName[]>> {
  const read = await readList(
    kube,
    { verb: 'list', resource: 'deployments', group: 'apps' },
    pathOf('deployments'),
    { labelSelector: 'app.kubernetes.io/name=external-dns' },
  );
  if (!read.ok) return read;
  return known(
    read.value.map((item) => {
      const metadata = objectAt(item, 'metadata');
      return {
        namespace: textAt(metadata, 'namespace') ?? '',
        name: textAt(metadata, 'name') ?? '',
      };
    }),
  );
}
