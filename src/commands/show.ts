import { describeEnrollment, enrollmentProblems } from '../core/show/describe-enrollment.ts';
import type { Enrollment } from '../core/observed/enrollment-document.ts';
import { exitOf } from '../core/plan/exit.ts';
import type { ExitCode, Problem } from '../core/model/problem.ts';
import type { Report } from '../core/plan/report.ts';
import { visibleText } from '../core/model/control-characters.ts';
import { echoesOf } from '../engine/echoes.ts';
import { observe } from '../engine/observe.ts';
import type { Io } from '../io.ts';
import { jsonText, yamlText } from '../output/document.ts';
import { enrollmentLines } from '../output/enrollment-lines.ts';
import { renderReport } from '../output/render.ts';
import { undistinguished } from '../core/observed/same-cluster.ts';
import type { Style } from '../output/style.ts';
import { printed } from '../output/wrap.ts';
import { stopWhereNobodyAnswers } from './credentials.ts';
import { placeOf } from './named-place.ts';
import type { LocalName } from './service-names.ts';
import { type SessionOptions, withSession } from './session.ts';

export interface ShowOptions extends SessionOptions {
  readonly context?: readonly string[] | undefined;
  readonly localService?: LocalName | undefined;
  readonly loadBalancer?: string | undefined;
  readonly targetGroup?: readonly string[] | undefined;
  readonly output: 'table' | 'json' | 'yaml' | 'name';
}

/**
 * `nlbmc show`: describes the enrollment of a Service. What could not be read is null in it, named
 * under `unknown`, and makes exit 8; where there is no enrollment, a Report says why.
 */
export function runShow(name: string | undefined, options: ShowOptions, io: Io): Promise<ExitCode> {
  return withSession(options.context ?? [], options, io, async ({ world, live, out }) => {
    const names = await placeOf(name, world, options, 3);
    const region = options.region === undefined ? {} : { region: options.region };
    const observed = await observe(world, { ...names, follow: true, listeners: true, ...region });
    stopWhereNobodyAnswers(observed);
    // A document with one cluster twice would be wrong for as long as somebody keeps it.
    const twice = undistinguished(observed.clusters).filter(({ code }) => code === 'same-cluster');
    const problems = twice.length > 0 ? twice : enrollmentProblems(observed);
    const exit = exitOf({ kind: 'shown', problems });
    const enrollment = describeEnrollment(observed);
    live.stop();
    const text =
      enrollment.ports.length > 0 && twice.length === 0
        ? await enrollmentText(enrollment, options.output, out)
        : await renderReport(
            nothingShown(observed.at, exit, problems, echoesOf(observed)),
            options.output,
            out,
          );
    io.stdout.write(text);
    return exit;
  });
}

async function enrollmentText(
  enrollment: Enrollment,
  format: ShowOptions['output'],
  style: Style,
): Promise<string> {
  switch (format) {
    case 'json':
      return jsonText(enrollment, style.run);
    case 'yaml':
      return yamlText(enrollment, style.run);
    case 'name':
      return enrollment.members
        .flatMap(({ context, bindings }) =>
          bindings.map(
            (binding) =>
              `${visibleText(`${context} targetgroupbinding/${binding.name} -n ${binding.namespace}`)}\n`,
          ),
        )
        .join('');
    case 'table':
      return printed(enrollmentLines(enrollment, style), style.columns);
  }
}

const nothingShown = (
  at: string,
  exit: ExitCode,
  problems: readonly Problem[],
  clusters: Report['clusters'],
): Report => ({
  apiVersion: 'nlbmc/v1',
  kind: 'Report',
  command: 'show',
  at,
  exit,
  result: exit === 8 ? 'unknown' : 'nothing found',
  message:
    exit === 8
      ? 'A required fact could not be read.'
      : problems.some(({ code }) => code === 'same-cluster')
        ? 'The contexts do not lead to as many clusters.'
        : 'There is no enrollment to describe.',
  clusters,
  writes: [],
  problems,
  cautions: [],
  skips: [],
  progress: [],
});
