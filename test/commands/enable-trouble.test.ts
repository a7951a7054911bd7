import { typed } from '../core/typed.ts';
import type { Report } from '../../src/core/plan/report.ts';
import type { FaultRule } from '../../src/sandbox/requests/faults.ts';
import { onStage, type Stage } from '../laws/stage.ts';
import { runNlbmc } from './harness.ts';

const ENABLE = 'enable nginx --context pri-eks-clu1';
const report = (stdout: string): Report => JSON.parse(stdout) as Report;

const person = { actor: 'a person', manager: 'kubectl-label' };

/** The Service changes under our feet, as if somebody were faster. */
function relabel({ world }: Stage, value: string): void {
  const body = { metadata: { labels: { touched: value } } };
  world.primary.kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
}

/** The target group of the primary's only port, and an address registered there by hand. */
function register({ world }: Stage, id: string): void {
  const [binding] = world.primary.kube.list('targetgroupbindings.elbv2.k8s.aws', 'default');
  if (!binding) throw new Error('the primary has no binding');
  const { targetGroupARN } = binding.spec as { targetGroupARN: string };
  world.aws.call(
    'elbv2.RegisterTargets',
    { TargetGroupArn: targetGroupARN, Targets: [{ Id: id, Port: 80 }] },
    'a person',
  );
}

const fault = (match: RegExp, more: Partial<FaultRule> & Pick<FaultRule, 'kind'>): FaultRule => ({
  match,
  ...more,
});

describe('registered targets of somebody else', () => {
  test('are told by whose address EC2 says it is, and not waited for', () =>
    onStage('deployed', async (stage) => {
      const pods = stage.world.secondaries.flatMap(({ kube }) => kube.list('pods', 'default'));
      for (const { status } of pods.slice(0, 1))
        register(stage, (status as { podIP: string }).podIP);
      const { code, stderr } = await stage.nlbmc(ENABLE);
      expect(code).toBe(2);
      expect(stderr).not.toContain('settling');
      const told = report((await stage.nlbmc(`${ENABLE} --yes -o json`)).stdout);
      expect(told).toMatchObject({ exit: 0, cautions: [{ code: 'foreign-targets' }] });
      expect(told.cautions[0]?.details?.[0]).toMatch(
        /instance i-[0-9a-f]+, cluster tag sec-eks-clu1/,
      );
    }));

  test('of whom EC2 knows nothing are waited for, and that is told once as long as it is the same', () =>
    onStage('deployed', async (stage) => {
      register(stage, '10.0.3.99');
      const { code, stderr } = await stage.nlbmc(`${ENABLE} --settle-timeout 12s --yes`);
      expect(code).toBe(0);
      expect(stderr.match(/a rollout seems to be going on/g)?.length).toBeLessThanOrEqual(3);
    }));
});

test('a Service that changes between the read and the rehearsal is planned for again', () =>
  onStage('deployed', async (stage) => {
    const { journal } = stage.world;
    const add = journal.add.bind(journal);
    let touched = false;
    journal.add = (entry) => {
      add(entry);
      if (touched || entry.source !== 'http' || !entry.path?.endsWith('/services/nginx')) return;
      touched = true;
      relabel(stage, 'once');
    };
    const { code, stderr } = await stage.nlbmc(ENABLE);
    expect([touched, code]).toEqual([true, 0]);
    expect(stderr).toContain('retrying now: ');
  }));

test('one that never stops changing is refused in the end, with nothing written', () =>
  onStage('deployed', async (stage) => {
    stage.world.faults.add(fault(/^PATCH .*services\/nginx/, { kind: 'status', status: 409 }));
    const { code, stdout } = await stage.nlbmc(`${ENABLE} -o json`);
    expect(code).toBe(5);
    expect(report(stdout)).toMatchObject({ writes: [], problems: [{ code: 'object-changed' }] });
  }));

test('when all is said, nothing more comes: what is still on its way ends with the run', () =>
  onStage('deployed', async (stage) => {
    const { faults } = stage.world;
    faults.add(fault(/DescribeLoadBalancer/, { kind: 'hang' }));
    faults.add(fault(/Describe/, { kind: 'status', status: 403, reason: 'ExpiredToken' }));
    let late = '';
    const { code, stderr, stdout } = await runNlbmc(stage.sandbox, ENABLE, {
      onSleep: (ms) => (late += `slept ${ms}`),
    });
    expect(code).toBe(2);
    expect(stdout).toContain('Credentials are missing or not accepted.');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(late + stderr).toBe('');
  }));

test.each([
  [1, 'Nothing was written.'],
  [2, 'It is unknown whether the change was made.'],
])('Ctrl-C while patch %i of the Service is on its way: %s', (nth, message) =>
  onStage('deployed', async (stage) => {
    const { faults } = stage.world;
    const pressed = new AbortController();
    const take = faults.take.bind(faults);
    let patches = 0;
    faults.take = (subject) => {
      if (!/^PATCH .*services\/nginx/.test(subject.text) || (patches += 1) < nth)
        return take(subject);
      setTimeout(() => pressed.abort('SIGINT'), 20);
      return { kind: 'hang' };
    };
    const { code, stdout } = await runNlbmc(stage.sandbox, `${ENABLE} -o json`, {
      signal: pressed.signal,
    });
    expect(code).toBe(130);
    expect(report(stdout)).toMatchObject({ result: 'interrupted', writes: [] });
    expect(report(stdout).message).toContain(message);
  }),
);

test('an endpoint that goes before the first shared pass is told, with its cure', () =>
  onStage('deployed', async (stage) => {
    const { primary } = stage.world;
    const [pod] = primary.kube.list('pods', 'default');
    if (!pod) throw new Error('the primary runs no pod');
    // Its last act is to set the flag on the binding.
    primary.lbc.crashAfter(1);
    let looks = 0;
    const onSleep = (): void => {
      looks += 1;
      if (looks === 1) primary.kube.delete('pods', 'default', pod.metadata.name, person);
      if (looks === 12) primary.lbc.start();
    };
    const { code, stdout } = await runNlbmc(stage.sandbox, `${ENABLE} --yes -o json`, { onSleep });
    expect(code).toBe(6);
    const { problems } = report(stdout);
    const { podIP: ip } = pod.status as { podIP: string };
    const leaked = problems.find((problem) => problem.code === 'targets-would-leak');
    expect(leaked?.message).toContain(`${ip}:80`);
    expect(typed(leaked)).toContain('nlbmc purge nginx -n default --context pri-eks-clu1');
  }));
