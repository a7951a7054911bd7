import { containerRows } from './container-rows.ts';
import type { Row } from './exchange.ts';
import { metadataRows } from './metadata-rows.ts';
import { objectRows } from './object-rows.ts';
import { requestRows } from './request-rows.ts';
import { rightsRows } from './rights-rows.ts';
import { serviceChangeRows } from './service-change-rows.ts';
import { serviceRows } from './service-rows.ts';
import { workloadRows } from './workload-rows.ts';

/** All requests whose answers are recorded. A new one is one entry in one of the lists. */
export const rows: readonly Row[] = [
  ...serviceRows,
  ...serviceChangeRows,
  ...metadataRows,
  ...containerRows,
  ...workloadRows,
  ...objectRows,
  ...requestRows,
  ...rightsRows,
];

/** The namespace in which the nth row plays. */
export const namespaceOf = (index: number): string => `golden-${index}`;
