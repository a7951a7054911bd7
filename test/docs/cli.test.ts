import { buildProgram } from '../../src/cli.ts';
import { readPage } from './pages.ts';

const page = readPage('docs/cli.md');
const program = buildProgram(
  {
    stdout: { write: () => undefined },
    stderr: { write: () => undefined },
    stdin: { question: () => Promise.resolve(''), readAll: () => Promise.resolve('') },
    env: {},
    now: () => 0,
    sleep: () => Promise.resolve(),
  },
  { nlbmc: '0.0.0', node: '20.0.0' },
  () => undefined,
);
const commands = program.commands.filter((command) => !command.name().startsWith('_'));

/** The part of the page under a heading. */
function section(heading: string): string {
  const after = page.split(`\n## ${heading}\n`)[1] ?? '';
  return after.split('\n## ')[0] ?? '';
}

/** Options in the tables of a section, as their flags are written in the help. */
const optionsIn = (text: string): string[] =>
  [...text.matchAll(/^\| `(-[^`]+)` \|/gm)].map((match) => match[1] ?? '');

/** Options of a command's section, those of the sections that it refers to included. */
function documented(name: string): string[] {
  const own = section(`nlbmc ${name}`);
  const shared = [...own.matchAll(/\[(\w+) options\]/g)].map((match) => match[1] ?? '');
  const titled = shared.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)} options`);
  return [own, ...titled.map(section)].flatMap(optionsIn);
}

describe('docs/cli.md', () => {
  test('has a section for each command, and for nothing else', () => {
    const sections = [...page.matchAll(/^## nlbmc (\w+)$/gm)].map((match) => match[1]);
    expect(sections).toEqual(commands.map((command) => command.name()));
  });

  test.each(commands.map((command) => [command.name(), command] as const))(
    'has exactly the options of %s',
    (name, command) => {
      const help = command.options.map((option) => option.flags);
      expect(documented(name).toSorted()).toEqual(help.toSorted());
    },
  );

  test.each(commands.map((command) => [command.name(), command] as const))(
    'tells the defaults of %s as they are',
    (name, command) => {
      const text = section(`nlbmc ${name}`);
      const told = command.options
        .filter((option) => option.long === '--timeout')
        .filter((option) => !text.includes(`default ${option.defaultValueDescription}`));
      expect(told.map((option) => option.flags)).toEqual([]);
    },
  );

  test.each(commands.map((command) => [command.name(), command] as const))(
    'names the choices of %s',
    (name, command) => {
      const text = documented(name).length > 0 ? page : '';
      const missing = command.options
        .flatMap((option) => option.argChoices ?? [])
        .filter((choice) => !text.includes(`\`${choice}\``));
      expect(missing).toEqual([]);
    },
  );

  test('the help of every command that does something has examples', () => {
    for (const command of commands) {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) });
      command.outputHelp();
      expect(help).toContain('Examples:');
    }
  });
});
