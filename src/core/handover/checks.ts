import {
  type ControllerCase,
  controllerNewEnough,
  controllerRuns,
  fieldInSchema,
} from '../checks/controller.ts';
import type { Check } from '../plan/check.ts';
import { sameBalancer } from './agreement-checks.ts';
import { flagChecks } from './flag-checks.ts';
import type { HandoverCase, Side } from './handover-case.ts';
import { lostChecks } from './lost-checks.ts';
import { managerChecks } from './manager-checks.ts';
import { ownerChecks } from './owner-checks.ts';
import { placeChecks } from './place-checks.ts';
import { releaseChecks } from './release-checks.ts';
import { sharingChecks } from './sharing-checks.ts';
import { eachSideCheck, sideCheck, type Way, wayOf } from './side-check.ts';
import { takerChecks } from './taker-checks.ts';
import { warningChecks } from './warning-checks.ts';

/** A check that every command makes of a controller, of both sides or of one. */
const ofController = (which: 'each' | 'to', one: Check<ControllerCase>): Check<HandoverCase> => {
  const look = ({ cluster, service: { namespace } }: Side) => {
    const found = one.run({ cluster, namespace, flavour: 'lbc' });
    return found.kind === 'pass' ? undefined : found.kind === 'skip' ? found : found.problems;
  };
  return which === 'each'
    ? eachSideCheck(one.id, one.severity, look)
    : sideCheck(which, one.id, one.severity, look);
};

/** The controller that gives the load balancer may be stopped: some versions have to be. */
const controllers = [
  ofController('to', controllerRuns),
  ofController('each', controllerNewEnough),
  ofController('each', fieldInSchema),
];

const there: readonly Way[] = ['forward', 'lost', 'none'];

/**
 * What a handover depends on, and for which ways it is required; absent: for every one. Where the
 * handover does not have a side, the checks of that side pass. What a cluster was and its controller made
 * of a Service on the way there still holds on the way back.
 */
const table: readonly {
  readonly checks: readonly Check<HandoverCase>[];
  readonly ways?: readonly Way[];
}[] = [
  {
    checks: [
      placeChecks.twoClusters,
      placeChecks.twoNames,
      placeChecks.oneController,
      placeChecks.mayRestart,
    ],
  },
  { checks: [placeChecks.openSource, placeChecks.sameVpc, placeChecks.sameAccount], ways: there },
  { checks: controllers, ways: there },
  { checks: Object.values(ownerChecks) },
  { checks: Object.values(releaseChecks) },
  { checks: [...Object.values(takerChecks), sameBalancer] },
  { checks: Object.values(flagChecks), ways: there },
  { checks: [sharingChecks.allShared, sharingChecks.unweighted] },
  { checks: [sharingChecks.everyNode, sharingChecks.noShift], ways: there },
  { checks: [sharingChecks.allClaimed], ways: ['forward', 'none'] },
  { checks: [managerChecks.sourceKnown] },
  { checks: [managerChecks.nameStays], ways: ['forward', 'none'] },
  { checks: Object.values(lostChecks), ways: ['lost'] },
  { checks: [warningChecks.tagsStay], ways: ['forward', 'lost'] },
  { checks: [warningChecks.webhooksAnswer, warningChecks.groupFree] },
];

/** A check that passes where the handover goes another way. */
const onWays = (one: Check<HandoverCase>, ways: readonly Way[]): Check<HandoverCase> => ({
  ...one,
  run: (subject) => (ways.includes(wayOf(subject)) ? one.run(subject) : { kind: 'pass' }),
});

/**
 * What has to hold before each write of a handover (blockers), and what a person should know before the
 * first one (cautions). That `verify` is green is not among them.
 */
export const handoverChecks: readonly Check<HandoverCase>[] = table.flatMap(({ checks, ways }) =>
  ways ? checks.map((one) => onWays(one, ways)) : checks,
);
