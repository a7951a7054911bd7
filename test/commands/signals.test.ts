import { inside } from '../../src/sandbox/environment.ts';
import { parseFault } from '../../src/sandbox/fault-option.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { runNlbmc, startPractice, writesSince } from './harness.ts';
import { bin, hasPty, onTerminal } from './pty.ts';

// Ring 3: the built program on a real terminal, where the spinner turns and questions are asked.

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

const maybe = hasPty() ? test.each(Object.keys(phases)) : test.skip.each(Object.keys(phases));

/** Runs the program in a world of its own, tells it to stop, and looks at its end. */
async function stopped(sandbox: Sandbox, o: Phase, act: keyof typeof ends): Promise<void> {
  const from = sandbox.world.journal.entries.length;
  if (o.fault) sandbox.world.faults.add(parseFault(o.fault, ['pri-eks-clu1', 'sec-eks-clu1']));
  const end = await onTerminal({
    argv: [process.execPath, bin, ...`${o.line} --context pri-eks-clu1`.split(' ')],
    env: inside(
      { PATH: process.env['PATH'], HOME: sandbox.dir, LANG: 'C.UTF-8', NO_COLOR: '1' },
      sandbox.env,
    ),
    when: o.when ?? /reading/,
    act,
  });
  expect([act, end.exit, end.screen]).toEqual([
    act,
    ends[act],
    expect.stringContaining('interrupted'),
  ]);
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
}

// The programs of a phase run side by side, since each waits for a moment before it is told to stop.
maybe(
  '%s: Ctrl-C, SIGTERM and SIGHUP end in order: a report, exit 130, 143, 129',
  async (phase) => {
    const o: Phase = phases[phase as keyof typeof phases];
    const acts = Object.keys(ends) as (keyof typeof ends)[];
    const sandboxes: Sandbox[] = [];
    try {
      const runs: (() => Promise<void>)[] = [];
      for (const act of acts) {
        const sandbox = await startPractice();
        sandboxes.push(sandbox);
        if (o.before) await runNlbmc(sandbox, `${o.before} --context pri-eks-clu1`);
        runs.push(() => stopped(sandbox, o, act));
      }
      await Promise.all(runs.map((run) => run()));
    } finally {
      await Promise.all(sandboxes.map((sandbox) => sandbox.stop()));
    }
  },
);
