import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { liftsGuard } from '../../src/core/model/hint.ts';
import { parsed, shellWords } from '../cli/parsed.ts';
import { type Printed, printedCommands } from '../cli/printed-commands.ts';

const commands = new Map<string, Printed & { readonly file: string }>();
for (const file of readdirSync(import.meta.dirname)) {
  if (!file.endsWith('.txt')) continue;
  for (const printed of printedCommands(readFileSync(join(import.meta.dirname, file), 'utf8')))
    commands.set(printed.line, { ...printed, file });
}
const all = [...commands.values()].map((one) => [one.file, one.line.trim(), one] as const);

test('there are commands to look at', () => expect(all.length).toBeGreaterThan(40));

test.each(all)('%s: %s', async (_, __, { command, label }) => {
  // What a golden file has in the place of an id, as an id again.
  const real = command.replaceAll(/\bid-?\d+\.+/g, (id) => '0'.repeat(id.length));
  const words = shellWords(real).slice(1);
  const { options } = await parsed(words);
  const contexts = [options['context'], options['primary']].flatMap(
    (value) => (value ?? []) as string | string[],
  );
  // Those of the practice worlds; one that a person fills in is no command to type as it is.
  for (const name of contexts) expect(name).toMatch(/^(?:pri|sec|ter|[a-z]+)-eks-clu\d$|^…$/);
  if (!/next|undo/i.test(label)) return;
  expect(contexts).not.toContain('…');
  const given = words.flatMap((word) => /^--([a-z-]+)/.exec(word)?.[1] ?? []);
  if (/next/i.test(label)) expect(given.filter(liftsGuard)).toEqual([]);
});
