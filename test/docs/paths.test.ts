import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pages, readPage, root } from './pages.ts';

const ours = /`((?:bin|src|test|docs|scripts|templates|\.ci)\/[^`\s]*)`/g;

/** Whether a path is there; `<name>` and `*` stand for any part of a file's name. */
function isThere(path: string): boolean {
  const folder = join(root, dirname(path));
  const name = path.endsWith('/') ? '' : (path.split('/').at(-1) ?? '');
  if (name === '') return existsSync(join(root, path));
  const pattern = name.replaceAll('.', '\\.').replaceAll(/<\w+>|\*/g, '[\\w-]*');
  return (
    existsSync(folder) && readdirSync(folder).some((file) => new RegExp(`^${pattern}$`).test(file))
  );
}

test.each(pages)('every file that %s names is there', (page) => {
  const named = [...readPage(page).matchAll(ours)].map((match) => match[1] ?? '');
  expect(named.filter((path) => !isThere(path))).toEqual([]);
});

test('the page for newcomers names files in every part of the program', () => {
  const named = [...readPage('docs/architecture.md').matchAll(ours)].map((match) => match[1] ?? '');
  for (const part of ['core', 'kube', 'aws', 'engine', 'output', 'commands', 'sandbox'])
    expect(named.filter((path) => path.startsWith(`src/${part}`))).not.toEqual([]);
});
