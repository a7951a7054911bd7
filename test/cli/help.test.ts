import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { buildProgram } from '../../src/cli.ts';
import type { Io } from '../../src/io.ts';
import { scenarios } from '../../src/sandbox/scenarios/scenarios.ts';

/** The help of every command, as a terminal of that width gets it. */
function helps(columns: number | undefined, first?: string): [string, string][] {
  let out = '';
  const io: Io = {
    stdout: { write: (text) => (out += text), ...(columns === undefined ? {} : { columns }) },
    stderr: { write: () => undefined },
    stdin: { question: () => Promise.resolve(''), readAll: () => Promise.resolve('') },
    env: {},
    now: () => 0,
    sleep: () => Promise.resolve(),
  };
  const program = buildProgram(io, { nlbmc: '0.0.0', node: '20.0.0' }, () => undefined, first);
  const all = (command: CommandUnknownOpts): CommandUnknownOpts[] => [
    command,
    ...command.commands.flatMap(all),
  ];
  return all(program)
    .filter((command) => !command.name().startsWith('_'))
    .map((command) => {
      out = '';
      command.outputHelp();
      return [command.name(), out];
    });
}

describe.each([40, 80, 100, undefined])('help on a terminal of %p columns', (columns) => {
  test.each(helps(columns))('of %s fits', (_, help) => {
    const wide = help
      .split('\n')
      .filter((line) => line.length > (columns ?? 80))
      // A synopsis and a single long word are not broken.
      .filter((line) => !line.startsWith('Usage:') && line.trim().includes(' '));
    expect(wide).toEqual([]);
  });
});

test('a command that is declared alone is the same command', () => {
  const every = helps(80).map(([, help]) => help);
  const names = helps(80)
    .filter(([, help]) => /^Usage: nlbmc (?!sandbox ctl)\w+/.test(help))
    .map(([name]) => name);
  expect(names).toEqual(expect.arrayContaining(['verify', 'sandbox', 'version']));
  for (const name of names) {
    const [, ...alone] = helps(80, name).map(([, help]) => help);
    expect(alone[0]).toMatch(new RegExp(`^Usage: nlbmc ${name} `));
    expect(every).toEqual(expect.arrayContaining(alone));
  }
});

test('an example that is broken can still be pasted', () => {
  const whole = (text: string): string =>
    text.replaceAll(/ \\\n +/g, ' ').split('Examples:')[1] ?? '';
  const narrow = helps(40).map(([name, help]) => [name, whole(help)]);
  expect(narrow).toEqual(helps(100).map(([name, help]) => [name, whole(help)]));
  expect(helps(40).join('\n')).toContain(' \\\n');
});

test('the choices of --scenario are the scenarios that there are', () => {
  const io: Io = {
    stdout: { write: () => undefined },
    stderr: { write: () => undefined },
    stdin: { question: () => Promise.resolve(''), readAll: () => Promise.resolve('') },
    env: {},
    now: () => 0,
    sleep: () => Promise.resolve(),
  };
  const program = buildProgram(io, { nlbmc: '0.0.0', node: '20.0.0' }, () => undefined);
  const sandbox = program.commands.find((command) => command.name() === 'sandbox');
  const option = sandbox?.options.find(({ long }) => long === '--scenario');
  expect(option?.argChoices?.toSorted()).toEqual(Object.keys(scenarios).sort());
});
