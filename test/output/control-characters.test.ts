import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { dump, load } from 'js-yaml';
import { shellWord } from '../../src/core/model/shell-words.ts';
import { visibleText } from '../../src/core/model/control-characters.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { runNlbmc, startPractice } from '../commands/harness.ts';

// What a value would do to a terminal: clear it, forge a line, colour, reorder; C1 without ESC.
const EVIL = '\u001b[2J\u009b1;1H\r\nResult: ready. exit 0\u202e\u0007\u007f';
const CONTEXT = `pri${EVIL}`;

// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

let sandbox: Sandbox;
let kubeconfig: string;
beforeAll(async () => {
  sandbox = await startPractice();
  interface Config {
    contexts: { name: string; context: object }[];
  }
  const config = load(readFileSync(sandbox.env['KUBECONFIG'] ?? '', 'utf8')) as Config;
  const [pri] = config.contexts;
  config.contexts.push({ ...pri, name: CONTEXT, context: pri?.context ?? {} });
  kubeconfig = join(sandbox.dir, 'evil.yaml');
  writeFileSync(kubeconfig, dump(config));
});
afterAll(() => sandbox.stop());

const run = (...words: string[]) => runNlbmc(sandbox, words, { env: { KUBECONFIG: kubeconfig } });

test.each([
  ['enable', 'nginx', '--context', CONTEXT, '-v'],
  ['enable', 'nginx', '--context', CONTEXT, '--dry-run'],
  ['enable', 'nginx', '--context', CONTEXT, '-o', 'manifest'],
  ['show', 'nginx', '--context', CONTEXT],
  ['show', 'nginx', '--context', CONTEXT, '-o', 'name'],
  ['show', 'nginx', '--context', CONTEXT, '-o', 'yaml'],
  ['verify', 'nginx', '--context', CONTEXT, '-v'],
  ['verify', 'nginx', '--context', `${CONTEXT},sec-eks-clu1`],
  ['join', 'nginx', '--context', 'sec-eks-clu1', '--primary', CONTEXT, '-v'],
  ['leave', 'nginx', '--context', CONTEXT, '--yes'],
  ['purge', 'nginx', '--context', CONTEXT, '--yes'],
  ['repair', 'nginx', '--context', CONTEXT, '--yes'],
  ['disable', 'nginx', '--context', CONTEXT],
  ['disable', 'nginx', '--context', CONTEXT, '--yes'],
  ['verify', 'nginx', '--context', `no${EVIL}`],
  ['verify', EVIL],
  [EVIL],
  ['verify', 'nginx', `--opt${EVIL}`],
  ['verify', 'nginx', '--context', CONTEXT, '--region', EVIL],
  ['verify', 'nginx', '--context', CONTEXT, '--profile', EVIL],
  ['verify', 'nginx', '--kubeconfig', EVIL],
  ['verify', 'nginx', '--known-target', EVIL],
  ['leave', 'nginx', '--from', EVIL],
  ['verify', 'nginx', '--traffic=1', '--ca', EVIL, '--context', CONTEXT],
  ['completion', EVIL],
  ['__complete', '--', 'verify', 'nginx', '--context', ''],
])('%j prints none of it as it is', async (...words) => {
  const { stdout, stderr } = await run(...words);
  expect(CONTROL.exec(stdout + stderr)).toBeNull();
  expect(stdout + stderr).not.toMatch(/^Result: ready. exit 0/m);
});

const person = { actor: 'person', manager: 'kubectl', internal: true } as const;
const key = 'service.beta.kubernetes.io/aws-load-balancer-attributes';

// No key can have them: the API server refuses such a name.
test.each([
  [key, `deletion_protection.enabled=false,x=${EVIL}`],
  ['argocd.argoproj.io/tracking-id', EVIL],
])('nor a value of the cluster: annotation %j', async (name, value) => {
  const annotations = { [key]: null, 'argocd.argoproj.io/tracking-id': null, [name]: value };
  const body = { metadata: { annotations } };
  const { kube } = sandbox.world.cluster('pri-eks-clu1');
  kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
  for (const command of ['enable', 'disable', 'verify', 'show']) {
    const dry = ['enable', 'disable'].includes(command) ? ['--dry-run'] : [];
    const { stdout, stderr } = await run(command, 'nginx', '--context', 'pri-eks-clu1', ...dry);
    expect([command, CONTROL.exec(stdout + stderr)]).toEqual([command, null]);
  }
});

test('JSON keeps them, and is safe to look at', async () => {
  const { stdout } = await run('show', 'nginx', '--context', CONTEXT, '-o', 'json');
  expect(CONTROL.exec(stdout)).toBeNull();
  expect(JSON.stringify(JSON.parse(stdout))).toContain(JSON.stringify(CONTEXT).slice(1, -1));
});

test.each([EVIL, "it's\n", '\u001b\\x', 'a\u009bb'])('a word %j works as typed', (word) => {
  const typed = shellWord(word);
  expect(visibleText(typed)).toBe(typed);
  const { stdout } = spawnSync('bash', ['-c', `printf %s ${typed}`], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  expect(stdout).toBe(word);
});
