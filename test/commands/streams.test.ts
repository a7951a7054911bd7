import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { inside } from '../../src/sandbox/environment.ts';
import { startPractice, writesSince } from './harness.ts';
import { bin } from './pty.ts';

// Ring 3: streams as a shell hands them over. What was begun is finished, whoever listens.

/** Runs nlbmc in a world of its own, below a shell that redirects its streams; time passes while it runs. */
async function redirected(line: string, redirection: string) {
  const sandbox = await startPractice();
  const ticking = setInterval(() => sandbox.clock.advance(2000), 100);
  try {
    const child = spawn(
      'bash',
      ['-c', `"$0" "$@" ${redirection}`, process.execPath, bin, ...line.split(' ')],
      {
        env: inside({ PATH: process.env['PATH'], HOME: sandbox.dir, LANG: 'C.UTF-8' }, sandbox.env),
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number]>,
    ]);
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
    return { code, writes: writesSince(sandbox, 0).length, stdout, stderr };
  } finally {
    clearInterval(ticking);
    await sandbox.stop();
  }
}

test('a run that ends before it has a result says so, and its exit code is not good', async () => {
  const sandbox = await startPractice();
  try {
    // Requests that are never answered, and hold nothing that Node would wait for.
    const silent = `data:text/javascript,${encodeURIComponent(
      `const { EventEmitter } = process.getBuiltinModule('node:events');
       for (const name of ['node:http', 'node:https'])
         process.getBuiltinModule(name).request = () => Object.assign(new EventEmitter(), { end() {} });
       process.getBuiltinModule('node:module').syncBuiltinESMExports();`,
    )}`;
    const child = spawn(
      process.execPath,
      ['--import', silent, bin, 'verify', 'nginx', '--context', 'pri-eks-clu1', '-o', 'json'],
      { env: inside({ PATH: process.env['PATH'], HOME: sandbox.dir }, sandbox.env) },
    );
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number]>,
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('nlbmc ended without a result. This is a defect in nlbmc.');
  } finally {
    await sandbox.stop();
  }
});

const ENABLE = 'enable nginx --context pri-eks-clu1 -v';
const full = existsSync('/dev/full') ? test : test.skip;

// Side by side, since each has to wait before it looks a second time.
full(
  'whatever stderr and stdin are, the change is made to its end, and the document comes',
  async () => {
    const streams = {
      'a reader of the story that left': '2> >(head -n 1 >/dev/null)',
      'a story that was never read': '2> >(exec true)',
      'a full disk under the story': '2>/dev/full',
      'no stderr': '2>&-',
      'no stdin': '<&-',
      'a folder for stdin': '</',
    };
    const ends = await Promise.all(
      Object.entries(streams).map(async ([name, redirection]) => {
        return { name, ...(await redirected(`${ENABLE} -o json`, redirection)) };
      }),
    );
    for (const { name, code, writes, stdout } of ends) {
      expect([name, code, writes]).toEqual([name, 0, 1]);
      expect([name, JSON.parse(stdout)]).toMatchObject([name, { exit: 0, result: 'enabled' }]);
    }
  },
);

full('a reader of stdout that left, or a full disk: the change is made to its end', async () => {
  const [left, disk] = await Promise.all([
    redirected(ENABLE, '> >(exec true)'),
    redirected(ENABLE, '>/dev/full'),
  ]);
  expect([left.code, left.writes]).toEqual([0, 1]);
  expect(left.stderr).toMatch(/^$|annotate/);
  expect([disk.code, disk.writes]).toEqual([7, 1]);
  expect(disk.stderr).toMatch(/could not be written to stdout: .*no space/i);
});

full.each([
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
