import type { Outcome } from '../engine/pipeline.ts';
import type { Io } from '../io.ts';
import { type Format, renderReport } from '../output/render.ts';
import { visible } from '../output/visible.ts';
import { writeManifests } from './manifest-files.ts';
import type { Session } from './session.ts';

/**
 * Prints the answer of a changing command, and gives its exit code. A manifest leaves stdout to
 * the documents: what else there is to say goes to stderr. With a folder, stdout names the files.
 */
export async function finish(
  { report, decision }: Outcome,
  {
    output: format,
    outputDir,
  }: { readonly output: Format; readonly outputDir?: string | undefined },
  { live, out, err }: Session,
  io: Io,
): Promise<number> {
  live.stop();
  const good = report.exit === 0 || report.exit === 4;
  // A refusal that says what a person has to write has the document for it.
  const isRefused = (decision?.plan.blockers.length ?? 0) > 0;
  const manifest = decision && (good || isRefused) ? decision.plan.documents : [];
  if (format === 'manifest') {
    io.stderr.write(await renderReport(report, 'table', err, [], live.told));
  }
  if (outputDir === undefined) {
    io.stdout.write(await renderReport(report, format, out, manifest, live.told));
    return report.exit;
  }
  for (const path of await writeManifests(report.command, manifest, outputDir)) {
    io.stdout.write(`wrote ${visible(path)}\n`);
  }
  return report.exit;
}
