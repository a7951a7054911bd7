import type { ClusterEcho } from '../core/plan/report.ts';
import type { Style } from './style.ts';
import { tableLines } from './table.ts';

/** What the names on the command line mean: shown before a write, and in the report. */
export const echoLines = (clusters: readonly ClusterEcho[], style: Style): string[] =>
  tableLines(
    ['CLUSTER', 'API SERVER', 'IDENTITY', 'ACCOUNT', 'REGION', 'SERVICE'],
    clusters.map((one) => [
      one.context,
      one.server,
      one.identity,
      one.account ?? '-',
      one.region ?? '-',
      `${one.service.namespace}/${one.service.name}`,
    ]),
    style,
  );
