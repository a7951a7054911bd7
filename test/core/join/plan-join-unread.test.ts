import { codes } from '../../../src/core/model/codes.ts';
import { exitOfBlockers } from '../../../src/core/plan/exit.ts';
import type { Observed } from '../../../src/core/observed/observed.ts';
import { planJoin } from '../../../src/core/join/plan-join.ts';
import { intent, world } from '../joining.ts';
import { codesOf, secondary, templates, unreadable } from '../world.ts';

const edit =
  (context: string, over: Partial<Observed['clusters'][number]>) =>
  (o: Observed): Observed => ({
    ...o,
    clusters: o.clusters.map((c) => (c.context === context ? { ...c, ...over } : c)),
  });

describe('a fact that is needed and unread', () => {
  test.each<[string, (o: Observed) => Observed]>([
    [
      'whether they are two clusters: kube-system, and the Service in the other one',
      edit('sec', { identity: unreadable(), services: { 'default/nginx': unreadable() } }),
    ],
    ['the primary’s Service', edit('pri', { service: unreadable() })],
    ['the primary’s bindings', edit('pri', { bindings: unreadable() })],
    ['the primary’s ConfigMap', edit('pri', { tracked: {} })],
    ['the primary’s endpoints', edit('pri', { endpoints: {} })],
    ['the local Service', edit('sec', { service: unreadable() })],
    ['the local bindings', edit('sec', { bindings: unreadable() })],
    ['the local endpoints', edit('sec', { endpoints: {} })],
    ['the ConfigMap of the new name', edit('sec', { tracked: {} })],
    ['the target groups', (o) => ({ ...o, targetGroups: {} })],
  ])('%s: no step, and exit 8', (_, change) => {
    const { steps, blockers } = planJoin(change(world(secondary())), intent, templates);
    expect(steps).toEqual([]);
    expect(exitOfBlockers(blockers)).toBe(8);
  });

  test('what only improves the answer is a skip', () => {
    const o = edit('sec', { controller: unreadable(), crdMultiCluster: unreadable() })({
      ...world(secondary()),
      loadBalancer: unreadable(),
    });
    const { steps, skips } = planJoin(o, intent, templates);
    expect(steps).toHaveLength(1);
    expect(codesOf(skips)).toEqual(['same-cluster-name', 'api-forbidden']);
    expect(skips[1]?.details).toEqual(
      (
        [
          'controller-missing',
          'controller-too-old',
          'field-stripped',
          'zone-not-served',
          'peer-not-attached',
        ] as const
      ).map((code) => `Not checked: "${codes[code]}".`),
    );
  });
});
