import type { Report } from '../../src/core/plan/report.ts';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { manifest } from '../../src/sandbox/scenarios/manifests.ts';
import type { World } from '../../src/sandbox/world.ts';
import { ENABLE, JOIN, onStage, PRI, SEC, VERIFY } from '../laws/stage.ts';
import { addresses, deregister, person } from './repair-acts.ts';

const REPAIR = `repair nginx --context ${PRI},${SEC} --yes`;
const ATTRIBUTES = 'service.beta.kubernetes.io/aws-load-balancer-attributes';
const forbidden = /api error AccessDenied/;

/** The controller of a cluster loses an IAM permission; what is given back returns it. */
const withoutPermission = (world: World, cluster: string, action: RegExp): (() => void) =>
  world.aws.access.deny({ action, actor: new RegExp(`^lbc/${cluster}$`) });

/** Sets the attributes annotation of the primary's Service, as a person would. */
function setAttributes({ primary, clock }: World, value: string): void {
  const body = { metadata: { annotations: { [ATTRIBUTES]: value } } };
  primary.kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
  clock.advance(5_000);
}

const reportOf = (stdout: string): Report => JSON.parse(stdout) as Report;
const detailsOf = ({ problems }: Report): readonly string[] =>
  problems.flatMap(({ details = [] }) => details);

/** No pod of a cluster finds a node any more. */
function unschedulable(world: World, name: string): void {
  const { kube } = world.cluster(name);
  const body = { spec: { unschedulable: true } };
  for (const { metadata } of kube.list('nodes'))
    kube.patch('nodes', '', metadata.name, { type: 'merge', body }, person);
  for (const { metadata } of kube.list('pods', 'default'))
    kube.delete('pods', 'default', metadata.name, person);
  world.settle();
}

describe("the controller's own words", () => {
  test('verify: an attribute that AWS refuses keeps everything else from being reconciled', () =>
    onStage('joined', async ({ world, nlbmc }) => {
      const good = 'deletion_protection.enabled=true';
      setAttributes(world, `${good},no.such.attribute=1`);
      const red = await nlbmc(VERIFY);
      expect(red.code).toBe(3);
      expect(red.stdout).toMatch(/Warning FailedDeployModel \d+s ago: .*no\.such\.attribute/);
      expect(red.stdout).toContain('(reconcile-failed)');
      setAttributes(world, good);
      expect(await nlbmc(VERIFY)).toMatchObject({ code: 0 });
    }));

  test('enable that runs out of time says which permission the controller lacks', () =>
    onStage('deployed', async ({ world, nlbmc }) => {
      withoutPermission(world, PRI, /ModifyLoadBalancerAttributes/);
      const { code, stdout } = await nlbmc(`${ENABLE} --timeout 30s`);
      expect(code).toBe(6);
      expect(stdout).toMatch(new RegExp(`${PRI}: Warning FailedDeployModel .*`));
      expect(stdout).toMatch(forbidden);
    }));

  test('join that runs out of time, the verdict after it and a repair: each says it', () =>
    onStage('enabled', async ({ world, nlbmc }) => {
      const giveBack = withoutPermission(world, SEC, /RegisterTargets/);
      const join = await nlbmc(`${JOIN} --timeout 30s`);
      expect(join.code).toBe(6);
      expect(join.stdout).toMatch(new RegExp(`${SEC}: Warning FailedReconcile .*`));
      expect(join.stdout).toMatch(forbidden);

      const verify = reportOf((await nlbmc(`${VERIFY} -o json`)).stdout);
      expect(verify.exit).toBe(3);
      expect(detailsOf(verify).join('\n')).toMatch(forbidden);
      expect(
        verify.verdict?.ports[0]?.members[1]?.problems.flatMap(({ details = [] }) => details),
      ).toContainEqual(expect.stringMatching(/^Warning FailedReconcile \d+\w ago: /));

      giveBack();
      world.clock.advance(1_200_000);
      expect(await nlbmc(VERIFY)).toMatchObject({ code: 0 });
    }));

  test('a repair that does not get through', () =>
    onStage('joined', async ({ world, nlbmc }) => {
      withoutPermission(world, SEC, /RegisterTargets/);
      world.clock.advance(600_000);
      deregister(world, addresses(world, SEC));
      const { code, stdout } = await nlbmc(`${REPAIR} --timeout 1m`);
      expect([code, stdout]).toEqual([6, expect.stringMatching(forbidden)]);
    }));

  test('refused, since no binding is there: why there is none', () =>
    onStage('deployed', async ({ world, nlbmc }) => {
      withoutPermission(world, PRI, /CreateLoadBalancer/);
      const second = manifest('app/service-primary.yaml');
      second.metadata.name = 'second';
      // The default one of the manifest is taken.
      for (const port of second.spec.ports) delete port.nodePort;
      createAll(world.primary.kube, second);
      world.clock.advance(5_000);
      const { code, stdout } = await nlbmc(`enable second --context ${PRI}`);
      expect([code, stdout]).toEqual([5, expect.stringMatching(forbidden)]);
    }));
});

test('where no pod is ready, what the scheduler says of the pods', () =>
  onStage('joined', async ({ world, nlbmc }) => {
    unschedulable(world, SEC);
    const { code, stdout } = await nlbmc(VERIFY);
    expect(code).toBe(3);
    expect(stdout).toMatch(/\(no-endpoints\)\n +Warning FailedScheduling \d+\w ago: /);
  }));

test('an app that was scaled to 0: verify says so, and its hint brings it back', () =>
  onStage('joined', async ({ world, nlbmc }) => {
    const scale = (replicas: number): void => {
      const body = { spec: { replicas } };
      const { kube } = world.cluster(SEC);
      kube.patch('deployments.apps', 'default', 'nginx', { type: 'merge', body }, person);
      world.settle();
    };
    scale(0);
    const { code, stdout } = await nlbmc(VERIFY);
    expect(code).toBe(3);
    expect(stdout).toContain('Deployment default/nginx has 0 replicas. (no-endpoints)');
    const hint = `kubectl --context ${SEC} -n default scale deployment/nginx --replicas=`;
    const replicas = stdout.split(hint)[1]?.match(/^\d+/)?.[0];
    scale(Number(replicas));
    expect(await nlbmc(VERIFY)).toMatchObject({ code: 0 });
  }));

test('no right to list events is one skip for each cluster; the verdict is the same', () =>
  onStage('joined', async ({ world, nlbmc }) => {
    for (const name of [PRI, SEC]) world.cluster(name).kube.access.deny({ resource: 'events' });
    const { code, stdout } = await nlbmc(`${VERIFY} -o json`);
    expect(code).toBe(0);
    expect(reportOf(stdout).skips).toEqual([
      expect.objectContaining({
        code: 'api-forbidden',
        message: expect.stringContaining('events'),
      }),
      expect.objectContaining({
        code: 'api-forbidden',
        message: expect.stringContaining('events'),
      }),
    ]);
  }));

test('events are asked for once in each cluster and look, those of pods not at all while one is ready', () =>
  onStage('joined', async ({ requests, nlbmc }) => {
    expect(await nlbmc(VERIFY)).toMatchObject({ code: 0 });
    const asked = requests().filter(({ path }) => path?.includes('/events'));
    expect(asked.map(({ cluster = '' }) => cluster).toSorted()).toEqual([PRI, SEC]);
    expect(requests().filter(({ path }) => path?.includes('/pods'))).toEqual([]);
  }));
