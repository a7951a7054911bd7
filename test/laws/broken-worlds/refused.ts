import { person } from '../../commands/repair-acts.ts';
import { ENABLE, JOIN, PRI, SEC } from '../stage.ts';
import { merge, share, remove, scale, controllerGone, LEAVE } from './acts.ts';
import type { BrokenWorld } from './broken-world.ts';

/** What a command that changes something is refused for. */
export const refused: readonly BrokenWorld[] = [
  { name: 'join comes too early', before: 'deployed', line: JOIN, ends: 'green' },
  {
    name: 'join without a local Service',
    before: 'enabled',
    act: (w) => remove(w, SEC, 'services', 'nginx'),
    line: JOIN,
    ends: 'green',
  },
  {
    name: 'join of a Service without the port',
    before: 'enabled',
    act: (w) =>
      merge(w, SEC, 'services', 'nginx', {
        spec: { ports: [{ port: 81, targetPort: 80, protocol: 'TCP' }] },
      }),
    line: JOIN,
    ends: 'look',
  },
  {
    name: 'join of the owner itself',
    before: 'enabled',
    line: `join nginx --context ${PRI} --primary ${PRI}`,
    ends: 'sentence',
  },
  {
    name: 'join where the controller is down',
    before: 'enabled',
    act: (w) => controllerGone(w, SEC),
    line: JOIN,
    ends: 'look',
  },
  {
    name: 'join without a pod',
    before: 'enabled',
    act: (w) => scale(w, SEC, 0),
    line: JOIN,
    tool: 'kubectl',
    ends: 'green',
  },
  {
    name: 'join of an exclusive binding',
    act: (w) => share(w, SEC, false),
    line: JOIN,
    ends: 'sentence',
  },
  {
    name: 'enable of a Service of no controller',
    before: 'deployed',
    line: `enable nginx --context ${SEC}`,
    ends: 'look',
  },
  {
    name: 'enable where the controller is down',
    before: 'deployed',
    act: (w) => controllerGone(w, PRI),
    line: ENABLE,
    ends: 'look',
  },
  {
    name: 'enable of a name that is misspelled',
    before: 'deployed',
    line: ENABLE.replace('nginx', 'ngin'),
    ends: 'green',
  },
  {
    name: 'leave where the controller is uninstalled, and a person says yes all the same',
    act: (w) => w.cluster(SEC).lbc.uninstall(),
    line: LEAVE,
    ends: 'look',
  },
  {
    name: 'the same where its webhooks are still there',
    act: (w) => {
      const { kube } = w.cluster(SEC);
      controllerGone(w, SEC);
      for (const { metadata } of kube.list('deployments.apps'))
        if (metadata.name === 'aws-load-balancer-controller')
          kube.delete('deployments.apps', metadata.namespace ?? '', metadata.name, person);
    },
    line: LEAVE,
    ends: 'look',
  },
  { name: 'leave below the floor', line: `${LEAVE} --min-healthy 9`, ends: 'sentence' },
  { name: 'the owner leaves', line: `leave nginx --context ${PRI}`, ends: 'green' },
  {
    name: 'disable while others are enrolled',
    line: `disable nginx --context ${PRI}`,
    ends: 'green',
  },
  { name: 'purge of a cluster that serves', line: `purge nginx --context ${PRI}`, ends: 'green' },
  {
    name: 'repair of an exclusive binding of the owner, which has cost a member its targets',
    act: (w) => {
      share(w, PRI, false);
      w.settle();
    },
    line: `repair nginx --context ${PRI},${SEC}`,
    ends: 'green',
  },
  {
    name: 'repair of what no repair mends',
    act: (w) => scale(w, SEC, 0),
    line: `repair nginx --context ${PRI},${SEC}`,
    tool: 'kubectl',
    ends: 'green',
  },
];
