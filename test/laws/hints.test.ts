import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { runNlbmc } from '../commands/harness.ts';
import { parsed, shellWords } from '../cli/parsed.ts';
import { printedCommands } from '../cli/printed-commands.ts';
import { ENABLE, JOIN, onStage, PRI, SEC, VERIFY } from './stage.ts';

/** What is typed in a world, one line after the other: plans, refusals, verdicts, ends. */
const lines = [
  VERIFY,
  JOIN,
  ENABLE,
  JOIN,
  `verify nginx --context ${PRI}`,
  `disable nginx --context ${PRI} --yes`,
  `purge nginx --context ${PRI} --yes`,
  `leave nginx --context ${PRI} --yes`,
  `leave nginx --context ${SEC} --primary ${PRI} --min-healthy 9 --yes`,
  `leave nginx --context ${SEC} --primary ${PRI} --yes`,
  `repair nginx --context ${PRI},${SEC} --yes`,
  `disable nginx --context ${PRI} --allow-deletion --yes`,
  `enable ngin --context ${PRI}`,
];

interface Printed {
  readonly typed: string;
  readonly words: readonly string[];
}

/** Hints of a document, wherever they are in it: the words that they consist of. */
function argvsIn(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(argvsIn);
  const { argv, text } = value as { argv?: readonly string[]; text?: string };
  const own = argv && text !== undefined ? [argv] : [];
  return [...own, ...Object.values(value).flatMap(argvsIn)];
}

afterEach(() => void delete process.env['AWS_SHARED_CREDENTIALS_FILE']);

/** Plays all lines with these flags, as a person reads them or as a document, and gives what is to type. */
const play = (format: 'table' | 'json') =>
  onStage('deployed', async ({ sandbox, world }) => {
    const { dir, env } = sandbox;
    const credentials = join(dir, 'aws-credentials');
    const keys = `aws_access_key_id = ${env['AWS_ACCESS_KEY_ID'] ?? 'AKIA'}\naws_secret_access_key = ${env['AWS_SECRET_ACCESS_KEY'] ?? 'x'}\n`;
    writeFileSync(credentials, `[practice]\n${keys}`);
    // The SDK's chain looks into the process, whatever the command was given.
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = credentials;
    const kubeconfig = env['KUBECONFIG'] ?? '';
    const flags = `--kubeconfig ${kubeconfig} --profile practice --region us-east-1 --as ann --as-group system:masters`;
    const found: Printed[] = [];
    for (const typed of lines) {
      const { stdout, stderr } = await runNlbmc(sandbox, `${typed} ${flags} -o ${format}`);
      world.settle();
      const told =
        format === 'json'
          ? argvsIn(JSON.parse(stdout))
          : printedCommands(`${stdout}\n${stderr}`).map(({ command }) => shellWords(command));
      found.push(...told.map((words) => ({ typed, words })));
    }
    const { contexts } = load(readFileSync(kubeconfig, 'utf8')) as { contexts: { name: string }[] };
    return { found, kubeconfig, contexts: contexts.map(({ name }) => name) };
  });

test.each(['table', 'json'] as const)(
  'a command that is printed has the flags of the run, and contexts of its kubeconfig: -o %s',
  async (format) => {
    const { found, kubeconfig, contexts } = await play(format);
    const ours = found.filter(({ words }) => words[0] === 'nlbmc');
    expect(new Set(ours.map(({ words }) => words[1]))).toEqual(
      new Set(['enable', 'join', 'leave', 'disable', 'purge', 'verify']),
    );
    for (const { words } of ours) {
      const { options } = await parsed(words.slice(1));
      expect([words.join(' '), options]).toMatchObject([
        words.join(' '),
        {
          kubeconfig,
          profile: 'practice',
          region: 'us-east-1',
          as: 'ann',
          asGroup: ['system:masters'],
        },
      ]);
      const named = [options['context'], options['primary']].flatMap(
        (value) => (value ?? []) as string | string[],
      );
      expect(named.filter((name) => name !== '…' && !contexts.includes(name))).toEqual([]);
    }
    for (const { words } of found.filter(({ words }) => words[0] === 'kubectl')) {
      expect(words).toEqual(expect.arrayContaining(['--kubeconfig', kubeconfig, '--as', 'ann']));
    }
  },
);
