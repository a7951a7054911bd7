import { inside } from '../../src/sandbox/environment.ts';
import { parseFault } from '../../src/sandbox/fault-option.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { runNlbmc, startPractice, writesSince } from './harness.ts';
import { bin, hasPty, onTerminal } from './pty.ts';

// Ring 3: the built program on a real terminal, where the spinner turns and questions are asked.
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startPractice();
});
afterEach(() => sandbox.stop());

interface Phase {
  readonly line: string;
  /** Run to its end before. */
  readonly before?: string;
  readonly fault?: string;
  readonly when?: RegExp;
}

/** Where a run can be when it is told to stop; time stands still there, so it stays. */
const phases = {
  reading: { line: 'show nginx', fault: 'kube/pri-eks-clu1:GET .*/services/nginx:hang' },
  'at the question': { before: 'enable nginx', line: 'disable nginx', when: /\[y\/N\] / },
  writing: {
    line: 'enable nginx --yes',
    fault: 'kube/pri-eks-clu1:PATCH .*/services/nginx:hang:skip=1',
    when: / writing/,
  },
  waiting: { line: 'enable nginx --yes', when: /waiting/ },
  'judging again': { line: 'verify nginx --wait', when: /degraded|converging|unclaimed/ },
} as const satisfies Record<string, Phase>;

const ends = { 'Ctrl-C': 130, SIGTERM: 143, SIGHUP: 129 } as const;

const cases = Object.keys(phases).flatMap((phase) =>
  Object.entries(ends).map(([act, exit]) => [phase, act, exit] as const),
);

const maybe = hasPty() ? test.each(cases) : test.skip.each(cases);

maybe('%s, %s ends in order: a report, exit %i', async (phase, act, exit) => {
  const o: Phase = phases[phase as keyof typeof phases];
  if (o.before) await runNlbmc(sandbox, `${o.before} --context pri-eks-clu1`);
  const from = sandbox.world.journal.entries.length;
  if (o.fault) sandbox.world.faults.add(parseFault(o.fault, ['pri-eks-clu1', 'sec-eks-clu1']));
  const end = await onTerminal({
    argv: [process.execPath, bin, ...`${o.line} --context pri-eks-clu1`.split(' ')],
    env: inside(
      { PATH: process.env['PATH'], HOME: sandbox.dir, LANG: 'C.UTF-8', NO_COLOR: '1' },
      sandbox.env,
    ),
    when: o.when ?? /reading/,
    act: act as keyof typeof ends,
  });
  expect([end.exit, end.screen]).toEqual([exit, expect.stringContaining('interrupted')]);
  const wrote = writesSince(sandbox, from).length > 0;
  expect(end.screen).toMatch(wrote ? /annotated |is unknown whether/ : /Nothing was written/);
  expect(end.screen.replaceAll(/\s+/g, ' ')).toMatch(
    /[Rr]un (?:exit \d+ )?the (?:exit \d+ )?same (?:exit \d+ )?command (?:exit \d+ )?again/,
  );
  // The cursor is to be seen again, and no frame of a program that died of surprise.
  expect(end.screen.lastIndexOf('\u001B[?25h')).toBeGreaterThanOrEqual(
    end.screen.lastIndexOf('\u001B[?25l'),
  );
  expect(end.screen).not.toMatch(/^\s+at .*:\d+:\d+/m);
});
