import { liftsGuard } from '../../src/core/model/hint.ts';
import { hintText, type RunFlags } from '../../src/output/hint-text.ts';
import { parsed, shellWords } from '../cli/parsed.ts';
import { raised } from './raised.ts';

/** A run whose person typed everything that a command needs again. */
const run: RunFlags = {
  kubeconfig: '/home/ann/kube config',
  as: 'ann',
  asGroup: ['ops'],
  profile: 'prod',
  region: 'eu-west-1',
  contextOf: (name) => ({ 'pri-name': 'pri', 'sec-name': 'sec' })[name],
};
const contexts = ['new', 'pri', 'sec', 'ter', 'a', 'b', 'c', '…'];

const typed = raised.flatMap(({ where, problem }) =>
  (problem.hints ?? []).map((hint, n) => ({ where, n, hint, told: hintText(hint, run) })),
);
const commands = typed.filter(({ hint }) => hint.kind === 'nlbmc');
const named = <T extends { readonly where: string; readonly told: { readonly text: string } }>(
  all: readonly T[],
) => all.map((one) => [one.where, one.told.text, one] as const);

/** Context names in what was parsed: one, or several. */
const contextsIn = (options: Readonly<Record<string, unknown>>): readonly string[] =>
  [options['context'], options['primary']].flatMap((value) => (value ?? []) as string | string[]);

test.each(named(commands))('%s: the command line takes it: %s', async (_, __, { told, hint }) => {
  const { command = '' } = told;
  // Where its output goes is for the shell.
  const [line = ''] = command.split(' > ');
  const { options, service } = await parsed(shellWords(line).slice(1));
  expect(service).toBeTruthy();
  expect(contextsIn(options).filter((name) => !contexts.includes(name))).toEqual([]);
  expect(options).toMatchObject({
    kubeconfig: run.kubeconfig,
    // Another person, who has rights of their own, writes the document.
    ...(hint.kind === 'nlbmc' && hint.into !== undefined ? {} : { as: 'ann', asGroup: ['ops'] }),
    profile: 'prod',
    // A hint that names a region has found out which one it is.
    region: (hint.kind === 'nlbmc' && hint.options['region']) || 'eu-west-1',
  });
  // What is spelled is what a shell reads.
  if (told.argv) expect(shellWords(command)).toEqual(told.argv);
});

test.each(named(typed.filter(({ told }) => told.role === 'next')))(
  '%s: works as it is, and lifts no guard: %s',
  (_, __, { told: { argv = [] }, hint }) => {
    const options = argv.flatMap((word) => /^--([a-z-]+)/.exec(word)?.[1] ?? []);
    if (hint.kind === 'nlbmc') expect(options.filter(liftsGuard)).toEqual([]);
    expect(
      argv.filter((word) => /^(?:[A-Z]{2,}(?:,[A-Z]+)*|<.*>|…|undefined|)$/.test(word)),
    ).toEqual([]);
    if (argv[0] === 'kubectl')
      expect(argv).toEqual(expect.arrayContaining(['--kubeconfig', '--as']));
    if (argv[0] === 'aws') expect(argv).toEqual(expect.arrayContaining(['--profile', '--region']));
  },
);

test.each(named(typed.filter(({ n }) => n === 0)))(
  '%s: what comes first leads on: %s',
  (_, __, { told, hint }) => {
    if (told.role !== 'accept') return;
    // Nothing else leads on: then a person decides, and is told what.
    expect(hint).toMatchObject({ accepts: expect.any(String) as string });
  },
);

test.each(
  raised.map(
    ({ where, problem }) =>
      [
        where,
        problem.code,
        [problem.message, ...(problem.details ?? [])].join('\n'),
        problem,
      ] as const,
  ),
)(
  '%s, %s: no command hides in a sentence, where it gets no flags',
  (_, __, text, { hints = [] }) => {
    const sentences = [text, ...hints.flatMap((hint) => (hint.kind === 'advice' ? hint.text : []))];
    for (const sentence of sentences) {
      expect(sentence).not.toMatch(
        /\bnlbmc [a-z]+ .*--|\bkubectl (?:--|[a-z]+ .*-)|\baws [a-z0-9]+ [a-z-]+ --/,
      );
    }
  },
);
