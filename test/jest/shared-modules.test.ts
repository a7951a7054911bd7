import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A project of its own, whose test files run with our settings, in one process, in this order. */
const files = {
  'test/seen.ts': 'export const seen: string[] = [];',
  'test/1.test.ts': `import { seen } from './seen.ts';
interface Blank {
  readonly text: string;
}
test('fails', () => {
  process.env['LEFT_BEHIND'] = 'yes';
  seen.push('first');
  const got: Blank = { text: 'a' };
  expect(got).toEqual({ text: expect.any(Number) });
});
test('throws away', async () => {
  void Promise.reject(new Error('nobody waits for this'));
  await new Promise((resolve) => setTimeout(resolve, 1));
});
`,
  'test/2.test.ts': `import { seen } from './seen.ts';
test('shares modules, and no environment', () => {
  expect(seen).toEqual(['first']);
  expect(process.env['LEFT_BEHIND']).toBeUndefined();
});
`,
  'test/3.test.ts': `/** @isolated For a reason. */
import { seen } from './seen.ts';
test('has modules of its own', () => {
  expect(seen).toEqual([]);
  expect(import.meta).toHaveProperty('jest');
});
`,
  'package.json': '{ "type": "module" }',
  'by-name.cjs': `module.exports = class extends require('@jest/test-sequencer').default {
  sort = (tests) => [...tests].sort((a, b) => (a.path < b.path ? -1 : 1));
};
`,
};

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** How each test of that project ended, and what its failure says. */
function play(dir: string): ReadonlyMap<string, string> {
  mkdirSync(join(dir, 'test'));
  for (const name of ['node_modules', 'scripts']) symlinkSync(join(root, name), join(dir, name));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  const options = '--runInBand --json --testSequencer ./by-name.cjs --rootDir . --config';
  const jest = [
    '--experimental-vm-modules',
    'node_modules/jest/bin/jest.js',
    ...options.split(' '),
  ];
  jest.push(join(root, 'jest.config.js'));
  const { stdout } = spawnSync(process.execPath, jest, { cwd: dir, encoding: 'utf8' });
  const { testResults } = JSON.parse(stdout.slice(0, stdout.lastIndexOf('}') + 1)) as Report;
  return new Map(
    testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .map(({ title, status, failureMessages }) => [title, [status, ...failureMessages].join(' ')]),
  );
}

test('files share modules and leave nothing else behind; a failure names its line', () => {
  const dir = mkdtempSync(join(tmpdir(), 'nlbmc-jest-'));
  try {
    const ended = play(dir);
    expect([...ended.keys()]).toEqual([
      'fails',
      'throws away',
      'shares modules, and no environment',
      'has modules of its own',
    ]);
    expect(ended.get('fails')).toMatch(/^failed .*\n[^]*test\/1\.test\.ts:9:15\)/);
    expect(ended.get('throws away')).toMatch(/^failed [^]*nobody waits[^]*1\.test\.ts:12:23\)/);
    expect(ended.get('shares modules, and no environment')).toBe('passed');
    expect(ended.get('has modules of its own')).toBe('passed');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
