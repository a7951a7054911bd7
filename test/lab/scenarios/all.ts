import type { Scenario } from '../stage.ts';
import { existingNlb } from './existing-nlb.ts';

/** Every script of the lab. */
export const scenarios: readonly Scenario[] = [existingNlb];
