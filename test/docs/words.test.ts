import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pages, root } from './pages.ts';

type Where = 'pages' | 'src';

/**
 * Phrases that readers did not understand at first reading, and what to write instead. `where`:
 * the files in which they are rejected; strings and comments both count.
 */
const phrases: readonly (readonly [RegExp, string, readonly Where[]])[] = [
  // Pages and code.
  [/speaks? against it:/i, 'Reasons:', ['pages', 'src']],
  [
    /\blooks? in full\b|\bmade to look\b/i,
    'a full reconcile; triggers a reconcile',
    ['pages', 'src'],
  ],
  [/\bold memory\b/i, 'an outdated list of targets', ['pages', 'src']],
  [/whoever it is of/i, 'its cluster', ['pages', 'src']],
  [/taken for left behind|not of them is/i, 'count as abandoned', ['pages', 'src']],
  [/stands and nobody answers/i, 'is still registered, but nothing answers it', ['pages', 'src']],
  [/make nothing of|as things are\b/i, 'ignores the change at present', ['pages', 'src']],
  [/would now be another one/i, 'planning again gives a different result', ['pages', 'src']],
  [/is one of EKS Auto Mode/i, 'is managed by EKS Auto Mode', ['pages', 'src']],
  [/\btells? no story\b/i, 'prints no progress, only the result', ['pages', 'src']],
  [/lets it go, it is deregistered/i, 'when either releases it, both lose it', ['pages', 'src']],
  [/\bwhat it is of\b|\bof whom\b/i, 'name the cluster', ['pages', 'src']],
  [/\bnobody minds\b/i, 'an acceptable number', ['pages', 'src']],
  [/\bask(?:s|ed)? for\b/i, 'require, request', ['pages', 'src']],
  [/\bspeaks? (?:of|against)\b/i, 'means, names', ['pages', 'src']],
  [/\banew\b/i, 'again', ['pages', 'src']],
  [/\bwhom\b/i, 'name the thing', ['pages', 'src']],
  [/\bwhoever\b/i, 'name the person or program', ['pages', 'src']],
  [/\bin full\b/i, 'completely', ['pages', 'src']],
  [/\btake[ns]? (?:it |them )?for\b/i, 'counts as, reads as', ['pages', 'src']],
  [/\bwhose it is\b/i, 'its cluster', ['pages', 'src']],
  [/\bbe content\b/i, 'do not require, accept', ['pages', 'src']],
  [/\bnobody answers\b/i, 'nothing answers', ['pages', 'src']],
  [/\bthe story\b/i, 'progress', ['pages', 'src']],
  [/\bspeaks \$\{/, 'uses', ['pages', 'src']],
  [/\bdoes not ask\b|\basks? for it\b/i, 'does not require', ['pages', 'src']],
  [/\blets? nobody in\b|\blet in:/i, 'allows, blocks', ['pages', 'src']],
  [
    /\b(?:are|is|being) taken out\b|\btakes? (?:it|them|all) out\b/i,
    'deregister',
    ['pages', 'src'],
  ],
  // A load balancer has an owner; a target is tracked by a cluster, which has its address.
  [
    /\bowner evidence\b|\bowners? of (?:a|an|the|every|each|these) (?:\w+ )*(?:targets?|address(?:es)?)\b/i,
    'tracked by, address of',
    ['pages', 'src'],
  ],
  // Pages.
  // `--new nobody` is an option's value.
  [/(?<!--new |')\bnobody\b/i, 'nothing, no controller, no cluster', ['pages', 'src']],
  [/\bstands\b/i, 'is, exists', ['pages']],
  [/\bmend(?:s|ed)?\b/i, 'repair', ['pages']],
];

const files = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`);

const code = files('src');
const scopes: Readonly<Record<Where, readonly string[]>> = {
  pages,
  src: code,
};

/** Text without names in backticks and code blocks: `unmended` is a field, not a word. */
const prose = (file: string, line: string): string =>
  file.endsWith('.md') ? line.replaceAll(/`[^`]*`/g, '') : line;

/** A line, and the same with the start of the next one: a phrase may be divided by a line break. */
interface Line {
  readonly at: string;
  readonly here: string;
  readonly next: string;
  readonly both: string;
}

function linesOf(file: string): Line[] {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  return lines.map((line, n) => {
    const here = prose(file, line);
    const next = prose(file, (lines[n + 1] ?? '').replace(/^\s*(?:\/\/|\*|['"`])?\s*/, ''));
    const both = `${here.replace(/['"`]? *\+? *$/, '').trimEnd()} ${next}`;
    return { at: `${file}:${n + 1}: ${line.trim()}`, here, next, both };
  });
}

const text = new Map([...pages, ...code].map((file) => [file, linesOf(file)]));

/** Lines with the phrase, as file:line. */
const found = (file: string, phrase: RegExp): string[] =>
  (text.get(file) ?? [])
    .filter(
      ({ here, next, both }) => phrase.test(here) || (phrase.test(both) && !phrase.test(next)),
    )
    .map(({ at }) => at);

test.each(phrases)('%s is written as: %s', (phrase, _, where) => {
  const searched = new Set(where.flatMap((scope) => scopes[scope]));
  expect([...searched].flatMap((file) => found(file, phrase))).toEqual([]);
});

test('pages and code are searched, and a phrase over two lines is found', () => {
  expect(pages.length).toBeGreaterThan(10);
  expect(code.length).toBeGreaterThan(200);
  expect(found('docs/decisions/README.md', /is not edited/)).toHaveLength(1);
  expect(found('README.md', /Network Load Balancer\*\*, and proves that/)).toHaveLength(1);
});
