import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlannedDocument } from '../core/plan/plan.ts';
import { MANIFEST_START, manifestsOf } from '../output/manifest.ts';
import type { Format } from '../output/render.ts';
import { usageError } from './usage-error.ts';

/** Names of contexts may be ARNs and have slashes: what no file name takes becomes a dash. */
const fileFor = (cluster: string): string =>
  `${cluster.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '') || 'cluster'}.yaml`;

/**
 * Raises `usage` for manifests of several clusters on stdout: kubectl would apply all of them to one
 * cluster. Also for a folder without manifests to write into it, and for contexts with one file name.
 */
export function checkManifestUsage(
  clusters: readonly string[],
  { output, outputDir }: { readonly output: Format; readonly outputDir?: string | undefined },
): void {
  if (output !== 'manifest') {
    if (outputDir === undefined) return;
    throw usageError('--output-dir is for -o manifest.', 'Add -o manifest.');
  }
  if (outputDir === undefined && clusters.length > 1) {
    throw usageError(
      `-o manifest has objects for ${clusters.length} clusters, and kubectl would apply all of them to one cluster.`,
      'Add --output-dir with a folder: nlbmc writes one file for each cluster into it.',
    );
  }
  const twice = clusters.find((one, n) => clusters.map(fileFor).indexOf(fileFor(one)) !== n);
  if (outputDir !== undefined && twice !== undefined) {
    throw usageError(
      `Two contexts would have the file ${fileFor(twice)}.`,
      'Run the command once for each of these clusters, with a folder for each.',
    );
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : '');

/** What a person wrote is not lost: a file that is there is replaced only if it is a manifest of nlbmc's. */
async function checkOurs(path: string): Promise<void> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw usageError(`${path} cannot be read: ${reasonOf(error)}.`, 'Name another folder.');
  }
  if (text.startsWith(MANIFEST_START)) return;
  throw usageError(
    `${path} exists, and nlbmc did not write it.`,
    'Name another folder with --output-dir, or move that file away.',
  );
}

/**
 * Writes the manifest of each cluster into a file of its own, named after its context, and gives the
 * paths. Files of clusters that have no documents stay as they are. Raises `usage` before the first
 * file is written where one belongs to somebody else, and for a folder that cannot be written.
 */
export async function writeManifests(
  command: string,
  documents: readonly PlannedDocument[],
  folder: string,
): Promise<readonly string[]> {
  const manifests = await manifestsOf(command, documents, fileFor);
  const files = manifests.map(({ cluster, text }) => ({
    path: join(folder, fileFor(cluster)),
    text,
  }));
  for (const { path } of files) await checkOurs(path);
  try {
    await mkdir(folder, { recursive: true });
    for (const { path, text } of files) await writeFile(path, text);
  } catch (error) {
    throw usageError(`${folder} cannot be written: ${reasonOf(error)}.`, 'Name another folder.');
  }
  return files.map(({ path }) => path);
}
