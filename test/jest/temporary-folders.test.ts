import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

let parent: string;
beforeEach(() => (parent = mkdtempSync(join(tmpdir(), 'nlbmc-parent-'))));
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** A run of tests in which a worker makes a folder and is killed; gives what is there at its end. */
function run(o: { readonly isKilled: boolean }): readonly string[] {
  const [setup, end] = ['temporary-folders', 'the-end'].map((name) =>
    JSON.stringify(pathToFileURL(join('scripts/jest', `${name}.js`)).href),
  );
  const worker = `require('fs').mkdtempSync(require('os').tmpdir() + '/of-a-worker-'); process.kill(process.pid, 'SIGKILL')`;
  const program = `
    import { spawnSync } from 'node:child_process';
    import setup from ${setup};
    import theEnd from ${end};
    setup();
    const { signal } = spawnSync(process.execPath, ['-e', ${JSON.stringify(worker)}]);
    if (signal !== 'SIGKILL') process.exit(1);
    if (${o.isKilled}) process.kill(process.pid, 'SIGKILL');
    theEnd();`;
  const { status, signal } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { env: { ...process.env, TMPDIR: parent } },
  );
  expect([status, signal]).toEqual(o.isKilled ? [null, 'SIGKILL'] : [0, null]);
  return readdirSync(parent, { recursive: true }).map(String);
}

test('a worker that is killed leaves nothing behind', () => {
  expect(run({ isKilled: false })).toEqual([]);
});

test('what a run left that was killed is removed by one of the next days', () => {
  const [folder = '', ...inside] = run({ isKilled: true });
  expect(inside).toEqual([expect.stringMatching(/\/of-a-worker-/)]);
  mkdirSync(join(parent, `nlbmc-tests-${process.pid}`));
  mkdirSync(join(parent, 'of-somebody-else'));
  for (const age of ['young', 'old']) {
    const at = new Date(Date.now() - (age === 'old' ? 24 : 1) * 60 * 60_000);
    for (const name of readdirSync(parent)) utimesSync(join(parent, name), at, at);
    run({ isKilled: false });
    // A run that still goes on keeps its own, however old that is.
    const left = [`nlbmc-tests-${process.pid}`, 'of-somebody-else'];
    expect(readdirSync(parent)).toEqual((age === 'old' ? left : [...left, folder]).toSorted());
  }
});
