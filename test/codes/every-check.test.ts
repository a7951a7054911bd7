import type { Check } from '../../src/core/plan/check.ts';
import { annotationChecks } from '../../src/core/checks/annotations.ts';
import { controllerChecks } from '../../src/core/checks/controller.ts';
import { serviceChecks } from '../../src/core/checks/service.ts';
import { aloneChecks } from '../../src/core/disable/enrolled.ts';
import { rolloutChecks } from '../../src/core/enable/rollout.ts';
import { clusterChecks } from '../../src/core/join/clusters.ts';
import { groupMatchChecks } from '../../src/core/join/group-match.ts';
import { localBindingChecks } from '../../src/core/join/local-binding.ts';
import { localServiceChecks } from '../../src/core/join/local-service.ts';
import { openGroupChecks, roomyGroupChecks } from '../../src/core/join/endpoint-groups.ts';
import { limitChecks } from '../../src/core/join/limits.ts';
import { otherVpcChecks } from '../../src/core/join/other-vpc.ts';
import { placementChecks } from '../../src/core/join/placement.ts';
import { sharingChecks } from '../../src/core/join/sharing.ts';
import { handoverChecks } from '../../src/core/handover/checks.ts';
import { leavingClusterChecks } from '../../src/core/leave/leaving-cluster.ts';
import { leavingChecks } from '../../src/core/leave/leaving.ts';
import type { Code } from '../../src/core/model/codes.ts';
import { unclaimedChecks } from '../../src/core/purge/unclaimed.ts';
import { whileDisabling, whileLeaving, whilePurging } from './ending.ts';
import { whileHandingOver } from './handing.ts';
import { whileEnabling, whileJoining } from './joining.ts';
import type { Situations } from './situations.ts';

const idsOf = (...lists: readonly (readonly Pick<Check<never>, 'id'>[])[]): readonly Code[] => [
  ...new Set(lists.flat().map(({ id }) => id)),
];

/** The checks that belong to a command; what several commands share is shown by `enable`. */
const checks: Readonly<Record<string, readonly [Situations, readonly Code[]]>> = {
  enable: [whileEnabling, idsOf(serviceChecks, annotationChecks, controllerChecks, rolloutChecks)],
  join: [
    whileJoining,
    idsOf(
      clusterChecks,
      sharingChecks,
      groupMatchChecks,
      localServiceChecks,
      localBindingChecks,
      placementChecks,
      otherVpcChecks,
      openGroupChecks,
      roomyGroupChecks,
      limitChecks,
    ),
  ],
  leave: [whileLeaving, idsOf(leavingClusterChecks, leavingChecks)],
  disable: [whileDisabling, idsOf(aloneChecks)],
  handover: [whileHandingOver, idsOf(handoverChecks)],
  purge: [whilePurging, idsOf(unclaimedChecks)],
};

test.each(Object.entries(checks))('%s: each of its checks fails somewhere', (_, [all, ids]) => {
  expect(ids.length).toBeGreaterThan(1);
  const raised = new Set(
    Object.values(all).flatMap((problems) => problems().map(({ code }) => code)),
  );
  expect(ids.filter((id) => !raised.has(id))).toEqual([]);
});
