import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pages, readPage, root } from './pages.ts';

const ours = /`((?:bin|src|test|docs|scripts|templates|\.ci)\/[^`\s]*)`/g;

/** Whether a path is there; `<name>` and `*` stand for any part of a name of a file or folder. */
function isThere(path: string, below = root): boolean {
  const [name = '', ...rest] = path.split('/');
  if (name === '') return true;
  const pattern = new RegExp(`^${name.replaceAll('.', '\\.').replaceAll(/<\w+>|\*/g, '[\\w-]*')}$`);
  return readdirSync(below, { withFileTypes: true })
    .filter((entry) => pattern.test(entry.name))
    .some(
      (entry) =>
        rest.length === 0 ||
        (entry.isDirectory() && isThere(rest.join('/'), join(below, entry.name))),
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
