import type { Check } from '../plan/check.ts';
import type { HandoverCase } from './handover-case.ts';

/** What has to hold before the first write of a handover. */
export const handoverChecks: readonly Check<HandoverCase>[] = [];
