import type { Scenario } from '../stage.ts';
import { addressReuse } from './address-reuse.ts';
import { appTeam } from './app-team.ts';
import { byDocument } from './by-document.ts';
import { configMapGone } from './configmap-gone.ts';
import { damageStays } from './damage-stays.ts';
import { deletionProtected } from './deletion-protected.ts';
import { disable } from './disable.ts';
import { dnsShared } from './dns-shared.ts';
import { enrollThree } from './enroll.ts';
import { existingNlb } from './existing-nlb.ts';
import { flagOffByHand } from './flag-off-by-hand.ts';
import { gatewayOwner } from './gateway.ts';
import { goneController } from './gone-controller.ts';
import { handoverByHand, lostGroups, staleTags, strayGroup } from './handover-by-hand.ts';
import { handover, lostOwner, twoPortOwner } from './handover.ts';
import { instanceTargets } from './instance-targets.ts';
import { ipv6, ipv6Networks } from './ipv6.ts';
import { killedHandover } from './killed-handover.ts';
import { leave } from './leave.ts';
import { leftoverConfigMap } from './leftover-configmap.ts';
import { maxTargets } from './max-targets.ts';
import { middleLeaves } from './middle-leaves.ts';
import { moveWithin } from './move-within.ts';
import { nameCollision } from './name-collision.ts';
import { newWorkload } from './new-workload.ts';
import { outOfSight } from './out-of-sight.ts';
import { networks } from './networks.ts';
import { noBackendGroup } from './no-backend-group.ts';
import { noOwner } from './no-owner.ts';
import { podsComeAndGo } from './pods-come-and-go.ts';
import { protocols } from './protocols.ts';
import { purge } from './purge.ts';
import { rejectedAttributes } from './rejected-attributes.ts';
import { replaceMember, replacePeers } from './replace.ts';
import { restartBetween } from './restart-between.ts';
import { secondService } from './second-service.ts';
import { secondaryWithoutFlag } from './secondary-without-flag.ts';
import { severalPorts } from './several-ports.ts';
import { sharedNodeGroup } from './shared-node-group.ts';
import { siblingOfOwned } from './sibling-of-owned.ts';
import { tlsEnded } from './tls-ended.ts';
import { trueFalseTrue, offOnRestart } from './true-false-true.ts';

/** Every script of the lab. */
export const scenarios: readonly Scenario[] = [
  existingNlb,
  newWorkload,
  severalPorts,
  instanceTargets,
  podsComeAndGo,
  leftoverConfigMap,
  trueFalseTrue,
  flagOffByHand,
  secondaryWithoutFlag,
  deletionProtected,
  middleLeaves,
  rejectedAttributes,
  leave,
  disable,
  restartBetween,
  offOnRestart,
  configMapGone,
  damageStays,
  addressReuse,
  maxTargets,
  purge,
  byDocument,
  enrollThree,
  replaceMember,
  replacePeers,
  sharedNodeGroup,
  goneController,
  appTeam,
  nameCollision,
  outOfSight,
  noOwner,
  secondService,
  moveWithin,
  siblingOfOwned,
  protocols,
  networks,
  noBackendGroup,
  ipv6,
  ipv6Networks,
  tlsEnded,
  dnsShared,
  gatewayOwner,
  handover,
  handoverByHand,
  lostOwner,
  twoPortOwner,
  // Their turns, in worlds.ts: the longest of them comes into the world with the shortest.
  lostGroups,
  killedHandover,
  staleTags,
  strayGroup,
];
