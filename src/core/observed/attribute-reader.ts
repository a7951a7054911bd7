import type { Reader } from '../model/attributes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { isBefore } from '../model/version.ts';

/** Since this version a backslash escapes in the attributes annotation (`pkg/annotations/parser.go`). */
const escapesSince = '2.14.1';

/**
 * Which controllers of a cluster read the attributes annotation of a Service: `new` only where every
 * one that was found tells a version that has the newer parser. Unknown is `any`.
 */
export function attributeReader({ controller }: ClusterView): Reader {
  const versions = controller.ok ? controller.value.deployments.map(({ version }) => version) : [];
  const areNew = versions.every((version) => isBefore(version ?? '', escapesSince) === false);
  return versions.length > 0 && areNew ? 'new' : 'any';
}
