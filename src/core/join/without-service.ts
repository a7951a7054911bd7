import { serviceMissing } from '../checks/service.ts';
import type { Hint } from '../model/hint.ts';
import { joinHint } from '../model/nlbmc-hints.ts';
import type { Problem } from '../model/problem.ts';
import { runChecks } from '../plan/check.ts';
import type { Plan } from '../plan/plan.ts';
import { refused } from '../plan/refused.ts';
import type { JoinCase } from './join-port.ts';
import { sharingChecks } from './sharing.ts';

/** The local Service is missing: where another cluster shows one to be like, nlbmc can create it. */
export function withoutService(subject: JoinCase, skips: readonly Problem[]): Plan {
  const { intent, joining, enrolled } = subject;
  const create = joinHint({ ...intent, createService: true });
  const retry = (name: string): Hint =>
    joinHint({ ...intent, localService: { ...intent.localService, name } });
  const missing = serviceMissing(joining, intent.localService, enrolled ? () => create : retry);
  const { blockers } = runChecks(sharingChecks, subject);
  return refused([...blockers, { ...missing, ...(enrolled ? { hints: [create] } : {}) }], skips);
}
