import { known } from '../../../src/core/model/problem.ts';
import { planJoin } from '../../../src/core/join/plan-join.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { endpointsAt } from '../cluster-builder.ts';
import { intent } from '../joining.ts';
import { nodeAt, onNodes, pathAway } from '../paths.ts';
import { typed } from '../typed.ts';
import {
  codesOf,
  enabledPrimary,
  forbidden,
  observed,
  primaryTargets,
  secondary,
  templates,
  unreadable,
  type WorldParts,
} from '../world.ts';

const active = known([{ id: 'pcx-1', vpcIds: ['vpc-2', 'vpc-1'], status: 'active' }]);

const join = (parts: Partial<WorldParts>, sec = secondary(), pri = enabledPrimary()): Plan =>
  planJoin(
    observed({ clusters: [pri, sec], targets: { 80: primaryTargets }, ...parts }),
    intent,
    templates,
  );

test('endpoints in a peered VPC join, and their zone does not matter', () => {
  const away = secondary().endpoints(endpointsAt(['10.0.2.1'], { zone: 'us-east-1f' }));
  expect(codesOf(join({}, away).cautions)).toEqual(['zone-not-served']);
  const plan = join({ path: pathAway({ peerings: active }) }, away);
  expect([...plan.blockers, ...plan.cautions]).toEqual([]);
});

test.each<[string, Parameters<typeof pathAway>[0], readonly string[], string]>([
  [
    'no peering',
    {},
    ['vpc-not-peered'],
    'ec2 create-vpc-peering-connection --vpc-id vpc-1 --peer-vpc-id vpc-2',
  ],
  [
    'a peering that nobody has accepted',
    {
      peerings: known([{ id: 'pcx-1', vpcIds: ['vpc-1', 'vpc-2'], status: 'pending-acceptance' }]),
    },
    ['vpc-not-peered'],
    'ec2 accept-vpc-peering-connection --vpc-peering-connection-id pcx-1',
  ],
  [
    'a peering with a third VPC',
    { peerings: known([{ id: 'pcx-1', vpcIds: ['vpc-1', 'vpc-3'], status: 'active' }]) },
    ['vpc-not-peered'],
    '',
  ],
  [
    'the same addresses',
    { peerings: active, ranges: ['10.0.0.0/16'] },
    ['vpc-overlap'],
    'vpc-1 vpc-2',
  ],
  [
    'a part of them',
    { peerings: active, ranges: ['172.20.0.0/16', '10.0.128.0/20'] },
    ['vpc-overlap'],
    '',
  ],
])('refused, or a person decides: %s', (_, path, codes, hint) => {
  const { blockers, cautions } = join({ path: pathAway(path) });
  const found = [...blockers, ...cautions];
  expect(codesOf(found)).toEqual(codes);
  expect(found.map(typed).join()).toContain(hint);
  // A transit gateway cannot be seen: --yes does not answer that, and a person can.
  expect(cautions.every(({ grave }) => grave)).toBe(true);
  expect(blockers.every(({ code }) => code === 'vpc-overlap')).toBe(true);
});

test('peerings that cannot be read are a skip', () => {
  const plan = join({
    path: pathAway({ peerings: unreadable({ ...forbidden, code: 'aws-denied' }) }),
  });
  expect(plan.blockers).toEqual([]);
  expect(codesOf(plan.skips)).toContain('aws-denied');
});

test('an address that both VPCs have is of the VPC of the controller', () => {
  const over = { vpcId: 'vpc-1', alsoIn: ['vpc-2'] };
  const path = pathAway({ over, ranges: ['10.0.0.0/16'] });
  expect(join({ path }).blockers).toEqual([]);
  const { blockers } = join({ path }, secondary().controller({ vpcId: 'vpc-2' }));
  expect(codesOf(blockers)).toEqual(['vpc-overlap']);
});

test('a Service of both families joins where the controller leaves out the other one', () => {
  const both = (version: string) =>
    join(
      {},
      secondary()
        .service({ ipFamilies: ['IPv4', 'IPv6'] })
        .controller({ version }),
    );
  expect(both('3.4.3').blockers).toEqual([]);
  const { blockers } = both('3.4.2');
  expect(codesOf(blockers)).toEqual(['family-mismatch']);
  expect(typed(blockers[0])).toContain('SingleStack');
});

test('instances of another VPC are refused, peered or not', () => {
  const { blockers } = join(
    { path: pathAway({ peerings: active }), group: { targetType: 'instance' } },
    secondary()
      .editService({ type: 'NodePort', ports: [onNodes] })
      .with({ nodes: known([nodeAt('i-0a1')]) }),
    enabledPrimary()
      .editBindings({ targetType: 'instance' })
      .with({ nodes: known([]) }),
  );
  expect(codesOf(blockers)).toEqual(['vpc-unsupported']);
});

test('outside the VPC an address must be in a private range', () => {
  const path = (id: string) => pathAway({ peerings: active, targets: [id] });
  const at = (id: string) => join({ path: path(id) }, secondary().endpoints(endpointsAt([id])));
  expect(codesOf(at('11.0.0.1').blockers)).toEqual(['vpc-unsupported']);
  for (const id of ['10.9.0.1', '172.31.0.1', '192.168.0.1', '100.64.3.4'])
    expect(at(id).blockers).toEqual([]);
});
