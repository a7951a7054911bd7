import { register } from '../../commands/repair-acts.ts';
import { ENABLE, JOIN, PRI, SEC } from '../stage.ts';
import { LEAVE, merge, remove } from './acts.ts';
import type { BrokenWorld } from './broken-world.ts';

const AUTO = 'targetgroupbindings.eks.amazonaws.com';
const allAuto = () => 'auto-mode' as const;
const autoPrimary = (role: string) => (role === 'primary' ? 'auto-mode' : 'lbc');

/** What is special where AWS runs the controller of a member: it cannot be seen, restarted or upgraded. */
const worlds: readonly Omit<BrokenWorld, 'scenario'>[] = [
  {
    name: 'Auto Mode: AWS denies the registration of a join',
    before: 'enabled',
    line: JOIN,
    tool: 'aws',
    ends: 'green',
  },
  { name: 'Auto Mode: not joined yet', before: 'enabled', tool: 'aws', ends: 'green' },
  {
    name: 'Auto Mode: the other controller joins an Auto Mode primary too early',
    before: 'deployed',
    controllers: autoPrimary,
    line: JOIN,
    ends: 'green',
  },
  {
    name: 'Auto Mode: bindings of the primary are deleted',
    controllers: autoPrimary,
    act: (w) => {
      for (const { metadata } of w.cluster(PRI).kube.list(AUTO, 'default'))
        remove(w, PRI, AUTO, metadata.name);
    },
    ends: 'green',
  },
  {
    name: 'Auto Mode: somebody turns the binding exclusive',
    controllers: allAuto,
    act: (w) => {
      for (const { metadata } of w.cluster(SEC).kube.list(AUTO, 'default'))
        merge(w, SEC, AUTO, metadata.name, { spec: { multiClusterTargetGroup: false } });
    },
    tool: 'kubectl',
    ends: 'look',
  },
  {
    name: 'Auto Mode: the controller hangs while a pod is new',
    act: (w) => {
      w.cluster(SEC).autoMode?.pause();
      merge(w, SEC, 'deployments.apps', 'nginx', { spec: { replicas: 3 } });
    },
    tool: 'kubectl',
    ends: 'look',
  },
  {
    name: 'Auto Mode: leave without a controller is refused, and leads to leave',
    line: `${LEAVE} --without-controller`,
    ends: 'green',
  },
  {
    name: 'Auto Mode: disable while it is enrolled',
    controllers: allAuto,
    line: `disable nginx --context ${PRI},${SEC}`,
    ends: 'green',
  },
  {
    name: 'Auto Mode: a target that no cluster tracks',
    act: (w) => register(w, ['10.0.64.99']),
    ends: 'sentence',
  },
  {
    name: 'Auto Mode: enable of a Service without a load balancer',
    before: 'deployed',
    line: ENABLE.replace(PRI, SEC),
    ends: 'look',
  },
];

export const autoMode: readonly BrokenWorld[] = worlds.map((world) => ({
  ...world,
  scenario: 'auto-mode',
}));
