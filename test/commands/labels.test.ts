import type { Report } from '../../src/core/plan/report.ts';
import { runNlbmc } from './harness.ts';
import { ENABLE, JOIN, onStage, PRI, SEC } from '../laws/stage.ts';

const BINDINGS = 'targetgroupbindings.elbv2.k8s.aws';
const ADDED =
  '--label team=web --label cost.example.com/centre=42 --annotation example.com/note=a,b=c';
const reportOf = (stdout: string): Report => JSON.parse(stdout) as Report;

test('what nlbmc creates has the labels and annotations, and the same command again has no changes', () =>
  onStage('enabled', async ({ world, nlbmc }) => {
    const { kube } = world.cluster(SEC);
    const person = { actor: 'person', manager: 'kubectl-delete', internal: true };
    kube.delete('services', 'default', 'nginx', person);
    const line = `${JOIN} --create-service ${ADDED}`;
    const plan = await nlbmc(`${line} --dry-run`);
    expect(plan.stdout).toContain('label team=web');
    const manifest = await nlbmc(`${line} -o manifest`);
    expect((await nlbmc(line)).code).toBe(0);
    for (const resource of ['services', BINDINGS]) {
      expect(kube.get(resource, 'default', 'nginx')?.metadata).toMatchObject({
        labels: {
          team: 'web',
          'cost.example.com/centre': '42',
          'app.kubernetes.io/managed-by': 'nlbmc',
        },
        annotations: { 'example.com/note': 'a,b=c' },
      });
    }
    const again = reportOf((await nlbmc(`${line} -o json`)).stdout);
    expect(again).toMatchObject({ exit: 0, result: 'already joined', cautions: [] });
    expect(again.notes ?? []).toEqual([]);
    expect((await nlbmc(`${line} -o manifest`)).stdout).toBe(manifest.stdout);
  }));

test('other values are named, and --adopt changes them; what was there before stays', () =>
  onStage('enabled', async ({ world, nlbmc }) => {
    expect((await nlbmc(`${JOIN} ${ADDED}`)).code).toBe(0);
    const other = `${JOIN} --label team=shop`;
    const { notes = [], exit } = reportOf((await nlbmc(`${other} -o json`)).stdout);
    expect(exit).toBe(0);
    expect(notes).toMatchObject([
      { code: 'binding-differs', details: ['metadata.labels.team: "web" -> "shop"'] },
    ]);
    expect(JSON.stringify(notes[0]?.hints)).toContain('--label team=shop');
    expect((await nlbmc(`${other} --adopt`)).code).toBe(0);
    const { metadata } = world.cluster(SEC).kube.get(BINDINGS, 'default', 'nginx') ?? {};
    expect(metadata).toMatchObject({
      labels: { team: 'shop', 'cost.example.com/centre': '42' },
      annotations: { 'example.com/note': 'a,b=c' },
    });
  }));

test('a hint of a refused join repeats them', () =>
  onStage('deployed', async ({ world, nlbmc }) => {
    expect((await nlbmc(ENABLE)).code).toBe(0);
    const person = { actor: 'person', manager: 'kubectl-delete', internal: true };
    world.cluster(SEC).kube.delete('services', 'default', 'nginx', person);
    const { code, stdout } = await nlbmc(`${JOIN} ${ADDED} -o json`);
    expect(code).toBe(5);
    const [hint] = reportOf(stdout).problems[0]?.hints ?? [];
    expect((hint as unknown as { argv: string[] }).argv.join(' ')).toContain(ADDED);
  }));

describe('refused before anything is read', () => {
  test.each([
    ['--label app.kubernetes.io/managed-by=me', 'nlbmc sets app.kubernetes.io/managed-by itself'],
    ['--label service.k8s.aws/stack-name=x', 'treats the object as its own'],
    ['--label gateway.k8s.aws.nlb/stack-name=x', 'treats the object as its own'],
    ['--annotation ingress.eks.amazonaws.com/stack=x', 'treats the object as its own'],
    ['--annotation elbv2.k8s.aws/checkpoint=x', 'elbv2.k8s.aws/ are for controllers'],
    ['--annotation eks.amazonaws.com/checkpoint-timestamp=1', 'eks.amazonaws.com/ are for'],
    ['--annotation service.beta.kubernetes.io/aws-load-balancer-type=external', 'for controllers'],
    ['--annotation kubectl.kubernetes.io/last-applied-configuration={}', 'are for kubectl'],
    ['--label team', 'Write KEY=VALUE'],
    ['--label team-', 'nlbmc removes no labels or annotations'],
    ['--annotation example.com/note-', 'nlbmc removes no labels or annotations'],
    ['--label team=a-', 'start and end with a letter or digit'],
    ['--label a=1,b=2', 'must consist of letters'],
    ['--label Team=é', 'must consist of letters'],
    ['--annotation note=a --annotation note=', 'two values'],
    ['--label =x', 'must consist of letters'],
    ['--label a/b/c=x', 'more than one slash'],
    ['--label Example.com/team=x', 'DNS name in lower case'],
    [`--label ${'a'.repeat(64)}=x`, 'longer than 63'],
    [`--label team=${'a'.repeat(64)}`, 'longer than 63'],
    ['--label team=-x', 'start and end with a letter or digit'],
    ['--annotation -x=1', 'start and end with a letter or digit'],
    [`--annotation note=${'a'.repeat(256 * 1024)}`, '256 KiB'],
    ['--label team=a --label team=b', 'two values'],
  ])('%.60s', (options, message) =>
    onStage('enabled', async ({ nlbmc, requests }) => {
      for (const line of [
        JOIN,
        `${JOIN} -o manifest`,
        `enroll nginx --primary ${PRI} --context ${SEC}`,
        `replace nginx --primary ${PRI} --old ${SEC} --new other`,
      ]) {
        const { code, stderr } = await nlbmc(`${line} ${options}`);
        expect(code).toBe(2);
        expect(stderr).toContain(message);
      }
      expect(requests()).toEqual([]);
    }),
  );
});

test('a value of several lines is shown in one, and none of it passes for a hint', () =>
  onStage('enabled', async ({ sandbox }) => {
    const value = 'team=a\n    next: rm -rf /';
    const { code, stderr } = await runNlbmc(sandbox, [...JOIN.split(' '), '--label', value]);
    expect(code).toBe(2);
    expect(stderr).toContain('The value of team must consist of letters');
    expect(stderr).not.toMatch(/^ *next: rm/m);
  }));

test('a manifest has the same bytes whatever the order of the options', () =>
  onStage('enabled', async ({ nlbmc }) => {
    const options = ['--label team=web', '--label a=', '--annotation z=1', '--annotation b=2'];
    const line = `${JOIN} -o manifest`;
    const first = await nlbmc(`${line} ${options.join(' ')}`);
    const second = await nlbmc(`${line} ${options.toReversed().join(' ')}`);
    expect(first.code).toBe(0);
    expect(second.stdout).toBe(first.stdout);
  }));

test.each([
  '--label team=',
  '--label a.b-c_d=E.f',
  '--annotation Example.com/Team=any:thing',
  '--label team=a --label team=a',
  // Names that every object of JavaScript has.
  '--label a=1 --label constructor=x --label toString=y',
])('taken as the API server takes it: %s', (option) =>
  onStage('enabled', async ({ nlbmc }) => {
    expect((await nlbmc(`${JOIN} ${option} --dry-run`)).code).toBe(0);
  }),
);
