import { onStage, PRI, SEC, VERIFY } from '../../laws/stage.ts';
import { balancersOf, groupsOf, watched } from './watched.ts';

const HANDOVER = `handover nginx --old ${PRI} --new ${SEC} --yes`;

test('the load balancer belongs to the other cluster, and nobody notices', () =>
  onStage('joined', async (stage) => {
    const { world } = stage;
    const [balancers, groups] = [balancersOf(world), groupsOf(world)];
    const run = await watched(stage, HANDOVER);
    console.log(run.stdout, run.stderr);
    expect(run).toMatchObject({ code: 0, missed: [], harmful: [] });
    expect([balancersOf(world), groupsOf(world)]).toEqual([balancers, groups]);
    expect((await watched(stage, HANDOVER)).stdout).toMatch(/already handed over/);
    console.log((await stage.nlbmc(VERIFY)).stdout);
  }));
