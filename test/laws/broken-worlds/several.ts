import { PRI, SEC } from '../stage.ts';
import { controllerGone, denyKube, FLAG, annotate, remove, scale, share } from './acts.ts';
import type { BrokenWorld } from './broken-world.ts';

const ENROLL = `enroll nginx --primary ${PRI} --context ${SEC}`;
/** The owner takes the place of the member: it needs no third cluster. */
const REPLACE = `replace nginx --old ${SEC} --new ${PRI} --no-record`;

/** What `enroll` and `replace` are refused for, or what they wait for in vain. */
export const several: readonly BrokenWorld[] = [
  {
    name: 'enroll of a cluster without the Service',
    before: 'deployed',
    act: (w) => remove(w, SEC, 'services', 'nginx'),
    line: ENROLL,
    ends: 'green',
  },
  {
    name: 'enroll of a cluster without a pod',
    before: 'deployed',
    act: (w) => scale(w, SEC, 0),
    line: ENROLL,
    tool: 'kubectl',
    ends: 'green',
  },
  {
    name: 'enroll where the controller of the primary is down',
    before: 'deployed',
    act: (w) => controllerGone(w, PRI),
    line: ENROLL,
    ends: 'look',
  },
  {
    name: 'enroll of a Service name that is misspelled',
    before: 'deployed',
    line: ENROLL.replace('nginx', 'ngin'),
    ends: 'green',
  },
  {
    name: 'enroll with a flag that cannot be parsed',
    before: 'deployed',
    act: (w) => annotate(w, { [FLAG]: 'yes' }),
    line: ENROLL,
    ends: 'green',
  },
  {
    name: 'enroll of an exclusive member',
    act: (w) => share(w, SEC, false),
    line: ENROLL,
    ends: 'sentence',
  },
  {
    name: 'enroll of a cluster whose bindings may not be listed',
    before: 'deployed',
    act: (w) => denyKube(w, SEC, 'targetgroupbindings.elbv2.k8s.aws'),
    line: ENROLL,
    ends: 'look',
  },
  {
    name: 'replace by a cluster without a pod',
    act: (w) => scale(w, PRI, 0),
    line: REPLACE,
    tool: 'kubectl',
    ends: 'green',
  },
  {
    name: 'replace by a cluster whose controller is down',
    act: (w) => controllerGone(w, PRI),
    line: REPLACE,
    ends: 'look',
  },
  { name: 'replace below the floor', line: `${REPLACE} --min-healthy 9`, ends: 'sentence' },
];
