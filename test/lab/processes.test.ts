import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { Processes } from './processes.ts';
import { waitFor } from './waiting.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'nlbmc-processes-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that has a child of its own and tells its number. */
const family = { name: 'family', file: '/bin/sh', args: ['-c', 'sleep 300 & echo "$!"; wait'] };

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // What has ended and was not yet waited for by the system's first process is a zombie.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the programs of the lab', () => {
  test('end with all their children', async () => {
    const processes = new Processes(folder);
    const started = processes.start(family);
    await waitFor('it tells a number', () => started.output().includes('\n'), 120_000);
    const child = Number(started.output());
    expect(isThere(child)).toBe(true);
    await processes.stop();
    await waitFor('the child is gone', () => !isThere(child), 120_000);
  });

  test('leave what they wrote in a file, and are missed when they end by themselves', async () => {
    const processes = new Processes(folder);
    const args = ['-c', 'echo the disk is full; exit 3'];
    const started = processes.start({ name: 'short', file: '/bin/sh', args });
    const failure = (): string => {
      try {
        started.check();
        return '';
      } catch (error) {
        return String(error);
      }
    };
    await waitFor('it has ended', () => failure() !== '', 120_000);
    expect(failure()).toContain('short ended with code 3');
    expect(failure()).toContain('the disk is full');
    await waitFor(
      'the log is written',
      () => readFileSync(started.log, 'utf8').includes('the disk is full'),
      120_000,
    );
    await processes.stop();
  });

  test('end when who started them is killed', async () => {
    const bundle = join(folder, 'starter.mjs');
    const { outputFiles } = await build({
      stdin: {
        contents: `
          import { Processes } from './processes.ts';
          const started = new Processes(${JSON.stringify(folder)}).start(${JSON.stringify(family)});
          setInterval(() => process.stdout.write(started.output()), 50);
        `,
        resolveDir: import.meta.dirname,
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
    });
    writeFileSync(bundle, outputFiles[0]?.text ?? '');
    const starter = spawn(process.execPath, [bundle], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [told] = (await once(starter.stdout, 'data')) as [Buffer];
    const child = Number(told.toString().split('\n')[0]);
    expect(isThere(child)).toBe(true);
    starter.kill('SIGKILL');
    await waitFor('the child is gone', () => !isThere(child), 120_000);
  });
});
