import type { Enrollment } from '../../src/core/observed/enrollment-document.ts';
import type { EnrollmentList } from '../../src/core/list/list-document.ts';
import type { Report } from '../../src/core/plan/report.ts';
import type { World } from '../../src/sandbox/world.ts';
import { expectGolden } from '../golden/golden.ts';
import { JOIN, onStage, onTlsStage, PRI, SEC, type Stage, VERIFY } from '../laws/stage.ts';
import { writesSince } from './harness.ts';
import { addresses, arnOf, BINDINGS, person, serving } from './repair-acts.ts';

const CLUSTER = 'elbv2.k8s.aws/cluster';
const STACK = 'service.k8s.aws/stack';
const RESOURCE = 'service.k8s.aws/resource';
const FINALIZER = 'service.k8s.aws/resources';

const balancerOf = (world: World): string =>
  (
    world.aws.call('elbv2.DescribeLoadBalancers', {}, 'test') as {
      readonly LoadBalancers: readonly { readonly LoadBalancerArn: string }[];
    }
  ).LoadBalancers[0]?.LoadBalancerArn ?? '';

/** `aws elbv2 add-tags`, by a person. */
const tag = (world: World, arns: readonly string[], tags: Readonly<Record<string, string>>) =>
  world.aws.call(
    'elbv2.AddTags',
    { ResourceArns: arns, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
    'person',
  );

/** `aws elbv2 remove-tags`, by a person. */
const untag = (world: World, arns: readonly string[], ...TagKeys: readonly string[]) =>
  world.aws.call('elbv2.RemoveTags', { ResourceArns: arns, TagKeys }, 'person');

const allOf = (world: World): readonly string[] => [balancerOf(world), arnOf(world)];

interface Health {
  readonly TargetHealthDescriptions: readonly {
    readonly Target: { readonly Id: string };
    readonly TargetHealth: { readonly State: string };
  }[];
}

/** A patch of the Service by a person. */
const patch = (world: World, cluster: string, body: object): unknown =>
  world
    .cluster(cluster)
    .kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);

/** The Service of the primary is released: its controller does not look after it any more. */
const release = (world: World): unknown =>
  patch(world, PRI, {
    metadata: {
      finalizers: null,
      annotations: { 'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': null },
    },
    spec: { type: 'NodePort', loadBalancerClass: null },
  });

async function reportOf({ nlbmc }: Stage, line: string): Promise<Report> {
  const { stdout } = await nlbmc(`${line} -o json`);
  return JSON.parse(stdout) as Report;
}

const codesOf = (report: Report): readonly string[] => [
  ...new Set(report.problems.map(({ code }) => code)),
];

async function ownerShown({ nlbmc }: Stage, contexts = `${PRI},${SEC}`): Promise<unknown> {
  const { stdout } = await nlbmc(`show nginx --context ${contexts} -o json`);
  return (JSON.parse(stdout) as Enrollment).owner;
}

async function listed({ nlbmc }: Stage, contexts = `${PRI},${SEC}`) {
  const { stdout } = await nlbmc(`list --context ${contexts} -o json`);
  return (JSON.parse(stdout) as EnrollmentList).items[0];
}

/** Types the commands of the aws CLI that a problem names, in the world. */
function typeHints(world: World, report: Report, verb: string): number {
  const all = report.problems.flatMap(({ hints = [] }) =>
    hints.flatMap((hint) => ('argv' in hint ? [hint.argv as readonly string[]] : [])),
  );
  const typed = all.filter((argv) => argv.includes(verb));
  for (const argv of typed) {
    const after = (option: string): readonly string[] => {
      const words = argv.slice(argv.indexOf(option) + 1);
      const end = words.findIndex((word) => word.startsWith('--'));
      return end < 0 ? words : words.slice(0, end);
    };
    const arns = after('--resource-arns');
    if (verb === 'remove-tags') untag(world, arns, ...after('--tag-keys'));
    else {
      const pairs = after('--tags').map((word) => /^Key=(.*),Value=(.*)$/.exec(word)!.slice(1));
      tag(world, arns, Object.fromEntries(pairs) as Record<string, string>);
    }
  }
  return typed.length;
}

const changing = [
  `enable nginx --context ${PRI}`,
  JOIN,
  `purge nginx --context ${PRI},${SEC}`,
  `repair nginx --context ${PRI},${SEC}`,
  `disable nginx --context ${PRI},${SEC} --allow-deletion`,
  `leave nginx --context ${SEC} --primary ${PRI} --delete-service`,
];

test('a person gives the load balancer the tags of the secondary: red, refused, and taken back', () =>
  onTlsStage('joined', async (stage) => {
    const { world, nlbmc, sandbox } = stage;
    tag(world, allOf(world), { [CLUSTER]: SEC });
    const from = world.journal.entries.length;
    const { code, stdout } = await nlbmc(VERIFY);
    expect(code).toBe(3);
    const verified = await reportOf(stage, VERIFY);
    expect(codesOf(verified)).toEqual(['owner-disputed']);
    const { stdout: shown } = await nlbmc(`show nginx --context ${PRI},${SEC}`);
    const { stdout: list } = await nlbmc(`list --context ${PRI},${SEC}`);
    const head = shown.slice(0, shown.indexOf('  state'));
    expectGolden('verify-disputed.txt', [stdout, head, list].join('\n'));
    expect(await ownerShown(stage)).toEqual({
      kind: 'disputed',
      reason: 'tags-of-another',
      claims: [{ kind: 'service', namespace: 'default', name: 'nginx', context: PRI }],
      tags: { kind: 'service', namespace: 'default', name: 'nginx', clusterName: SEC },
    });
    expect(await listed(stage)).toMatchObject({
      state: 'degraded',
      owner: { kind: 'disputed' },
      codes: ['owner-disputed'],
    });
    for (const line of changing.slice(1)) {
      const refused = await reportOf(stage, `${line} --yes`);
      expect([line, refused.exit, codesOf(refused)]).toEqual([line, 5, ['owner-disputed']]);
      expect(refused.problems[0]?.saves).toBe(serving(world).length);
    }
    expect(writesSince(sandbox, from)).toEqual([]);
    expect(typeHints(world, verified, 'add-tags')).toBe(1);
    expect((await nlbmc(VERIFY)).code).toBe(0);
  }));

test('a person removes the tags: all that touches the Service is refused, until they are there again', () =>
  onStage('joined', async (stage) => {
    const { world, nlbmc, sandbox } = stage;
    untag(world, allOf(world), CLUSTER, STACK, RESOURCE);
    const from = world.journal.entries.length;
    const verified = await reportOf(stage, VERIFY);
    expect([verified.exit, codesOf(verified)]).toEqual([3, ['owner-disputed']]);
    expect(await ownerShown(stage)).toMatchObject({ reason: 'claim-without-tags', tags: null });
    for (const line of changing) {
      const refused = await reportOf(stage, `${line} --yes`);
      expect([line, refused.exit, codesOf(refused)]).toEqual([line, 5, ['owner-disputed']]);
    }
    expect(writesSince(sandbox, from)).toEqual([]);
    // The load balancer and its target group have other names for themselves.
    expect(typeHints(world, verified, 'add-tags')).toBe(2);
    expect((await nlbmc(VERIFY)).code).toBe(0);
    // A cluster that leaves takes its own targets, whoever owns the load balancer.
    untag(world, [balancerOf(world)], CLUSTER);
    expect((await nlbmc(`leave nginx --context ${SEC} --primary ${PRI} --yes`)).code).toBe(0);
  }));

/** The secondary takes the load balancer over, by hand: its controller adopts what has its tags. */
function adopt(world: World): void {
  const { kube } = world.cluster(PRI);
  const old = kube.get('services', 'default', 'nginx') as unknown as {
    readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
    readonly spec: { readonly loadBalancerClass?: string };
  };
  const { annotations } = old.metadata;
  const { loadBalancerClass } = old.spec;
  release(world);
  tag(world, allOf(world), { [CLUSTER]: SEC });
  const labels = {
    'service.k8s.aws/stack-namespace': 'default',
    'service.k8s.aws/stack-name': 'nginx',
  };
  world
    .cluster(SEC)
    .kube.patch(
      BINDINGS,
      'default',
      'nginx',
      { type: 'merge', body: { metadata: { labels } } },
      person,
    );
  patch(world, SEC, {
    metadata: { annotations },
    spec: { type: 'LoadBalancer', loadBalancerClass },
  });
  world.settle();
}

test('what is refused, done by hand: the controller makes another load balancer, and its targets are gone', () =>
  onStage('joined', async (stage) => {
    const { world, nlbmc } = stage;
    const arn = arnOf(world);
    adopt(world);
    const before = serving(world);
    expect((await nlbmc(VERIFY)).stdout).toContain(`owner: Service default/nginx of ${SEC}`);
    tag(world, allOf(world), { [CLUSTER]: PRI });
    const line = `repair nginx --context ${SEC},${PRI} --yes`;
    const refused = await reportOf(stage, line);
    expect([codesOf(refused), refused.problems[0]?.saves]).toEqual([
      ['owner-disputed'],
      before.length,
    ]);
    // Any change of the Service is enough, once the controller has forgotten the tags.
    world.clock.advance(21 * 60_000);
    patch(world, SEC, {
      metadata: {
        annotations: { 'service.beta.kubernetes.io/aws-load-balancer-healthcheck-interval': '20' },
      },
    });
    world.settle();
    const { TargetHealthDescriptions: left } = world.aws.call(
      'elbv2.DescribeTargetHealth',
      { TargetGroupArn: arn },
      'test',
    ) as Health;
    const serve = left.filter(({ TargetHealth }) => TargetHealth.State !== 'draining');
    expect(serve.map(({ Target }) => Target.Id).toSorted()).toEqual(addresses(world, PRI));
  }));

test('the owner is named by its tags where its cluster is not listed', () =>
  onStage('joined', async (stage) => {
    const owner = {
      kind: 'service',
      namespace: 'default',
      name: 'nginx',
      context: null,
      clusterName: PRI,
    };
    expect(await ownerShown(stage, SEC)).toEqual(owner);
    expect((await listed(stage, SEC))?.owner).toEqual(owner);
    // A cluster that is not listed may claim it: nothing is known to contradict the tags.
    tag(stage.world, allOf(stage.world), { [CLUSTER]: 'ter-eks-clu1' });
    expect(await ownerShown(stage, SEC)).toEqual({ ...owner, clusterName: 'ter-eks-clu1' });
    expect(codesOf(await reportOf(stage, VERIFY))).toEqual(['cluster-name-differs']);
  }));

test('a Service is released: disputed while the tags name it, then no cluster owns, and each may leave', () =>
  onStage('joined', async (stage) => {
    const { world, nlbmc } = stage;
    release(world);
    world.settle();
    const verified = await reportOf(stage, VERIFY);
    expect([verified.exit, codesOf(verified)]).toEqual([3, ['owner-disputed']]);
    expect(await ownerShown(stage)).toMatchObject({ reason: 'tags-without-claim', claims: [] });
    expect(typeHints(world, verified, 'remove-tags')).toBe(1);
    // The labels stay on the binding that its controller made, and say nothing any more.
    const [made] = world.cluster(PRI).kube.list(BINDINGS);
    expect(made?.metadata.labels).toMatchObject({ 'service.k8s.aws/stack-name': 'nginx' });
    expect(await ownerShown(stage)).toEqual({ kind: 'none' });
    expect((await nlbmc(VERIFY)).code).toBe(0);
    const left = await nlbmc(
      `leave nginx --context ${PRI} --primary ${SEC} --accept binding-not-ours --yes`,
    );
    expect([left.code, left.code === 0 ? '' : left.stdout]).toEqual([0, '']);
    world.settle();
    expect(world.cluster(PRI).kube.list(BINDINGS)).toEqual([]);
    expect((await nlbmc(`verify nginx --context ${SEC}`)).code).toBe(0);
  }));

test('a former owner is an ordinary member of the cluster that has adopted it', () =>
  onStage('joined', async (stage) => {
    const { world, nlbmc } = stage;
    const { status } = world.cluster(PRI).kube.get('services', 'default', 'nginx') as unknown as {
      readonly status: object;
    };
    release(world);
    tag(world, allOf(world), { [CLUSTER]: SEC });
    // What the controller of the secondary would have written, had it taken the load balancer over.
    const { kube } = world.cluster(SEC);
    const labels = {
      'service.k8s.aws/stack-namespace': 'default',
      'service.k8s.aws/stack-name': 'nginx',
    };
    kube.patch(
      BINDINGS,
      'default',
      'nginx',
      { type: 'merge', body: { metadata: { labels } } },
      person,
    );
    patch(world, SEC, { metadata: { finalizers: [FINALIZER] }, status });
    expect(await ownerShown(stage)).toMatchObject({ kind: 'service', context: SEC });
    expect((await listed(stage))?.members.map(({ cluster, role }) => [cluster, role])).toEqual([
      [PRI, 'secondary'],
      [SEC, 'primary'],
    ]);
    const left = await nlbmc(
      `leave nginx --context ${PRI} --primary ${SEC} --accept binding-not-ours --yes`,
    );
    expect([left.code, left.code === 0 ? '' : left.stdout]).toEqual([0, '']);
    expect(world.cluster(PRI).kube.list(BINDINGS)).toEqual([]);
  }));
