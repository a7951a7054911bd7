import type { Report } from '../../src/core/plan/report.ts';
import { addresses, deregister, register } from './repair-acts.ts';
import { onStage, OTHER, PEER, PRI, SEC, type Stage } from '../laws/stage.ts';
import { runNlbmc } from './harness.ts';

const VERIFY = `verify nginx --context ${SEC} --from -`;

async function documentOf(
  { nlbmc }: Stage,
  line = `show nginx --context ${PRI},${SEC}`,
): Promise<string> {
  const { code, stdout } = await nlbmc(`${line} -o yaml`);
  expect(code).toBe(0);
  return stdout;
}

const type = ({ sandbox, world }: Stage, line: string, input: string) =>
  runNlbmc(sandbox, line, { input, onSleep: () => world.settle() });

const reportOf = ({ stdout }: { readonly stdout: string }): Report => JSON.parse(stdout) as Report;
const rowsOf = (report: Report) => report.verdict?.ports.flatMap(({ members }) => members) ?? [];
const codesOf = ({ problems }: Report) => [...new Set(problems.map(({ code }) => code))];

test('is green for what was read, and says of the rest when the document was written', () =>
  onStage('joined', async (stage) => {
    const input = await documentOf(stage);
    const from = stage.world.journal.entries.length;
    const run = await type(stage, `${VERIFY} -o json`, input);
    const report = reportOf(run);
    expect({ code: run.code, problems: report.problems }).toEqual({ code: 0, problems: [] });
    expect(report).toMatchObject({ result: 'ready in what could be read' });
    expect(rowsOf(report)).toMatchObject([
      {
        cluster: PRI,
        role: 'primary',
        state: 'recorded',
        eligible: null,
        registered: 3,
        healthy: 3,
      },
      { cluster: SEC, role: 'secondary', state: 'ready', eligible: 2, healthy: 2 },
    ]);
    expect(rowsOf(report)[0]?.asOf).toMatch(/^2026-/);
    expect(report.skips[0]?.message).toMatch(
      /^Sharing in pri-eks-clu1 as of 2026-[\dT:.-]+Z, not checked since\.$/,
    );
    expect(stage.requests(from).filter(({ cluster }) => cluster === PRI)).toEqual([]);
    // Green agrees with join.
    const join = await type(stage, `join nginx --context ${SEC} --from - --dry-run -o json`, input);
    expect(reportOf(join)).toMatchObject({ exit: 0, plan: { steps: [] } });
  }));

test('by a document from before the cluster joined, with or without the name of the Service', () =>
  onStage('joined', async (stage) => {
    const input = await documentOf(stage, `show nginx --context ${PRI}`);
    expect((await type(stage, VERIFY, input)).code).toBe(0);
    expect((await type(stage, `verify --context ${SEC} --from -`, input)).code).toBe(0);
    expect((await type(stage, `verify web --context ${SEC} --from -`, input)).code).toBe(2);
  }));

test('recorded targets that are gone from AWS are red, by their number', () =>
  onStage('joined', async (stage) => {
    const input = await documentOf(stage);
    deregister(stage.world, addresses(stage.world, PRI).slice(0, 2));
    const run = await type(stage, `${VERIFY} -o json`, input);
    expect(run.code).toBe(3);
    const report = reportOf(run);
    expect(codesOf(report)).toEqual(['evidence-differs']);
    expect(report.problems[0]?.message).toContain(
      '2 of 3 targets that pri-eks-clu1 had on port 80',
    );
    expect(rowsOf(report)[0]).toMatchObject({ state: 'degraded', tracked: 3 });
  }));

test('a target that no cluster and no document has is unclaimed, and the hint carries the file on', () =>
  onStage('joined', async (stage) => {
    const input = await documentOf(stage);
    register(stage.world, ['10.0.65.200']);
    const run = await type(stage, `${VERIFY} -o json`, input);
    expect(run.code).toBe(3);
    const report = reportOf(run);
    expect(codesOf(report)).toEqual(['target-unclaimed']);
    const hints = report.problems[0]?.hints as unknown as readonly { readonly text: string }[];
    const verifies = hints.filter(({ text }) => text.includes('nlbmc verify'));
    expect(verifies).not.toEqual([]);
    expect(verifies.filter(({ text }) => !text.includes('--from -'))).toEqual([]);
  }));

test('an old document makes the verdict unknown, not green', () =>
  onStage('joined', async (stage) => {
    const input = await documentOf(stage);
    stage.world.clock.advance(3_700_000);
    const run = await type(stage, `${VERIFY} -o json`, input);
    expect(run.code).toBe(8);
    expect(codesOf(reportOf(run))).toEqual(['evidence-outdated']);
    expect((await type(stage, `${VERIFY} --max-age 2h`, input)).code).toBe(0);
  }));

test.each(['DescribeTags', 'DescribeListeners', 'DescribeTargetHealth', 'DescribeLoadBalancers'])(
  'without %s nothing is proven',
  (action) =>
    onStage('joined', async (stage) => {
      const input = await documentOf(stage);
      stage.world.faults.add({
        world: 'aws',
        match: new RegExp(`^elbv2\\.${action}$`),
        kind: 'status',
        status: 403,
      });
      expect((await type(stage, VERIFY, input)).code).toBe(8);
    }),
);

test('a document from before sharing is red', () =>
  onStage('joined', async (stage) => {
    const input = (await documentOf(stage)).replaceAll('multiCluster: true', 'multiCluster: false');
    const run = await type(stage, `${VERIFY} -o json`, input);
    expect(run.code).toBe(3);
    expect(codesOf(reportOf(run))).toContain('binding-exclusive');
  }));

test('a cluster that has not joined is red, and the hint joins by the document', () =>
  onStage('enabled', async (stage) => {
    const input = await documentOf(stage, `show nginx --context ${PRI}`);
    const run = await type(stage, `${VERIFY} -o json`, input);
    expect(run.code).toBe(3);
    const { problems } = reportOf(run);
    expect(problems).toMatchObject([
      {
        code: 'member-missing',
        hints: [{ text: `nlbmc join nginx -n default --context ${SEC} --from -` }],
      },
    ]);
  }));

test('a cluster that is listed is judged by what was read, not by the document', () =>
  onStage('joined', async (stage) => {
    const input = await documentOf(stage);
    const run = await type(stage, `verify nginx --context ${PRI},${SEC} --from - -o json`, input);
    expect(run.code).toBe(0);
    const report = reportOf(run);
    expect(report.result).toBe('ready');
    expect(rowsOf(report).map(({ state }) => state)).toEqual(['ready', 'ready']);
    expect(report.skips).toEqual([]);
  }));

test('where no cluster owns the load balancer', () =>
  onStage(
    'joined',
    async (stage) => {
      const input = await documentOf(stage, `show web --context ${PEER},${OTHER}`);
      const run = await type(stage, `verify web --context ${OTHER} --from - -o json`, input);
      expect(reportOf(run).problems).toEqual([]);
      expect(run.code).toBe(0);
      expect(rowsOf(reportOf(run))).toMatchObject([
        { cluster: PEER, role: 'peer', state: 'recorded' },
        { cluster: OTHER, role: 'peer', state: 'ready' },
      ]);
    },
    'no-owner',
  ));

test('the table for people', () =>
  onStage('joined', async (stage) => {
    const { stdout } = await type(stage, VERIFY, await documentOf(stage));
    expect(stdout).toMatch(/pri-eks-clu1 +primary .* +\? +3 +3 +3 +0 +recorded/);
    expect(stdout).toContain('not checked since');
  }));
