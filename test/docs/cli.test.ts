import type { CommandUnknownOpts } from '@commander-js/extra-typings';
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
/** A command with a section of its own, and those that the section describes with it. */
interface Documented {
  readonly name: string;
  readonly command: CommandUnknownOpts;
  readonly below: readonly CommandUnknownOpts[];
}

/** Commands below a group share its section; a group below a command has one of its own. */
const documentedAs = (command: CommandUnknownOpts, before = ''): Documented[] => {
  const name = `${before}${command.name()}`;
  const groups = command.commands.filter((one) => one.commands.length > 0);
  const below = command.commands.filter((one) => one.commands.length === 0);
  return [{ name, command, below }, ...groups.flatMap((group) => documentedAs(group, `${name} `))];
};
const sections = program.commands
  .filter((command) => !command.name().startsWith('_'))
  .flatMap((command) => documentedAs(command));
const cases = sections.map((one) => [one.name, one] as const);
const optionsOf = ({ command, below }: Documented) =>
  [command, ...below].flatMap((one) => one.options);

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
    const titled = [...page.matchAll(/^## nlbmc (.+)$/gm)].map((match) => match[1]);
    expect(titled).toEqual(sections.map(({ name }) => name));
  });

  test.each(cases)('has exactly the options of %s', (name, one) => {
    const help = optionsOf(one).map((option) => option.flags);
    expect(documented(name).toSorted()).toEqual(help.toSorted());
  });

  test.each(cases)('tells the defaults of %s as they are', (name, one) => {
    const text = section(`nlbmc ${name}`);
    const told = optionsOf(one)
      .filter((option) => option.long === '--timeout')
      .filter((option) => !text.includes(`default ${option.defaultValueDescription}`));
    expect(told.map((option) => option.flags)).toEqual([]);
  });

  test.each(cases)('names the choices of %s', (name, one) => {
    const text = documented(name).length > 0 ? page : '';
    const missing = optionsOf(one)
      .flatMap((option) => option.argChoices ?? [])
      .filter((choice) => !text.includes(`\`${choice}\``));
    expect(missing).toEqual([]);
  });

  test('the help of every command that does something has examples', () => {
    for (const command of sections.flatMap((one) => [one.command, ...one.below])) {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) });
      command.outputHelp();
      expect(help).toContain('Examples:');
    }
  });
});
