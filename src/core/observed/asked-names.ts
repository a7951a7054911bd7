import { type ObjectName, sameName } from '../model/kubernetes.ts';
import type { Observed } from './observed.ts';

/** The Service that was asked about, and its name in the clusters that joined, where that is another one. */
export function askedNames({
  clusters,
  service,
  primary,
}: Pick<Observed, 'clusters' | 'service' | 'primary'>): {
  readonly service: ObjectName;
  readonly localService?: ObjectName;
} {
  const other = clusters.find(
    ({ context, localService }) => !sameName(localService, service) && context !== primary,
  );
  return other ? { service, localService: other.localService } : { service };
}
