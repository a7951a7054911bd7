import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCRIPT } from './script.ts';
import { root } from './stack.ts';

const run = (args: string[], path = process.env['PATH']) =>
  spawnSync('/bin/bash', [SCRIPT, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  });

test('help, and an argument that the script does not know', () => {
  expect(run(['--help'])).toMatchObject({ status: 0, stderr: '' });
  expect(run(['--help']).stdout).toContain('Usage: prerequisites.sh [up|cleanup]');
  expect(run(['down'])).toMatchObject({ status: 2, stdout: '' });
  expect(run(['--stack-name'])).toMatchObject({ status: 2, stdout: '' });
});

describe('tools that are missing or too old', () => {
  let bin = '';
  beforeAll(() => {
    bin = mkdtempSync(join(tmpdir(), 'nlbmc-tools-'));
    const tools = {
      kubectl: `echo '{"clientVersion": {"gitVersion": "v1.30.2"}}'`,
      aws: `echo 'aws-cli/1.18.69 Python/3.8.10'`,
    };
    for (const [name, answer] of Object.entries(tools)) {
      const text = `#!/bin/bash\n[[ "$*" == *version* ]] || touch '${bin}/called'\n${answer}\n`;
      writeFileSync(join(bin, name), text);
      chmodSync(join(bin, name), 0o755);
    }
  });
  afterAll(() => rmSync(bin, { recursive: true }));

  test('are told all at once, before anything is asked of them', () => {
    const { status, stderr, stdout } = run(['up'], `${bin}:/usr/bin:/bin`);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/aws is 1\.18\.69: it has to be 1\.27\.0 or newer/);
    expect(stderr).toMatch(/kubectl is 1\.30\.2: it has to be 1\.31\.0 or newer/);
    expect(stderr).toMatch(/helm is missing: version 3\.8\.0 or newer/);
    expect(existsSync(join(bin, 'called'))).toBe(false);
  });

  test('are told in a dry run, too, which goes on', () => {
    const { status, stderr, stdout } = run(['--dry-run'], `${bin}:/usr/bin:/bin`);
    expect(status).toBe(0);
    expect(stderr).toContain('helm is missing');
    expect(stdout).toContain('+ helm upgrade --install');
    expect(existsSync(join(bin, 'called'))).toBe(false);
  });
});
