import { loseSecondary } from '../../commands/gone.ts';
import {
  addresses,
  BINDINGS,
  deregister,
  recordMore,
  register,
} from '../../commands/repair-acts.ts';
import { PRI, SEC, VERIFY } from '../stage.ts';
import {
  FLAG,
  ATTRIBUTES,
  merge,
  annotate,
  share,
  remove,
  unbind,
  forget,
  scale,
  killPods,
  drainNodes,
  denyAws,
  denyKube,
  deleteListener,
  unprotect,
  controllerGone,
} from './acts.ts';
import type { BrokenWorld } from './broken-world.ts';

/** What `verify` finds. */
export const found: readonly BrokenWorld[] = [
  { name: 'not enabled', before: 'deployed', ends: 'green' },
  { name: 'not joined', before: 'enabled', ends: 'green' },
  {
    name: 'the flag of the Service is gone',
    act: (w) => {
      controllerGone(w, PRI);
      annotate(w, { [FLAG]: null });
      w.cluster(PRI).lbc.start();
    },
    ends: 'green',
  },
  {
    name: 'the flag of the Service cannot be parsed',
    act: (w) => annotate(w, { [FLAG]: 'yes' }),
    ends: 'green',
  },
  {
    name: 'the owner stopped sharing by hand',
    act: (w) => annotate(w, { [FLAG]: 'false' }),
    ends: 'green',
  },
  { name: 'an exclusive binding of the owner', act: (w) => share(w, PRI, false), ends: 'green' },
  { name: 'an exclusive binding of a member', act: (w) => share(w, SEC, false), ends: 'sentence' },
  {
    name: "a member's targets were deregistered",
    act: (w) => void deregister(w, addresses(w, SEC)),
    ends: 'green',
  },
  {
    name: "the owner's targets were deregistered",
    act: (w) => void deregister(w, addresses(w, PRI)),
    ends: 'green',
  },
  { name: "the owner's binding was deleted", act: (w) => unbind(w, PRI), ends: 'green' },
  { name: "a member's binding was deleted", act: (w) => unbind(w, SEC), ends: 'green' },
  {
    name: "a member's record was deleted",
    act: (w) => forget(w, SEC),
    ends: 'green',
    tool: 'kubectl',
  },
  {
    name: "the owner's record was deleted",
    act: (w) => forget(w, PRI),
    ends: 'green',
    tool: 'kubectl',
  },
  {
    name: "a member's Service was deleted",
    act: (w) => remove(w, SEC, 'services', 'nginx'),
    ends: 'green',
  },
  {
    name: "a member's Service is being deleted, and something holds it",
    act: (w) => {
      merge(w, SEC, 'services', 'nginx', { metadata: { finalizers: ['example.com/held'] } });
      remove(w, SEC, 'services', 'nginx');
    },
    ends: 'look',
  },
  {
    name: "a member's Service lost the port",
    act: (w) =>
      merge(w, SEC, 'services', 'nginx', {
        spec: { ports: [{ port: 81, targetPort: 80, protocol: 'TCP' }] },
      }),
    ends: 'look',
  },
  {
    name: "the owner's Service is being deleted",
    act: (w) => remove(w, PRI, 'services', 'nginx'),
    ends: 'sentence',
  },
  {
    name: 'the app of a member has no pod',
    act: (w) => scale(w, SEC, 0),
    tool: 'kubectl',
    ends: 'green',
  },
  {
    name: 'the app of the owner has no pod',
    act: (w) => scale(w, PRI, 0),
    tool: 'kubectl',
    ends: 'green',
  },
  { name: 'no node takes the pods of a member', act: (w) => drainNodes(w, SEC), ends: 'look' },
  {
    name: 'the app has just grown',
    act: (w) => {
      scale(w, SEC, 4);
      w.clock.advance(3_000);
    },
    ends: 'green',
  },
  {
    name: 'the controller of a member is down',
    act: (w) => {
      controllerGone(w, SEC);
      killPods(w, SEC);
    },
    ends: 'look',
  },
  {
    name: 'the controller of the owner is down',
    act: (w) => {
      controllerGone(w, PRI);
      killPods(w, PRI);
    },
    ends: 'look',
  },
  {
    name: 'a binding that hangs in deletion',
    act: (w) => {
      controllerGone(w, SEC);
      unbind(w, SEC);
    },
    ends: 'look',
  },
  {
    name: 'a tracked target that nobody answers at',
    act: (w) => {
      recordMore(w, SEC, ['10.0.64.200']);
      register(w, ['10.0.64.200']);
      w.clock.advance(600_000);
    },
    ends: 'green',
  },
  { name: 'a target of nobody', act: (w) => void register(w, ['10.0.3.99']), ends: 'sentence' },
  { name: 'a cluster that is not listed', line: `verify nginx --context ${PRI}`, ends: 'green' },
  {
    name: 'a cluster that is gone',
    act: loseSecondary,
    line: `verify nginx --context ${PRI}`,
    ends: 'green',
  },
  { name: 'only a member is listed', line: `verify nginx --context ${SEC}`, ends: 'green' },
  {
    name: 'a Service name that is misspelled',
    line: VERIFY.replace('nginx', 'ngin'),
    ends: 'green',
  },
  { name: 'protection is off in AWS', act: unprotect, ends: 'green', tool: 'aws' },
  {
    name: 'protection is on in AWS alone',
    act: (w) => {
      controllerGone(w, PRI);
      annotate(w, { [ATTRIBUTES]: null });
      w.cluster(PRI).lbc.start();
    },
    ends: 'green',
  },
  {
    name: 'an attribute that AWS refuses',
    act: (w) => annotate(w, { [ATTRIBUTES]: 'deletion_protection.enabled=true,no.such=1' }),
    ends: 'look',
  },
  {
    name: 'an annotation that cannot be parsed',
    act: (w) => annotate(w, { [ATTRIBUTES]: 'deletion_protection.enabled' }),
    ends: 'look',
  },
  { name: 'the listener was deleted', act: deleteListener, ends: 'green' },
  {
    name: 'the controller of a member may not register',
    act: (w) => {
      denyAws(w, /RegisterTargets/, /^lbc\/sec/);
      killPods(w, SEC);
    },
    ends: 'sentence',
  },
  {
    name: 'records of a member may not be read',
    act: (w) => denyKube(w, SEC, 'configmaps'),
    ends: 'look',
  },
  {
    name: "the owner's Service may not be read",
    act: (w) => denyKube(w, PRI, 'services'),
    ends: 'look',
  },
  { name: 'bindings may not be listed', act: (w) => denyKube(w, SEC, BINDINGS), ends: 'look' },
  {
    name: 'a member does not answer',
    act: (w) => void w.faults.add({ world: 'kube', cluster: SEC, kind: 'cut' }),
    ends: 'look',
  },
  {
    name: 'targets may not be read in AWS',
    act: (w) => denyAws(w, /DescribeTargetHealth/),
    ends: 'look',
    tool: 'aws',
  },
];
