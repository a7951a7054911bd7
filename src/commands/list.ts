import { type EnrollmentList, enrollmentList } from '../core/list/list-document.ts';
import { type ExitCode, ProblemError } from '../core/model/problem.ts';
import { listHint } from '../core/model/nlbmc-hints.ts';
import { listed } from '../core/model/words.ts';
import { undistinguished } from '../core/observed/same-cluster.ts';
import { observeEnrollments } from '../engine/observe-enrollments.ts';
import type { Io } from '../io.ts';
import { jsonText, yamlText } from '../output/document.ts';
import { listLines } from '../output/list-lines.ts';
import { hintLine } from '../output/problem-lines.ts';
import type { Style } from '../output/style.ts';
import { printed } from '../output/wrap.ts';
import { stopWhereNobodyAnswers } from './credentials.ts';
import { type SessionOptions, withSession } from './session.ts';

export interface ListOptions extends SessionOptions {
  readonly context?: readonly string[] | undefined;
  /** As in kubectl, it wins over a namespace. */
  readonly allNamespaces?: true | undefined;
  readonly output: 'table' | 'wide' | 'json' | 'yaml';
}

/**
 * `nlbmc list`: the load balancers whose target groups have bindings in these clusters. Exit 0 also where
 * there is none, which stderr says, and 8 where a needed fact could not be read.
 */
export function runList(options: ListOptions, io: Io): Promise<ExitCode> {
  const namespace = options.allNamespaces ? undefined : options.namespace;
  return withSession(options.context ?? [], options, io, async ({ world, live, out, err }) => {
    const { at, clusters, judged } = await observeEnrollments(world, {
      namespace,
      region: options.region,
    });
    stopWhereNobodyAnswers({ clusters });
    // One cluster under two names would be a member twice.
    const twice = undistinguished(clusters).find(({ code }) => code === 'same-cluster');
    if (twice) throw new ProblemError(twice, 2);
    const list = enrollmentList(at, clusters, judged, namespace);
    live.stop();
    io.stdout.write(await listText(list, options, out));
    if (list.items.length === 0) {
      const contexts = clusters.map(({ context }) => context);
      io.stderr.write(printed(nothingLines(list, contexts, namespace, err), err.columns));
    }
    return list.exit;
  });
}

async function listText(
  list: EnrollmentList,
  { output, verbose }: ListOptions,
  style: Style,
): Promise<string> {
  if (output === 'json') return jsonText(list, style.run);
  if (output === 'yaml') return yamlText(list, style.run);
  const lines = listLines(list, style, output === 'wide' || verbose === true);
  return lines.length === 0 ? '' : printed(lines, style.columns);
}

/** What was looked for and is not there: silence would leave a person in doubt. */
function nothingLines(
  { exit }: EnrollmentList,
  contexts: readonly string[],
  namespace: string | undefined,
  style: Style,
): readonly string[] {
  const where = namespace === undefined ? '' : `namespace ${namespace} of `;
  const found =
    exit === 8 ? 'nlbmc found no load balancer' : 'No load balancer has a TargetGroupBinding';
  return [
    `${found} in ${where}${listed(contexts)}.`,
    ...(namespace === undefined ? [] : [hintLine(listHint(contexts), style)]),
  ];
}
