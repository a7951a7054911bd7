import type { ScenarioName } from '../../src/sandbox/scenarios/scenarios.ts';
import type { World } from '../../src/sandbox/world.ts';
import { loseSecondary } from '../commands/gone.ts';
import {
  answering,
  type Command,
  type Disturb,
  type Ends,
  lines,
  othersThanUsual,
  without,
} from './answers.ts';
import { onStage, PRI, SEC } from './stage.ts';

/** AWS answers an action with nothing. */
const empty = (action: string, list: string): Disturb =>
  answering(action, (answer) => Object.assign(answer, { [list]: [] }));

/** No cluster has anything of a kind. */
const nowhere =
  (key: string): Disturb =>
  (stage) => {
    const ends = [PRI, SEC].map((cluster) => without(cluster, key)(stage));
    return () => ends.forEach((end) => end());
  };

/** Commands about the primary alone, whatever has become of the other cluster. */
const alone = Object.fromEntries(
  (['verify', 'show', 'repair', 'purge', 'disable'] as const).map((command) => [
    command,
    lines[command].replace(`,${SEC}`, ''),
  ]),
) as Readonly<Partial<Record<Command, string>>>;

const ownerless = {
  verify: '3 target-unclaimed',
  repair: '5 target-unclaimed',
  disable: '5 targets-of-others',
};
const elsewhere = { ...ownerless, purge: '5 target-owned-elsewhere' };

const interfaces = empty('ec2.DescribeNetworkInterfaces', 'NetworkInterfaces');
const instances = empty('ec2.DescribeInstances', 'Reservations');
const vpcs = empty('ec2.DescribeVpcs', 'Vpcs');

interface Place {
  readonly name: string;
  readonly scenario?: ScenarioName;
  readonly arrange?: (world: World) => void;
  readonly typed?: Readonly<Partial<Record<Command, string>>>;
  /** What has no answer, and what ends otherwise than usual then. */
  readonly rows: readonly (readonly [string, Disturb, Ends])[];
}

/** What is read beside bindings, targets and records, and what nothing means there. */
const places: readonly Place[] = [
  {
    name: 'an enrollment in good order',
    rows: [
      // Nobody has complained: events are kept for an hour only.
      ['events', nowhere('events'), {}],
      // AWS has defaults for attributes, and the name of the cluster is not proven wrong by no tag.
      ['attributes', empty('elbv2.DescribeTargetGroupAttributes', 'Attributes'), {}],
      ['tags', empty('elbv2.DescribeTags', 'TagDescriptions'), {}],
      ['security groups', empty('ec2.DescribeSecurityGroups', 'SecurityGroups'), {}],
      // AWS answers both in one moment: no client gets to the target group.
      [
        'listeners',
        empty('elbv2.DescribeListeners', 'Listeners'),
        { verify: '3 listener-missing' },
      ],
      ['VPCs', vpcs, {}],
    ],
  },
  {
    name: 'instance targets',
    scenario: 'instance',
    // No node takes a connection: the controller deregisters all of them.
    rows: [
      [
        'nodes',
        nowhere('nodes'),
        { verify: '3 controller-stalled no-endpoints', repair: '0 no-endpoints' },
      ],
    ],
  },
  {
    name: 'a cluster that is gone',
    arrange: loseSecondary,
    typed: alone,
    rows: [
      ['anything else', () => () => undefined, ownerless],
      // Nobody has the address any more: purge may go on.
      ['network interfaces', interfaces, ownerless],
      ['instances', instances, ownerless],
      // An address outside all known ranges may be reached another way: EC2 need not know its owner.
      ['VPCs', vpcs, { ...ownerless, purge: '8 owner-unknown' }],
    ],
  },
  {
    name: 'a cluster that was not listed and serves',
    typed: alone,
    rows: [
      ['anything else', () => () => undefined, elsewhere],
      // A target that serves has an owner, whatever EC2 says.
      ['network interfaces', interfaces, { ...ownerless, purge: '5 target-serving' }],
      // The tags of the interface name the cluster, too.
      ['instances', instances, elsewhere],
      ['VPCs', vpcs, elsewhere],
    ],
  },
];

describe('law 12: what nothing means where a fact improves the answer or says who owns a target', () => {
  test.each(places)('$name', ({ scenario, arrange, typed, rows }) =>
    onStage(
      'joined',
      async (stage) => {
        arrange?.(stage.world);
        const found = [];
        for (const [name, disturb] of rows) {
          const end = disturb(stage);
          found.push([name, await othersThanUsual(stage, {}, typed)]);
          end();
        }
        expect(found).toEqual(rows.map(([name, , ends]) => [name, ends]));
      },
      scenario,
    ),
  );
});
