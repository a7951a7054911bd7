import { planLeave } from '../../../src/core/leave/plan-leave.ts';
import { planPurge } from '../../../src/core/purge/plan-purge.ts';
import { arnOf, service } from '../cluster-builder.ts';
import { intent, ours, world } from '../leaving.ts';
import { codesOf, primaryTargets, secondary, secondaryTargets } from '../world.ts';

const version = '3.4.3';

/** `default/web-nginx`, and `default-web/nginx` on another group: one memory in an old controller. */
const confused = (recorded: string) =>
  secondary()
    .controller({ version })
    .binding({ name: 'web-nginx', multiCluster: true, labels: ours })
    .binding({
      namespace: 'default-web',
      name: 'nginx',
      multiCluster: true,
      targetGroupArn: arnOf(9090),
      serviceName: 'other',
    })
    .tracks('web-nginx', recorded);

describe('a binding whose record an old controller confuses with another one', () => {
  test.each([
    ['lists targets of the other', '10.0.7.7:9090'],
    ['lists a target of another cluster', '10.0.1.1:80'],
    ['lists its own', secondaryTargets.join(',')],
  ])('is left by its endpoints where the record %s', (_, recorded) => {
    const { blockers, cautions, steps } = planLeave(world(confused(recorded)), intent);
    expect(blockers).toEqual([]);
    expect(codesOf(cautions)).toEqual(['tracking-collision']);
    expect(cautions[0]?.details).toEqual(secondaryTargets);
    expect(steps).toMatchObject([
      { kind: 'deregister-targets', targets: [{ id: '10.0.2.1' }, { id: '10.0.2.2' }] },
      { kind: 'delete-binding', binding: { name: 'web-nginx' }, tracked: [] },
    ]);
  });

  test('is left as ever by a controller that keeps them apart', () => {
    const sec = confused(secondaryTargets.join(',')).controller({ version: '3.5.0' });
    const { cautions, steps } = planLeave(world(sec), intent);
    expect(cautions).toEqual([]);
    expect(steps.map(({ kind }) => kind)).toEqual(['delete-binding']);
  });

  test('keeps purge from telling whose a target is', () => {
    const seen = world(confused(''), { targets: { 80: [...primaryTargets, '10.0.9.9:80'] } });
    const { blockers, steps } = planPurge(seen, { service });
    expect(steps).toEqual([]);
    expect(codesOf(blockers)).toEqual(['tracking-collision']);
  });
});
