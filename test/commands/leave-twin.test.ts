import type { Report } from '../../src/core/plan/report.ts';
import type { World } from '../../src/sandbox/world.ts';
import { expectGolden } from '../golden/golden.ts';
import { onTlsStage, PRI, SEC, type Stage } from '../laws/stage.ts';
import {
  addresses,
  arnOf,
  bindingIn,
  BINDINGS,
  deregister,
  person,
  recordMore,
  recordOf,
  serving,
  takenOut,
  hideOwners,
} from './repair-acts.ts';

const LEAVE = `leave nginx --context ${SEC} --primary ${PRI} --yes`;

interface Health {
  readonly TargetHealthDescriptions: readonly {
    readonly Target: { readonly Id: string; readonly AvailabilityZone?: string };
    readonly TargetHealth: { readonly State: string };
  }[];
}

const targets = (world: World) =>
  (world.aws.call('elbv2.DescribeTargetHealth', { TargetGroupArn: arnOf(world) }, 'test') as Health)
    .TargetHealthDescriptions;

/** Addresses of healthy targets, of one zone or of all. */
const healthy = (world: World, zone?: string): readonly string[] =>
  targets(world)
    .filter(({ TargetHealth }) => TargetHealth.State === 'healthy')
    .filter(({ Target }) => zone === undefined || Target.AvailabilityZone === zone)
    .map(({ Target }) => Target.Id);

const zoneOf = (world: World, id: string): string =>
  targets(world).find(({ Target }) => Target.Id === id)?.Target.AvailabilityZone ?? '';

/** Pods of a cluster stop answering; the health checks find out. */
function sicken(world: World, cluster: string, ids: readonly string[]): void {
  const { kube, workloads } = world.cluster(cluster);
  for (const { metadata, status } of kube.list('pods', 'default')) {
    if (ids.includes((status as { podIP: string }).podIP)) {
      workloads.setPodServing(metadata.name, 'refused');
    }
  }
  world.clock.advance(60_000);
}

/** `kubectl delete targetgroupbinding`, the binding of the secondary. */
function deleteByHand(world: World): void {
  const { name } = bindingIn(world, SEC).metadata;
  world.cluster(SEC).kube.delete(BINDINGS, 'default', name, person);
  world.settle();
}

interface Story {
  readonly golden: string;
  readonly code: string;
  /** The command line, where it is another one. */
  readonly line?: string;
  readonly arrange: (world: World) => void;
  /** Takes place between the deletion and its effect. */
  readonly after?: (world: World) => void;
  /** How many targets the deletion by hand has harmed. */
  readonly harm: (world: World, before: Before) => number;
}

interface Before {
  readonly serving: readonly string[];
  readonly healthy: readonly string[];
  readonly zones: Readonly<Record<string, string>>;
  readonly from: number;
}

/** A zone in which each cluster has a pod. */
const ZONE = 'us-east-1b';

const stories: Readonly<Record<string, Story>> = {
  'the last healthy targets of a port leave': {
    golden: 'leave-refused-floor.txt',
    code: 'below-floor',
    arrange: (world) => sicken(world, PRI, addresses(world, PRI)),
    harm: (world, before) => (healthy(world).length === 0 ? before.healthy.length : 0),
  },
  'the last healthy target of a zone leaves, and cross-zone is off': {
    golden: 'leave-refused-zone.txt',
    code: 'below-floor',
    arrange: (world) => {
      const there = addresses(world, PRI).filter((id) => zoneOf(world, id) === ZONE);
      sicken(world, PRI, there);
    },
    harm: (world, { healthy: was, zones }) =>
      healthy(world, ZONE).length > 0 ? 0 : was.filter((id) => zones[id] === ZONE).length,
  },
  'fewer would stay than were asked for': {
    golden: 'leave-refused-min-healthy.txt',
    code: 'below-floor',
    line: `${LEAVE} --min-healthy 4 --min-healthy-per-zone 2`,
    arrange: () => {},
    harm: (world, before) =>
      healthy(world).length < 4
        ? before.healthy.filter((id) => !healthy(world).includes(id)).length
        : 0,
  },
  'nothing is healthy, and the load balancer sends to all': {
    golden: 'leave-refused-fail-open.txt',
    code: 'below-floor',
    arrange: (world) => {
      for (const cluster of [PRI, SEC]) sicken(world, cluster, addresses(world, cluster));
    },
    harm: (world, before) =>
      before.healthy.length === 0
        ? before.serving.filter((id) => !serving(world).includes(id)).length
        : 0,
  },
  'the binding is exclusive': {
    golden: 'leave-refused-exclusive.txt',
    code: 'binding-exclusive',
    arrange: (world) => {
      const { kube, lbc } = world.cluster(SEC);
      world.clock.advance(600_000);
      lbc.pause();
      const body = { spec: { multiClusterTargetGroup: false } };
      const { name } = bindingIn(world, SEC).metadata;
      kube.patch(BINDINGS, 'default', name, { type: 'merge', body }, person);
    },
    after: (world) => {
      world.cluster(SEC).lbc.resume();
      world.settle();
    },
    harm: (world) => addresses(world, PRI).filter((id) => !serving(world).includes(id)).length,
  },
  'its ConfigMap is missing': {
    golden: 'leave-refused-leak.txt',
    code: 'targets-would-leak',
    arrange: (world) => {
      const { kube, lbc } = world.cluster(SEC);
      lbc.stop();
      const { name } = bindingIn(world, SEC).metadata;
      kube.delete('configmaps', 'default', `aws-lbc-targets-${name}`, person);
      lbc.start();
    },
    after: (world) => world.clock.advance(3_600_000),
    harm: (world) => addresses(world, SEC).filter((id) => serving(world).includes(id)).length,
  },
  'it tracks an endpoint of the primary': {
    golden: 'leave-refused-contested.txt',
    code: 'target-contested',
    arrange: (world) => recordMore(world, SEC, addresses(world, PRI).slice(0, 1)),
    harm: (world, { from }) =>
      takenOut(world, from).filter((id) => addresses(world, PRI).includes(id)).length,
  },
  'it tracks what may be another’s, and EC2 does not tell': {
    golden: 'leave-refused-unsure.txt',
    code: 'target-contested',
    line: `leave nginx --context ${SEC} --yes`,
    arrange: (world) => {
      recordMore(world, SEC, addresses(world, PRI).slice(0, 1));
      hideOwners(world);
    },
    harm: (world, { from }) =>
      takenOut(world, from).filter((id) => addresses(world, PRI).includes(id)).length,
  },
};

describe.each(Object.entries(stories))('%s', (_, story) => {
  const line = story.line ?? LEAVE;
  const reportOf = async ({ nlbmc }: Stage, more = ''): Promise<Report> =>
    JSON.parse((await nlbmc(`${line} ${more} -o json`)).stdout) as Report;

  test('leave refuses, names the number, and writes nothing', () =>
    onTlsStage('joined', async (stage) => {
      story.arrange(stage.world);
      const { code, stdout } = await stage.nlbmc(line);
      expect(code).toBe(5);
      expectGolden(story.golden, stdout);
      expect(stage.requests().filter(({ mutating }) => mutating)).toEqual([]);
    }));

  test('the same by kubectl harms that very number of targets', () =>
    onTlsStage('joined', async (stage) => {
      const { world } = stage;
      story.arrange(world);
      const { problems } = await reportOf(stage);
      expect(problems.map(({ code }) => code)).toEqual([story.code]);
      const before = {
        serving: serving(world),
        healthy: healthy(world),
        zones: Object.fromEntries(serving(world).map((id) => [id, zoneOf(world, id)])),
        from: world.journal.entries.length,
      };
      deleteByHand(world);
      story.after?.(world);
      expect(story.harm(world, before)).toBe(problems[0]?.saves);
    }));

  test('with exactly that number it goes on, and with another it does not', () =>
    onTlsStage('joined', async (stage) => {
      story.arrange(stage.world);
      const [{ saves = 0 } = {}] = (await reportOf(stage)).problems;
      expect((await reportOf(stage, `--accept-removing=${saves + 1}`)).exit).toBe(5);
      expect(stage.requests().filter(({ mutating }) => mutating)).toEqual([]);
      stage.world.cluster(SEC).lbc.resume();
      const { exit, cautions } = await reportOf(stage, `--accept-removing=${saves}`);
      expect(exit).toBe(0);
      expect(cautions.map(({ code }) => code)).toContain(story.code);
      const left = addresses(stage.world, SEC).filter((id) => serving(stage.world).includes(id));
      expect(left).toEqual([]);
    }));
});

describe('the controller is gone, and its record lists what may be another’s', () => {
  /** EC2 does not tell that it is the primary's. */
  function arrange(world: World): void {
    recordMore(world, SEC, addresses(world, PRI).slice(0, 1));
    world.cluster(SEC).lbc.uninstall();
    hideOwners(world);
  }
  const GONE = `leave nginx --context ${SEC} --yes --without-controller`;

  test('leave refuses, names the number, and writes nothing', () =>
    onTlsStage('joined', async ({ world, nlbmc, requests }) => {
      arrange(world);
      const { code, stdout } = await nlbmc(GONE);
      expect(code).toBe(5);
      expectGolden('leave-refused-doubtful.txt', stdout);
      expect(requests().filter(({ mutating, dryRun }) => mutating && !dryRun)).toEqual([]);
    }));

  test('what is taken out by hand, by that record, serves the primary', () =>
    onTlsStage('joined', async ({ world, nlbmc }) => {
      arrange(world);
      const { code, stdout } = await nlbmc(`${GONE} -o json`);
      expect(code).toBe(5);
      const { problems } = JSON.parse(stdout) as Report;
      expect(problems.map((problem) => problem.code)).toEqual(['target-contested']);
      const before = serving(world).filter((id) => addresses(world, PRI).includes(id));
      deregister(world, recordOf(world, SEC) ?? []);
      const lost = before.filter((id) => !serving(world).includes(id));
      expect(lost).toHaveLength(problems[0]?.saves ?? -1);
    }));
});
