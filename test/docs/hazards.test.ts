import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codes } from '../../src/core/model/codes.ts';
import { scenarios } from '../lab/scenarios/all.ts';
import { readPage, root } from './pages.ts';

const page = readPage('docs/hazards.md');
const hazards = [...page.matchAll(/^## (H\d+): .+\n\n(.+)$/gm)].map(([, id = '', text = '']) => ({
  id,
  text,
}));
const ids = hazards.map(({ id }) => id);

/** Every text that somebody may read in the repository, but for this test and what is generated. */
const files = ['bin', 'docs', 'scripts', 'src', 'templates', 'test']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (name) => `${folder}/${name}`,
    ),
  )
  .concat(readdirSync(root).filter((name) => name.endsWith('.md')))
  .filter((name) => /\.(ts|js|md|ya?ml|sh)$/.test(name) && name !== 'test/docs/hazards.test.ts');

const mentions = (pattern: RegExp): string[] =>
  files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(pattern)].map(
      ([text]) => `${file}: ${text}`,
    ),
  );

test('hazards have one number each, in order', () => {
  expect(ids.length).toBeGreaterThan(20);
  expect(ids).toEqual(ids.map((_, index) => `H${index + 1}`));
});

test('every number of a hazard that is mentioned is on the page', () => {
  const mentioned = mentions(/\bH\d{1,2}\b/g);
  expect(mentioned.length).toBeGreaterThan(ids.length);
  expect(mentioned.filter((text) => !ids.includes(text.split(': ').at(-1) ?? ''))).toEqual([]);
});

test('checks and scenarios that a hazard names are there', () => {
  const played = scenarios.map(({ name }) => name);
  const named = hazards.flatMap(({ id, text }) =>
    [...text.matchAll(/`([a-z]+(?:-[a-z]+)*)`/g)].map(([, name = '']) => [id, name] as const),
  );
  const commands = ['enable', 'join', 'leave', 'disable', 'verify', 'repair', 'purge'];
  const known = new Set([...Object.keys(codes), ...played, ...commands, 'networking']);
  expect(named.filter(([, name]) => !known.has(name))).toEqual([]);
  // Seen means played: whoever says so names the scenario.
  const unplayed = hazards.filter(
    ({ text }) =>
      /[Ss]een in the lab/.test(text) &&
      !/[Ss]een in the lab \(`([\w-]+)`\)/
        .exec(text)
        ?.slice(1)
        .every((name) => played.includes(name)),
  );
  expect(unplayed.map(({ id }) => id)).toEqual([]);
});

test('no number of a section or a finding stands for a document that is not here', () => {
  // `lbc 1.3`, `lbc.md`, `N6.`, `O4,`; a version is v1.3, and a page that is linked is here.
  expect(
    mentions(/\blbc \d+\.\d+|\blbc\.md\b|\bpeers\.md\b|[*(]{2}[A-GI-Z]\d{1,2}[.,*)]/g),
  ).toEqual([]);
  expect(mentions(/\/\*\* [A-GI-Z]\d{1,2}\. \*\//g)).toEqual([]);
  expect(mentions(/\bsection \d+(?:\.\d+)?\b|§ ?\d/gi)).toEqual([]);
});
