import type { ClusterEcho } from '../core/plan/report.ts';
import { echoLines } from './echo-lines.ts';
import { isMany } from './many.ts';
import type { Style } from './style.ts';

const nameOf = ({ service }: ClusterEcho): string => `${service.namespace}/${service.name}`;

/**
 * What a command is about, in one line: the Service, its clusters, account and region. A cluster
 * whose Service has another name says so. Many clusters are a number. With -v each cluster's API server and identity follow.
 */
export function headingLines(clusters: readonly ClusterEcho[], style: Style): string[] {
  const [first] = clusters;
  if (!first) return [];
  const contexts = clusters.map((one) =>
    nameOf(one) === nameOf(first) ? one.context : `${one.context} (${nameOf(one)})`,
  );
  const place = [
    ...(first.account === undefined ? [] : [`account ${first.account}`]),
    ...(first.region === undefined ? [] : [first.region]),
  ];
  const named = isMany(contexts.length, style)
    ? `${contexts.length} clusters`
    : contexts.join(', ');
  return [
    [style.paint('strong', `Service ${nameOf(first)}`), named, ...place].join('  '),
    ...(style.screen?.verbose ? echoLines(clusters, style) : []),
  ];
}
