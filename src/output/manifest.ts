import { nameText } from '../core/model/kubernetes.ts';
import { commandText } from '../core/model/shell-words.ts';
import type { PlannedDocument } from '../core/plan/plan.ts';
import { yamlText } from './document.ts';
import { visible } from './visible.ts';

/** What is to be applied in one cluster, as YAML. */
export interface Manifest {
  readonly cluster: string;
  readonly text: string;
}

/** How every manifest begins: nlbmc replaces a file only if it begins like this. */
export const MANIFEST_START = '# nlbmc ';

const comment = (lines: readonly string[]): string =>
  lines.map((line) => `# ${visible(line)}\n`).join('');

/** The manager is nlbmc's own: what it applies later is then no conflict. */
const applying = (cluster: string, file: string): string =>
  [
    commandText(['kubectl', '--context', cluster, 'apply', '--server-side']),
    commandText(['--field-manager=nlbmc', '-f', file]),
  ].join(' ');

/** What a reader has to know of one document: an object of its own, or a part of one that has a source. */
function purpose({ extent, document }: PlannedDocument): readonly string[] {
  const { kind, metadata } = document;
  const name = `${kind} ${nameText(metadata)}`;
  return extent === 'whole'
    ? [`${name}: commit this object as it is.`]
    : [`A part of ${name}: put these fields into the file that the object is deployed from.`];
}

/** Targets that register while another cluster's bindings are exclusive are deregistered by its controller. */
const order = (documents: readonly PlannedDocument[]): readonly string[] =>
  [...new Set(documents.flatMap(({ after }) => after ?? []))].map(
    (first) =>
      `Apply it only when ${first} shares its target groups: apply the manifest of ${first} first.`,
  );

/**
 * The documents of a plan, one manifest for each cluster, in the order to apply them. Each begins with
 * a comment: for which cluster it is, and how to apply it. The same plan gives the same bytes: no time,
 * no version, no flag of the run. `fileOf` is the name of the file that a cluster's manifest is for.
 */
export function manifestsOf(
  command: string,
  documents: readonly PlannedDocument[],
  fileOf: (cluster: string) => string = () => 'FILE',
): Promise<readonly Manifest[]> {
  const clusters = [...new Set(documents.map(({ cluster }) => cluster))];
  return Promise.all(
    clusters.map(async (cluster): Promise<Manifest> => {
      const own = documents.filter((one) => one.cluster === cluster);
      const texts = await Promise.all(
        own.map(async (one) => `${comment(purpose(one))}${await yamlText(one.document)}`),
      );
      const heading = comment([
        `nlbmc ${command} -o manifest`,
        `cluster: ${cluster}`,
        'Commit it, so that the tool that deploys this cluster applies it. Or apply it yourself:',
        `  ${applying(cluster, fileOf(cluster))}`,
        ...order(own),
      ]);
      return { cluster, text: `${heading}${texts.join('---\n')}` };
    }),
  );
}
