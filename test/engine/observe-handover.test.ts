import { connectAws } from '../../src/aws/connect.ts';
import { valueOf } from '../../src/core/model/problem.ts';
import type { HandoverFacts } from '../../src/core/model/handover.ts';
import type { Observed } from '../../src/core/observed/observed.ts';
import { observe } from '../../src/engine/observe.ts';
import type { Wants } from '../../src/engine/wants.ts';
import type { World } from '../../src/engine/world.ts';
import { connectClusters } from '../../src/kube/connect.ts';
import { awsOptions } from '../aws/aws-options.ts';
import { kubeOptions } from '../kube/kube-options.ts';
import { PRI, SEC, setStage, type Stage } from '../laws/stage.ts';

const nginx = { namespace: 'default', name: 'nginx' };
const CLUSTER = 'elbv2.k8s.aws/cluster';
const STACK = 'service.k8s.aws/stack';
const person = { actor: 'test', manager: 'test' };

let stage: Stage;
// One world for all: what a test adds to it is of no matter to those before it.
beforeAll(async () => (stage = await setStage('joined')));
afterEach(() => stage.world.faults.clear());
afterAll(() => stage.stop());

/** What a handover from PRI to SEC sees of the world as it is. */
async function seen(over: Partial<Wants> = {}, contexts = [PRI, SEC]): Promise<Observed> {
  const { env } = stage.sandbox;
  const aws = connectAws(awsOptions({ env }));
  const kube = await connectClusters(contexts, kubeOptions({ env }));
  const world: World = {
    kube,
    aws,
    emit: () => undefined,
    now: () => stage.world.clock.date().getTime(),
    sleep: () => Promise.resolve(),
  };
  const handover = { old: PRI, new: SEC };
  try {
    return await observe(world, { service: nginx, localService: nginx, handover, ...over });
  } finally {
    aws.close();
    for (const one of kube) one.close();
  }
}
const factsOf = ({ handover }: Observed): HandoverFacts => {
  if (!handover) throw new Error('no facts of a handover');
  return handover;
};

const aws = (action: string, parameters: object): any =>
  stage.world.aws.call(action, parameters, 'test');

/** A target group that somebody made, with these tags. */
function strayGroup(name: string, tags: Record<string, string>): string {
  const { vpcId: VpcId } = stage.world.aws.network;
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const settings = { Name: name, Protocol: 'UDP', Port: 80, TargetType: 'ip', VpcId };
  const more = Tags.length === 0 ? {} : { Tags };
  const { TargetGroups } = aws('elbv2.CreateTargetGroup', { ...settings, ...more });
  return TargetGroups[0].TargetGroupArn;
}
const namesOf = ({ tagged }: HandoverFacts): readonly string[] =>
  (valueOf(tagged) ?? []).map(({ name }) => name).toSorted();

test('both controllers, the tags of all that is the owner’s, and the groups of both clusters', async () => {
  const observed = await seen();
  const { controllers, listenerTags, tagged, groups } = factsOf(observed);
  expect(Object.keys(controllers)).toEqual([PRI, SEC]);
  for (const [context, process] of Object.entries(controllers)) {
    expect(process).toMatchObject({
      ok: true,
      value: { rolledOut: true, flags: { 'cluster-name': context } },
    });
  }
  const tags = { [CLUSTER]: PRI, [STACK]: 'default/nginx' };
  expect(Object.values(valueOf(listenerTags) ?? {})).toMatchObject([tags]);
  const found = valueOf(tagged) ?? [];
  expect(found.map(({ kind }) => kind).toSorted()).toEqual(['load-balancer', 'target-group']);
  for (const one of found) expect(one.tags).toMatchObject(tags);
  const balancer = valueOf(observed.loadBalancer);
  expect(found.map(({ arn }) => arn)).toContain(balancer?.arn);
  expect(balancer?.tags).toMatchObject({ value: tags });
  expect(valueOf(balancer?.securityGroups ?? { ok: false, problem: {} as never })).toHaveLength(2);
  expect(balancer?.listeners?.ok).toBe(true);
  expect(new Set((valueOf(groups) ?? []).map((one) => one.tags[CLUSTER]))).toEqual(new Set([PRI]));
  for (const { externalDns, services } of observed.clusters) {
    expect(externalDns).toEqual({ ok: true, value: [] });
    expect(services['default/nginx']).toMatchObject({ ok: true, value: nginx });
  }
});

test.each([
  ['DescribeTags', 'tagged'],
  ['DescribeListeners', 'listenerTags'],
  ['DescribeSecurityGroups', 'groups'],
] as const)('without the right to %s it is not known, and not empty', async (action, fact) => {
  stage.world.faults.add({
    world: 'aws',
    kind: 'status',
    status: 403,
    reason: 'AccessDenied',
    match: new RegExp(action),
  });
  expect(factsOf(await seen())[fact]).toMatchObject({
    ok: false,
    problem: { code: 'aws-denied' },
  });
});

test('what a controller made beside it is found by name or by tags, and nothing else is', async () => {
  strayGroup('k8s-default-nginx-0123456789', {});
  strayGroup('by-tags', { [CLUSTER]: SEC, [STACK]: 'default/nginx' });
  strayGroup('of-another-cluster', { [CLUSTER]: 'elsewhere', [STACK]: 'default/nginx' });
  strayGroup('of-another-service', { [CLUSTER]: SEC, [STACK]: 'default/other' });
  const own = 2;
  const all = namesOf(factsOf(await seen()));
  expect(all).toHaveLength(own + 2);
  expect(all).toEqual(expect.arrayContaining(['by-tags', 'k8s-default-nginx-0123456789']));
  // While waiting, nothing is asked of names that no controller gives.
  const waiting = namesOf(factsOf(await seen({ waiting: true })));
  expect(waiting).toHaveLength(own + 1);
  expect(waiting).toContain('k8s-default-nginx-0123456789');
});

test('a cluster that is lost is known by the tags that it left', async () => {
  strayGroup('left', { [CLUSTER]: PRI, [STACK]: 'default/nginx' });
  const facts = factsOf(await seen({ handover: { new: SEC }, primary: SEC }, [SEC]));
  expect(Object.keys(facts.controllers)).toEqual([SEC]);
  expect(namesOf(facts)).toContain('left');
  expect((valueOf(facts.groups) ?? []).some((one) => one.tags[CLUSTER] === PRI)).toBe(true);
});

test('a cluster without a controller, or with two of them, has none that can be restarted', async () => {
  const { kube } = stage.world.cluster(SEC);
  const name = 'aws-load-balancer-controller';
  const found = kube.get('deployments.apps', 'kube-system', name)!;
  const { labels } = found.metadata;
  const metadata = { name: 'another', namespace: 'kube-system', ...(labels ? { labels } : {}) };
  const { apiVersion, kind } = found;
  kube.create('deployments.apps', { apiVersion, kind, metadata, spec: found['spec'] }, person);
  expect(factsOf(await seen()).controllers[SEC]).toMatchObject({
    ok: false,
    problem: { code: 'several-controllers', about: { cluster: SEC }, details: expect.anything() },
  });
  for (const one of [name, 'another']) {
    kube.delete('deployments.apps', 'kube-system', one, person);
  }
  stage.world.clock.advance(60_000);
  expect(factsOf(await seen()).controllers[SEC]).toMatchObject({
    ok: false,
    problem: { code: 'controller-missing', about: { cluster: SEC } },
  });
});
