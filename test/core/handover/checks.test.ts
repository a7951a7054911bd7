import type { Code } from '../../../src/core/model/codes.ts';
import { known, type Problem } from '../../../src/core/model/problem.ts';
import { hintText } from '../../../src/output/hint-text.ts';
import { serviceWith } from '../cluster-builder.ts';
import { flagged, found, type HandingParts, owner, processWith } from '../handing.ts';
import { cautions, fresh, old, others, PREFIX, refusals } from '../handing-cases.ts';
import { enabledPrimary, hostname, joinedSecondary, unreadable } from '../world.ts';

const codesOf = (problems: readonly Problem[]): readonly Code[] => [
  ...new Set(problems.map(({ code }) => code)),
];

test('a handover to which there is no objection', () => {
  const { blockers, cautions, skips } = found();
  expect({ blockers, cautions, skips }).toEqual({ blockers: [], cautions: [], skips: [] });
});

test.each(Object.entries(refusals))('%s: refused', (_, [code, parts, saves]) => {
  const { blockers } = found(parts);
  const own = blockers.filter((problem) => problem.code === code);
  expect(codesOf(blockers)).toContain(code);
  expect(Math.max(0, ...own.map((one) => one.saves ?? 0))).toBe(saves ?? 0);
  for (const { hints = [], unread } of own) {
    expect(hints.length).toBeGreaterThan(0);
    expect(unread).toBeUndefined();
  }
});

test('a zone is shifted away: refused', () => {
  const parts: HandingParts = {};
  const targets = ['10.0.1.1:80', '10.0.2.1:80'].map((text) => {
    const [id = ''] = text.split(':');
    return { target: { id, port: 80 }, state: 'healthy' as const, shifted: true as const };
  });
  expect(codesOf(found({ ...parts, group: { targets: known(targets) } }).blockers)).toContain(
    'zone-shifted',
  );
});

test.each(Object.entries(cautions))('%s: told', (_, [code, parts, grave]) => {
  const all = found(parts);
  expect(codesOf(all.blockers)).toEqual([]);
  const own = all.cautions.filter((problem) => problem.code === code);
  expect(own).toHaveLength(1);
  expect(own[0]?.grave).toBe(grave);
  expect(own[0]?.hints?.length).toBeGreaterThan(0);
});

test('a tag that a flag or an annotation keeps is not told', () => {
  const listenerTags = known({ 'arn:listener': { cost: 'web', team: 'a', env: 'p' } });
  const facts = flagged('sec', {
    'external-managed-tags': 'cost,other',
    'default-tags': 'env=p',
  });
  const kept = { [`${PREFIX}additional-resource-tags`]: 'team=a' };
  expect(found({ facts: { ...facts, listenerTags }, old: old(kept) }).cautions).toEqual([]);
});

describe('what could not be read is not passed', () => {
  test.each<readonly [string, HandingParts, Code]>([
    ['the VPC of NEW', { facts: { vpcs: {} } }, 'answer-malformed'],
    [
      'the version of OLD’s controller',
      {
        old: owner().with({
          controller: known({
            deployments: [
              { namespace: 'kube-system', name: 'c', clusterName: 'pri', readyReplicas: 1 },
            ],
          }),
        }),
      },
      'release-unsafe',
    ],
    ['the listeners', { balancer: { listeners: unreadable() } }, 'api-forbidden'],
  ])('%s', (_, parts, code) => {
    const { blockers } = found(parts);
    expect(blockers.some((one) => one.code === code && one.unread === true)).toBe(true);
  });
});

describe('a release is safe', () => {
  test.each(['2.10.0', '2.12.0', '3.4.0', '3.5.0'])('by the controller %s', (version) =>
    expect(found(others(version)).blockers).toEqual([]),
  );

  test('while no controller runs', () => {
    const facts = {
      controllers: {
        pri: known(processWith({ replicas: 0, pods: [] })),
        sec: known(processWith()),
      },
    };
    const stopped = others('3.3.0', { replicas: 0, readyReplicas: 0 });
    expect(found({ ...stopped, facts }).blockers).toEqual([]);
  });

  test('where it is done already', () => {
    const done = owner().controller({ version: '3.3.0' }).editService({ finalizers: [] });
    expect(codesOf(found({ old: done }).blockers)).toEqual([]);
  });
});

describe('a cluster that is lost', () => {
  const lost: HandingParts = {
    intent: { lost: true },
    fresh: joinedSecondary().editService({ annotations: {} }),
    targets: ['10.0.1.1:80 unhealthy', '10.0.2.1:80', '10.0.2.2:80'],
  };
  const facts = { instances: known([]) };

  test('is gone: nothing is told of it', () =>
    expect(codesOf(found({ ...lost, facts }).cautions)).not.toContain('old-answers'));

  test.each<readonly [string, HandingParts]>([
    ['an instance runs', { facts: { instances: known(['i-1']) } }],
    ['a target of it is healthy', { facts, targets: ['10.0.1.1:80', '10.0.2.1:80'] }],
  ])('%s: a person has to accept it', (_, parts) => {
    const all = found({ ...lost, ...parts });
    const own = all.cautions.filter(({ code }) => code === 'old-answers');
    expect(own.map(({ grave }) => grave)).toEqual([true]);
    expect(codesOf(all.blockers)).toEqual([]);
  });

  test('and EC2 was not read: unknown', () => {
    const all = found({ ...lost, facts: { instances: unreadable() } });
    expect(all.blockers.map(({ unread }) => unread)).toEqual([true]);
  });
});

test('to no cluster: only what the release and the target groups need is required', () => {
  const intent = { new: undefined };
  const annotations = { [`${PREFIX}healthcheck-interval`]: '20' };
  expect(codesOf(found({ intent, fresh: fresh(annotations) }).blockers)).toEqual([]);
  expect(codesOf(found({ ...others('3.0.0'), intent }).blockers)).toEqual(['release-unsafe']);
});

test('on the way back, what was true on the way there is not required again', () => {
  const released = owner().editService({
    finalizers: [],
    type: 'LoadBalancer',
    loadBalancerClass: 'nlbmc/released',
  });
  const adopted = joinedSecondary().editService({
    ...serviceWith(),
    hostname,
    type: 'LoadBalancer',
    finalizers: ['service.k8s.aws/resources'],
    annotations: { [`${PREFIX}attributes`]: 'deletion_protection.enabled=true' },
  });
  const intent = { back: true };
  const facts = { vpcs: {}, ...flagged('pri', { 'feature-gates': 'EnableRGTAPI=true' }) };
  expect(found({ intent, old: released, fresh: adopted, facts }).blockers).toEqual([]);
});

/** What `--back` says to type where OLD's Service is of type LoadBalancer again, and the tags name NEW. */
function hintsBack(over: { readonly hostname?: string }): readonly string[] {
  const tags = { 'elbv2.k8s.aws/cluster': 'sec', 'service.k8s.aws/stack': 'default/nginx' };
  const { blockers } = found({
    old: enabledPrimary().editService(over),
    balancer: { tags: known(tags) },
    intent: { back: true },
  });
  const hints = blockers.find(({ code }) => code === 'other-load-balancer')?.hints ?? [];
  return hints.map((hint) => hintText(hint, {}).text);
}

test('a tool has set OLD’s Service back: it is released again, not edited', () => {
  expect(hintsBack({})).toEqual([
    expect.stringMatching(/^nlbmc handover nginx .*--old pri --new sec --until release/),
  ]);
});

test('OLD’s Service has another load balancer by now: it is not released', () => {
  const hints = hintsBack({ hostname: 'other.elb.us-east-1.amazonaws.com' });
  expect(hints.join(' ')).not.toContain('--until');
  expect(hints).toHaveLength(2);
});
