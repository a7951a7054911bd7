import type { LeaveIntent } from '../../src/core/model/intent.ts';
import type { Observed } from '../../src/core/observed/observed.ts';
import { planLeave } from '../../src/core/leave/plan-leave.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import { known } from '../../src/core/model/problem.ts';
import { service, type ClusterBuilder } from './cluster-builder.ts';
import {
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTargets,
  secondaryTargets,
  type WorldParts,
} from './world.ts';

/** A leave of `sec` from `pri` with nothing said that need not be. */
export const intent: LeaveIntent = {
  service,
  localService: service,
  primary: 'pri',
  context: 'sec',
  targetGroups: [],
  deleteService: false,
  withoutController: false,
  minHealthy: 1,
};

export const ours = { 'app.kubernetes.io/managed-by': 'nlbmc' };
export const crossZone = (on: boolean) =>
  known({
    'load_balancing.cross_zone.enabled': String(on),
    'deregistration_delay.timeout_seconds': '120',
  });

/** A secondary that nlbmc has joined. */
export const member = (): ClusterBuilder => joinedSecondary().editBindings({ labels: ours });

/** Both clusters as observed, with the targets of both. */
export const world = (
  sec: ClusterBuilder,
  o: Partial<WorldParts> & { readonly pri?: ClusterBuilder } = {},
): Observed =>
  observed({
    clusters: [o.pri ?? enabledPrimary(), sec],
    targets: { 80: [...primaryTargets, ...secondaryTargets] },
    ...o,
    group: { attributes: crossZone(true), ...o.group },
  });

export const plan = (
  sec: ClusterBuilder,
  over: Partial<LeaveIntent> = {},
  o: Parameters<typeof world>[1] = {},
): Plan => planLeave(world(sec, o), { ...intent, ...over });
