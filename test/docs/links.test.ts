import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pages, readPage, root } from './pages.ts';

/** The anchor that a heading gets when the page is shown. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

const anchorsOf = (page: string): string[] => [
  ...[...readPage(page).matchAll(/^#+ (.*)$/gm)].map((m) => anchor(m[1] ?? '')),
  ...[...readPage(page).matchAll(/<a (?:id|name)="([^"]+)"/g)].map((m) => m[1] ?? ''),
];

test.each(pages)('links of %s lead somewhere', (page) => {
  const dead = [...readPage(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((m) => m[1] ?? '')
    .filter((link) => !/^https?:/.test(link))
    .filter((link) => {
      const [file = '', fragment] = link.split('#');
      const target = file === '' ? page : join(dirname(page), file);
      if (!existsSync(join(root, target))) return true;
      return fragment !== undefined && !anchorsOf(target).includes(fragment);
    });
  expect(dead).toEqual([]);
});
