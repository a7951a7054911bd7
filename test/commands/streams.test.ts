import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { inside } from '../../src/sandbox/environment.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { startPractice, writesSince } from './harness.ts';
import { bin } from './pty.ts';

// Ring 3: streams as a shell hands them over. What was begun is finished, whoever listens.
let sandbox: Sandbox & { readonly clock: { advance(ms: number): void } };
beforeEach(async () => {
  sandbox = await startPractice();
});
afterEach(() => sandbox.stop());

/** Runs nlbmc below a shell that redirects its streams; time passes while it runs. */
async function redirected(line: string, redirection: string) {
  const child = spawn(
    'bash',
    ['-c', `"$0" "$@" ${redirection}`, process.execPath, bin, ...line.split(' ')],
    {
      env: inside({ PATH: process.env['PATH'], HOME: sandbox.dir, LANG: 'C.UTF-8' }, sandbox.env),
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const ticking = setInterval(() => sandbox.clock.advance(2000), 100);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ]).finally(() => clearInterval(ticking));
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
  return { code, stdout, stderr };
}

const ENABLE = 'enable nginx --context pri-eks-clu1 -v';
const full = existsSync('/dev/full') ? test.each : test.skip.each;

full([
  ['a reader of the story that left', '2> >(head -n 1 >/dev/null)'],
  ['a story that was never read', '2> >(exec true)'],
  ['a full disk under the story', '2>/dev/full'],
  ['no stderr', '2>&-'],
  ['no stdin', '<&-'],
  ['a folder for stdin', '</'],
])('%s: the change is made to its end, and the document comes', async (_, redirection) => {
  const { code, stdout } = await redirected(`${ENABLE} -o json`, redirection);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ exit: 0, result: 'enabled' });
  expect(writesSince(sandbox, 0)).toHaveLength(1);
});

full([
  ['a reader that left', '> >(exec true)', 0, /^$|annotate/],
  ['a full disk', '>/dev/full', 7, /could not be written to stdout: .*no space/i],
])('%s under stdout: the change is made to its end', async (_, redirection, exit, told) => {
  const { code, stderr } = await redirected(ENABLE, redirection);
  expect([code, writesSince(sandbox, 0).length]).toEqual([exit, 1]);
  expect(stderr).toMatch(told);
});

full([
  ['verify nginx --context pri-eks-clu1', '>/dev/full', 3],
  ['show nginx --context pri-eks-clu1 -o yaml', '>/dev/full', 7],
  ['show nginx --context pri-eks-clu1 -o yaml', '2>/dev/full', 0],
  ['show nothing --context', '2>/dev/full', 2],
  ['leave nginx --context pri-eks-clu1 --from -', '<&-', 2],
  ['disable nginx --context pri-eks-clu1', '<&- >&- 2>&-', 0],
  ['--help', '>/dev/full', 7],
])('%s %s: exit %i', async (line, redirection, exit) => {
  expect((await redirected(line, redirection)).code).toBe(exit);
});
