import { runNlbmc } from '../commands/harness.ts';
import { JOIN, onStage, PRI, SEC, type Stage } from '../laws/stage.ts';
import { Stream } from './stream.ts';

const LEAVE = `leave nginx --context ${SEC} --primary ${PRI} --yes`;
/** Connections opened in each pause of a command. */
const A_PAUSE = 5;
const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Runs a command while connections are opened in each of its pauses. */
async function during(stage: Stage, line: string, stream: Stream): Promise<void> {
  const onSleep = (): Promise<void> => stream.open(A_PAUSE);
  const { code, stdout, stderr } = await runNlbmc(stage.sandbox, line, { onSleep });
  expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
}

/** All the while somebody answered; who leaves gets nothing new once its controller has acted. */
function expectGood({ outcomes }: Stream): void {
  const { [PRI]: staying = 0, [SEC]: leaving = 0, ...failed } = outcomes;
  expect(failed).toEqual({});
  expect(staying).toBeGreaterThan(20);
  expect(leaving).toBeLessThanOrEqual(A_PAUSE);
}

/** Has draining end the connections that are still open then. */
const terminate = ({ world }: Stage): void => {
  const { TargetGroups } = world.aws.call('elbv2.DescribeTargetGroups', {}, 'test') as {
    TargetGroups: readonly { readonly TargetGroupArn: string }[];
  };
  for (const { TargetGroupArn } of TargetGroups) {
    const Attributes = [
      { Key: 'deregistration_delay.connection_termination.enabled', Value: 'true' },
    ];
    world.aws.call('elbv2.ModifyTargetGroupAttributes', { TargetGroupArn, Attributes }, 'test');
  }
};

describe('a stream of connections', () => {
  test('through a join: none is refused, and the cluster that joins takes its share', () =>
    onStage('enabled', async (stage) => {
      const stream = new Stream(stage.sandbox);
      await during(stage, JOIN, stream);
      expect(Object.keys(stream.outcomes)).toEqual([PRI]);
      await stream.open(60);
      expect(Object.keys(stream.outcomes).sort()).toEqual([PRI, SEC]);
    }));

  test('through a leave: no new one is refused, and those that were open go on', () =>
    onStage('joined', async (stage) => {
      const stream = new Stream(stage.sandbox);
      const held = await stream.hold(60);
      try {
        expect(Object.keys(held.byCluster).sort()).toEqual([PRI, SEC]);
        await during(stage, LEAVE, stream);
        expectGood(stream);
        // Whose target is gone from the target group keeps its connections until an end closes them.
        expect(await held.stillThere()).toEqual(held.byCluster);
      } finally {
        held.close();
      }
    }));

  test('through a leave where draining ends connections: those that were open are counted', () =>
    onStage('joined', async (stage) => {
      terminate(stage);
      const stream = new Stream(stage.sandbox);
      const held = await stream.hold(60);
      try {
        const { [SEC]: leaving = 0, ...staying } = held.byCluster;
        expect(leaving).toBeGreaterThan(0);
        await during(stage, LEAVE, stream);
        expectGood(stream);
        const still = await held.stillThere();
        expect(still).toEqual(staying);
        expect(total(held.byCluster) - total(still)).toBe(leaving);
      } finally {
        held.close();
      }
    }));
});
