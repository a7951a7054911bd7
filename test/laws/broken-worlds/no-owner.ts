import { createAll } from '../../../src/sandbox/scenarios/apply.ts';
import { appNamed, plainService } from '../../../src/sandbox/scenarios/objects.ts';
import type { World } from '../../../src/sandbox/world.ts';
import { loseCluster } from '../../commands/gone.ts';
import { addresses, deregister } from '../../commands/repair-acts.ts';
import { JOIN_BALANCER, JOIN_PEER, OTHER, PEER, VERIFY_PEERS } from '../stage.ts';
import {
  bindByHand,
  controllerGone,
  deleteGroup,
  deleteListener,
  denyAws,
  forget,
  merge,
  remove,
  share,
  unbind,
  unprotect,
} from './acts.ts';
import type { BrokenWorld } from './broken-world.ts';

/** A second Service in front of the same pods. */
function twinService(world: World): void {
  const twin = appNamed('web', plainService('ClusterIP'));
  twin.metadata.name = 'twin';
  createAll(world.cluster(PEER).kube, twin);
}

const otherPort = (world: World): void =>
  merge(world, PEER, 'services', 'web', {
    spec: { ports: [{ name: 'other', port: 81, targetPort: 80, protocol: 'TCP' }] },
  });

const worlds: readonly (Omit<BrokenWorld, 'scenario'> & { readonly line?: string })[] = [
  { name: 'no cluster has joined', before: 'deployed', ends: 'sentence' },
  {
    name: 'the next cluster joins before the first one',
    before: 'deployed',
    line: JOIN_PEER,
    ends: 'look',
  },
  { name: 'one cluster has not joined', before: 'enabled', ends: 'green' },
  { name: 'a person cleared the flag', act: (w) => share(w, PEER, false), ends: 'sentence' },
  {
    name: 'join where a person cleared the flag',
    before: 'enabled',
    act: (w) => share(w, PEER, false),
    line: JOIN_PEER,
    ends: 'sentence',
  },
  {
    name: 'the next cluster joins beside a binding that a person made without the flag',
    before: 'deployed',
    act: (w) => bindByHand(w, PEER),
    line: JOIN_PEER,
    ends: 'green',
  },
  { name: 'the listener was deleted', act: deleteListener, ends: 'sentence' },
  { name: 'the target group was deleted', act: deleteGroup, ends: 'look' },
  { name: 'protection is off', act: unprotect, ends: 'green' },
  {
    name: 'a second Service in front of the same pods joins',
    act: twinService,
    line: `join web --context ${PEER} --primary ${PEER} --local-service twin`,
    ends: 'look',
  },
  { name: 'tags cannot be read', act: (w) => denyAws(w, /DescribeTags/), ends: 'look' },
  { name: 'a member is not listed', line: `verify web --context ${PEER}`, ends: 'green' },
  {
    name: 'a member is gone',
    act: (w) => loseCluster(w, OTHER),
    line: `verify web --context ${PEER}`,
    ends: 'green',
  },
  {
    name: 'the load balancer is named wrongly',
    before: 'deployed',
    line: JOIN_BALANCER.replace('shared', 'shred'),
    ends: 'look',
  },
  {
    name: 'no listener for the port of the Service',
    before: 'deployed',
    act: otherPort,
    line: JOIN_BALANCER,
    ends: 'green',
  },
  { name: 'the binding of a member was deleted', act: (w) => unbind(w, OTHER), ends: 'green' },
  {
    name: 'the record of a member was deleted',
    act: (w) => forget(w, OTHER),
    tool: 'kubectl',
    ends: 'green',
  },
  {
    name: 'targets of a member were deregistered',
    act: (w) => void deregister(w, addresses(w, OTHER)),
    ends: 'green',
  },
  {
    name: 'the Service of a member was deleted',
    act: (w) => remove(w, OTHER, 'services', 'web'),
    ends: 'green',
  },
  {
    name: 'the only member leaves',
    before: 'enabled',
    line: `leave web --context ${PEER} --load-balancer shared`,
    ends: 'sentence',
  },
  {
    name: 'disable while another cluster is enrolled',
    line: `disable web --context ${PEER} --exclusive`,
    ends: 'green',
  },
  {
    name: 'enable of a Service without a binding',
    before: 'deployed',
    line: `enable web --context ${PEER}`,
    ends: 'look',
  },
  {
    name: 'join where the controller is down',
    before: 'deployed',
    act: (w) => controllerGone(w, PEER),
    line: JOIN_BALANCER,
    ends: 'look',
  },
];

/** What goes wrong behind a load balancer that no cluster owns. */
export const ownerless: readonly BrokenWorld[] = worlds.map((world) => ({
  line: VERIFY_PEERS,
  ...world,
  name: `no cluster owns the load balancer, and ${world.name}`,
  scenario: 'no-owner',
}));
