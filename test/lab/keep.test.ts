import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MissingError } from './go.ts';
import { howToUse, stand, writeVariables } from './keep.ts';
import { inSession } from './session.ts';
import { orderOf } from './words.ts';

describe('a world that is kept', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'nlbmc-keep-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('has its variables in a file that a shell reads, and only its owner', () => {
    const env = { KUBECONFIG: "/tmp/it's here/config", AWS_REGION: 'us-east-1' };
    const file = writeVariables(folder, env);
    expect(statSync(file).mode & 0o077).toBe(0);
    const script = '. "$1"; echo "$KUBECONFIG|$AWS_DEFAULT_REGION|${AWS_PROFILE-unset}"';
    const text = execFileSync('/bin/sh', ['-c', script, 'sh', file], {
      encoding: 'utf8',
      env: { AWS_PROFILE: 'mine' },
    });
    expect(text).toBe(`${env.KUBECONFIG}|us-east-1|unset\n`);
  });

  test('says where the variables are, until when it stands, and commands that name files', () => {
    const until = new Date(2026, 10, 29, 6, 5);
    const lines = howToUse('/tmp/x/env.sh', ['one', 'two'], until).join('\n');
    expect(lines).toContain('. /tmp/x/env.sh');
    expect(lines).toContain('until 06:05');
    const files = lines.match(/templates\/\S+/g) ?? [];
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  test('stands until somebody ends it, or until its time is over', async () => {
    let checks = 0;
    await stand(Promise.resolve(), 60_000, () => checks++);
    expect(checks).toBe(1);
    await stand(new Promise(() => undefined), 20, () => checks++);
    const broken = stand(new Promise(() => undefined), 60_000, () => {
      throw new Error('the controller ended');
    });
    await expect(broken).rejects.toThrow('the controller ended');
  });

  test('is told of Ctrl-C, and its folder is gone then', async () => {
    let used = '';
    const code = await inSession(60_000, async (session) => {
      used = session.folder;
      const told = session.told();
      process.emit('SIGHUP');
      expect(await told).toBe('SIGHUP');
      return [];
    });
    expect(code).toBe(0);
    expect(existsSync(used)).toBe(false);
    expect(process.listenerCount('SIGHUP')).toBe(0);
  });
});

describe('what the lab is told', () => {
  test.each([
    { words: [], order: { kind: 'play', isWhole: true } },
    { words: ['leave'], order: { kind: 'play', isWhole: false, comparesApi: false } },
    { words: ['api'], order: { kind: 'play', scenarios: [], comparesApi: true } },
    { words: ['--keep'], order: { kind: 'keep' } },
    { words: ['--keep', 'leave'], order: { kind: 'keep', scenario: { name: 'leave' } } },
    { words: ['leave', '--keep'], order: { kind: 'keep', scenario: { name: 'leave' } } },
    { words: ['--prepare'], order: { kind: 'prepare' } },
  ])('$words', ({ words, order }) => {
    expect(orderOf(words)).toMatchObject(order);
  });

  test.each([{ words: ['nothing-such'] }, { words: ['--keep', 'leave', 'disable'] }])(
    'refused: $words',
    ({ words }) => {
      expect(() => orderOf(words)).toThrow(MissingError);
    },
  );
});
