import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../src/core/model/problem.ts';
import type { Report } from '../../src/core/plan/report.ts';
import { ENABLE, JOIN, onStage, OTHER, PEER, PRI, SEC, type Stage } from '../laws/stage.ts';
import { endState } from '../laws/end-state.ts';
import { EVERYTHING, giveRole } from '../sandbox/kube/roles.ts';
import { runNlbmc } from './harness.ts';

const FROM = `join nginx --context ${SEC} --from -`;

/** The document of the owner's side, as `show -o yaml` prints it. */
async function documentOf({ nlbmc }: Stage, line = `show nginx --context ${PRI}`): Promise<string> {
  const { code, stdout } = await nlbmc(`${line} -o yaml`);
  expect(code).toBe(0);
  return stdout;
}

/** What the owner's side gets that types the one hint, without the file that it goes to. */
async function typedByOwner(stage: Stage, problem: Problem | undefined): Promise<string> {
  const hints = (problem?.hints ?? []) as unknown as readonly { readonly text: string }[];
  const [line, ...more] = hints.map(({ text }) => / (show .*) > enrollment\.yaml /.exec(text)?.[1]);
  expect(more).toEqual([]);
  const { code, stdout } = await stage.nlbmc(line ?? 'no line');
  expect(code).toBe(0);
  return stdout;
}

const type = ({ sandbox, world }: Stage, line: string, input: string) =>
  runNlbmc(sandbox, line, { input, onSleep: () => world.settle() });

const reportOf = ({ stdout }: { readonly stdout: string }): Report => JSON.parse(stdout) as Report;

test('joins by a document, and asks the owner nothing', () =>
  onStage('enabled', async (stage) => {
    const input = await documentOf(stage);
    const from = stage.world.journal.entries.length;
    const run = await type(stage, `${FROM} --yes -o json`, input);
    const { exit, cautions, next } = reportOf(run);
    expect({ code: run.code, exit }).toEqual({ code: 0, exit: 0 });
    expect(stage.requests(from).filter(({ cluster }) => cluster === PRI)).toEqual([]);
    expect(cautions).toMatchObject([{ code: 'sharing-recorded' }]);
    expect(cautions[0]?.message).toMatch(
      /^Sharing in pri-eks-clu1 as of 2026-01-05T[\d:.]+Z, not checked since\.$/,
    );
    expect(next).toMatchObject({
      text: `nlbmc verify nginx -n default --context ${SEC} --from -`,
    });
    expect((await stage.nlbmc(`verify nginx --context ${PRI},${SEC}`)).code).toBe(0);
    // The same as with --primary: neither of the two would change anything.
    expect((await stage.nlbmc(`${JOIN} --dry-run --detailed-exitcode`)).code).toBe(0);
    expect((await type(stage, `${FROM} --dry-run --detailed-exitcode`, input)).code).toBe(0);
  }));

test('a user who may not read the primary is told how a document takes its place', () =>
  onStage('enabled', async (stage) => {
    giveRole(stage.world.cluster(SEC).kube, 'app-team', '', EVERYTHING);
    const run = await type(stage, `${JOIN} --as app-team --yes -o json`, '');
    expect(run.code).toBe(8);
    const texts = reportOf(run).problems.flatMap(({ hints = [] }) =>
      (hints as unknown as readonly { readonly text: string }[]).map(({ text }) => text),
    );
    expect(texts).toContain(
      `nlbmc show nginx -n default --context ${PRI} --output yaml > enrollment.yaml   # by a person who may read ${PRI}`,
    );
    expect(texts).toContain(
      `nlbmc join nginx -n default --context ${SEC} --from enrollment.yaml --as app-team   # then, with that file`,
    );
  }));

test('is a question without --yes', () =>
  onStage('enabled', async (stage) => {
    const input = await documentOf(stage);
    const run = await type(stage, FROM, input);
    expect(run).toMatchObject({ code: 2 });
    expect(run.stderr + run.stdout).toContain('sharing-recorded');
    expect((await type(stage, `${FROM} --accept sharing-recorded`, input)).code).toBe(0);
  }));

test('a file as well as stdin, in the namespace of the document; hints carry the file on', () =>
  onStage('enabled', async (stage) => {
    const file = join(stage.sandbox.dir, 'enrollment.yaml');
    writeFileSync(file, await documentOf(stage));
    const line = `join nginx --context ${SEC} --from ${file} -n default --yes -o json`;
    const { next } = reportOf(await type(stage, line, ''));
    expect(next).toMatchObject({
      text: `nlbmc verify nginx -n default --context ${SEC} --from ${file}`,
    });
    rmSync(file);
    const gone = await type(stage, line, '');
    expect(gone.code).toBe(2);
    expect(gone.stdout + gone.stderr).toContain('It cannot be read');
  }));

test('an old document is refused with its age, and with what to type', () =>
  onStage('enabled', async (stage) => {
    const input = await documentOf(stage);
    stage.world.clock.advance(3_900_000);
    const run = await type(stage, `${FROM} --yes -o json`, input);
    expect(run.code).toBe(5);
    const [problem] = reportOf(run).problems;
    expect(problem).toMatchObject({ code: 'evidence-outdated' });
    expect(problem?.message).toMatch(/is 1h5m old .* and --max-age is 1h\./);
    expect(problem?.hints).toMatchObject([
      {
        text: `nlbmc show nginx -n default --context ${PRI} --output yaml > enrollment.yaml   # by a person who may read ${PRI}`,
      },
    ]);
    expect((await type(stage, `${FROM} --max-age 2h --dry-run`, input)).code).toBe(0);
    const fresh = await typedByOwner(stage, problem);
    expect((await type(stage, `${FROM} --yes`, fresh)).code).toBe(0);
  }));

test.each<[string, (text: string) => string, string]>([
  ['cut', (text) => text.slice(0, text.indexOf('members:')), 'members is missing'],
  [
    'cut in a line',
    (text) => text.slice(0, text.indexOf('listenerPorts') + 4),
    'is not one document',
  ],
  [
    'edited',
    (text) => text.replace('multiCluster: true', 'multiCluster: false'),
    'ports[0].binding',
  ],
  ['of another kind', () => 'apiVersion: v1\nkind: Service\n', 'apiVersion'],
  ['of another Service', (text) => text.replace('name: nginx', 'name: web'), 'default/web, not of'],
])('a file that is %s is refused with the field, and nothing is asked', (_, edit, said) =>
  onStage('enabled', async (stage) => {
    const input = edit(await documentOf(stage));
    const from = stage.world.journal.entries.length;
    const { code, stdout, stderr } = await type(stage, `${FROM} --yes`, input);
    expect(code).toBe(2);
    expect(stdout + stderr).toContain(said);
    expect(stage.requests(from)).toEqual([]);
  }),
);

test('a namespace that is not that of the document is refused', () =>
  onStage('enabled', async (stage) => {
    const { code, stdout, stderr } = await type(
      stage,
      `${FROM} -n shop --yes`,
      await documentOf(stage),
    );
    expect(code).toBe(2);
    expect(stdout + stderr).toContain('default/nginx, not of shop/nginx');
  }));

test('options that contradict it, or do nothing, are refused', () =>
  onStage('enabled', async (stage) => {
    for (const more of [`--primary ${PRI}`, '--load-balancer x', '--create-service']) {
      expect((await type(stage, `${FROM} ${more}`, '')).code).toBe(2);
    }
    expect((await type(stage, `${JOIN} --max-age 1h`, '')).code).toBe(2);
  }));

test('pods of the owner that have changed since are named by their number', () =>
  onStage('enabled', async (stage) => {
    const input = await documentOf(stage);
    const { kube } = stage.world.cluster(PRI);
    const person = { actor: 'person', manager: 'kubectl', internal: true };
    const body = { spec: { replicas: 1 } };
    kube.patch('deployments.apps', 'default', 'nginx', { type: 'merge', body }, person);
    stage.world.settle();
    const was = endState(stage.world);
    const run = await type(stage, `${FROM} --yes -o json`, input);
    expect(run.code).toBe(5);
    expect(reportOf(run).problems).toMatchObject([{ code: 'evidence-differs' }]);
    expect(reportOf(run).problems[0]?.message).toMatch(
      /^[12] of [23] targets that pri-eks-clu1 had/,
    );
    expect(endState(stage.world)).toEqual(was);
    const fresh = await typedByOwner(stage, reportOf(run).problems[0]);
    expect((await type(stage, `${FROM} --yes`, fresh)).code).toBe(0);
  }));

test.each(['DescribeTags', 'DescribeListeners', 'DescribeTargetHealth', 'DescribeLoadBalancers'])(
  'without %s nothing is written, and it is unknown',
  (action) =>
    onStage('enabled', async (stage) => {
      const input = await documentOf(stage);
      const match = new RegExp(`^elbv2\\.${action}$`);
      stage.world.faults.add({ world: 'aws', match, kind: 'status', status: 403 });
      const from = stage.world.journal.entries.length;
      expect((await type(stage, `${FROM} --yes`, input)).code).toBe(8);
      expect(stage.requests(from).filter(({ mutating }) => mutating)).toEqual([]);
    }),
);

test('a document from before enable says that the binding is exclusive', () =>
  onStage('deployed', async (stage) => {
    const run = await type(stage, `${FROM} --yes -o json`, await documentOf(stage));
    expect(run.code).toBe(5);
    expect(reportOf(run).problems).toMatchObject([{ code: 'primary-not-enabled' }]);
    expect((await stage.nlbmc(ENABLE)).code).toBe(0);
  }));

test('a load balancer that no cluster owns, and a cluster that has joined already', () =>
  onStage(
    'enabled',
    async (stage) => {
      const input = await documentOf(stage, `show web --context ${PEER}`);
      const line = `join web --context ${OTHER} --from -`;
      const run = await type(stage, `${line} --yes -o json`, input);
      expect(run.code).toBe(0);
      expect(reportOf(run).cautions[0]?.message).toContain(`Sharing in ${PEER} as of`);
      const both = await documentOf(stage, `show web --context ${PEER},${OTHER}`);
      expect((await type(stage, `${line} --dry-run --detailed-exitcode`, both)).code).toBe(0);
      expect((await stage.nlbmc(`verify web --context ${PEER},${OTHER}`)).code).toBe(0);
      const itself = await type(stage, `join web --context ${PEER} --from - --yes`, input);
      expect(itself.code).toBe(5);
    },
    'no-owner',
  ));

test('several clusters join by one document', () =>
  onStage(
    'enabled',
    async (stage) => {
      const input = await documentOf(stage, `show web --context ${PEER}`);
      const line = `join web --context ${OTHER},eks-clu3 --from - --yes`;
      expect((await type(stage, line, input)).code).toBe(0);
      const all = `${PEER},${OTHER},eks-clu3`;
      expect((await stage.nlbmc(`verify web --context ${all}`)).code).toBe(0);
    },
    'no-owner',
  ));

test.each(['instance', 'multi-port', 'ingress', 'dns', 'ipv6', 'auto-mode'] as const)(
  'in the scenario %s a document does what --primary does',
  (scenario) =>
    onStage(
      'deployed',
      async (stage) => {
        const name = { ingress: 'ingress', dns: 'dns' }[scenario as string] ?? 'nginx';
        for (const one of stage.world.clusters.values()) one.autoMode?.attachPolicy();
        const enabled = await type(stage, `enable ${name} --context ${PRI} --yes`, '');
        expect(enabled.code).toBe(0);
        const input = await documentOf(stage, `show ${name} --context ${PRI}`);
        const line = `join ${name} --context ${SEC}`;
        const manifest = async (place: string): Promise<string> =>
          (await type(stage, `${line} ${place} -o manifest`, input)).stdout;
        expect(await manifest('--from -')).toBe(await manifest(`--primary ${PRI}`));
        expect((await type(stage, `${line} --from - --yes`, input)).code).toBe(0);
      },
      scenario,
    ),
);
