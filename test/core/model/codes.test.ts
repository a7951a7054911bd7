import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codes } from '../../../src/core/model/codes.ts';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/checks.md'), 'utf8');
const anchors = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title);

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(
    (file) => file.endsWith('.ts') && !file.startsWith('sandbox') && file !== 'core/model/codes.ts',
  )
  .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
  .join('\n');

test('every code has its anchor, in the order of the code, and none is stale', () =>
  expect(anchors).toEqual(Object.keys(codes)));

test('every anchor says something', () => {
  for (const section of page.split(/^## /m).slice(1))
    expect(section.split('\n').slice(1).join('').trim().length).toBeGreaterThan(40);
});

test.each(Object.keys(codes))('%s is raised somewhere', (code) =>
  expect(sources).toContain(`'${code}'`),
);
