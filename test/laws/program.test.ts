/** @shared Modules of nlbmc are replaced by hooks of Node. */
import { runNlbmc } from '../commands/harness.ts';
import { onStage, VERIFY } from './stage.ts';
import { loadProgram } from './program.ts';

/** What each says that verify found: the words of the verdict come from a module deep inside. */
const saying = (words: string) =>
  loadProgram({
    module: 'core/verify/verify.ts',
    exports: () => ({ verdictOf: () => never(words) }),
  });
const never = (words: string): never => {
  throw new Error(words);
};

test('each program has what was replaced for it, and the others have nothing of that', () =>
  onStage('joined', async ({ sandbox, nlbmc }) => {
    const [one, other, real] = [await saying('one'), await saying('other'), await loadProgram()];
    const said = async (program: typeof one): Promise<string> => {
      const { code, stdout, stderr } = await runNlbmc(sandbox, VERIFY, { program });
      return `${code} ${/\b(one|other)\b/.exec(stdout + stderr)?.[0] ?? ''}`;
    };
    expect([await said(one), await said(other), await said(one)]).toEqual([
      '1 one',
      '1 other',
      '1 one',
    ]);
    expect(await said(real)).toBe('0 ');
    expect((await nlbmc(VERIFY)).code).toBe(0);
  }));

test('what a module does not export cannot be replaced', () =>
  expect(
    loadProgram({ module: 'core/verify/verify.ts', exports: () => ({ verdict: () => 1 }) }),
  ).rejects.toThrow('core/verify/verify.ts does not export verdict'));
