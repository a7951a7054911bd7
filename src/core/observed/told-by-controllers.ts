import type { ObjectName } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { sameName, serviceOf } from '../model/kubernetes.ts';
import { problemKey } from '../model/problem-key.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import { bindingsOf, clusterOf, primaryOf } from './enrollment.ts';
import { bindingWarnings, eventLines, podWarnings, serviceWarnings } from './events.ts';
import type { Observed } from './observed.ts';

/**
 * What is asked about. Without a cluster: the primary, or every cluster where there is none; without
 * a binding: all of the enrollment's.
 */
export interface Place {
  readonly cluster?: string | undefined;
  readonly binding?: ObjectName | undefined;
}

function viewsOf(observed: Observed, { cluster }: Place): readonly ClusterView[] {
  const { clusters, service, primary } = observed;
  const view =
    cluster === undefined ? primaryOf(clusters, service, primary) : clusterOf(observed, cluster);
  if (view) return [view];
  return cluster === undefined ? clusters : [];
}

/**
 * What controller and kubelet last said of a binding, its Service and, where no endpoint is ready,
 * its pods: a line for each Warning that is not over. Nothing where events could not be read.
 */
export function linesAbout(observed: Observed, place: Place): readonly string[] {
  const lines = viewsOf(observed, place).flatMap((view) => {
    const bindings = Object.keys(observed.targetGroups)
      .flatMap((arn) => bindingsOf(view, arn))
      .filter((one) => place.binding === undefined || sameName(one, place.binding));
    const service = valueOf(view.service) ?? view.localService;
    const others = bindings.map(serviceOf).filter((name) => !sameName(name, service));
    return eventLines(
      [
        ...[service, ...others].flatMap((one) => serviceWarnings(view, one)),
        ...bindings.flatMap((one) => bindingWarnings(view, one)),
        ...podWarnings(view),
      ],
      observed.at,
    );
  });
  return [...new Set(lines)];
}

/** Lines printed below a problem, by cluster and text: the key of that problem. */
export type Told = Map<string, string>;

const placeOf = ({ about }: Problem): Place => ({
  cluster: about?.cluster,
  binding: about?.binding,
});

const lineKey = (observed: Observed, problem: Problem, line: string): string =>
  `${viewsOf(observed, placeOf(problem))[0]?.context} ${line}`;

/** The lines that are printed below problems already. */
export const toldIn = (observed: Observed, problems: readonly Problem[]): Told =>
  new Map(
    problems.flatMap((problem) =>
      (problem.details ?? []).map((line) => [
        lineKey(observed, problem, line),
        problemKey(problem),
      ]),
    ),
  );

/**
 * Problems with what the controllers said below them: each line once, under the first problem of
 * that cluster that does not come from an unread fact. `told` has the lines that are printed elsewhere
 * already, and gets those that are added.
 */
export function withEvents(
  observed: Observed,
  problems: readonly Problem[],
  o: { readonly binding?: ObjectName | undefined; readonly told?: Told } = {},
): readonly Problem[] {
  const told = o.told ?? toldIn(observed, problems);
  return problems.map((problem) => {
    if (problem.unread) return problem;
    const { details = [] } = problem;
    const own = placeOf(problem);
    const key = problemKey(problem);
    const lines = linesAbout(observed, { ...own, binding: own.binding ?? o.binding }).filter(
      (line) =>
        !details.includes(line) && (told.get(lineKey(observed, problem, line)) ?? key) === key,
    );
    for (const line of lines) told.set(lineKey(observed, problem, line), key);
    return lines.length === 0 ? problem : { ...problem, details: [...details, ...lines] };
  });
}

/** Refusals that a controller or the kubelet may have told the cause of. */
const explainable = new Set<Problem['code']>([
  'service-not-lbc',
  'service-terminating',
  'bindings-missing',
  'binding-terminating',
  'primary-not-enabled',
  'tracking-stale',
  'no-endpoints',
]);

/** Refusals with what the controllers said below those that it may explain. */
export function refusalsWithEvents(
  observed: Observed,
  problems: readonly Problem[],
): readonly Problem[] {
  const told = toldIn(observed, problems);
  return problems.map((problem) =>
    explainable.has(problem.code)
      ? (withEvents(observed, [problem], { told })[0] ?? problem)
      : problem,
  );
}
