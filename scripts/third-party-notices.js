// The licences of the packages whose code is in the bundle: most of them ask for their copyright
// line and text wherever their code goes, and a bundler leaves both behind.
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const TEXT = /^(un)?licen[cs]e|^copying|^notice/i;

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;

/** Folders of the packages that left code in an output, from the metadata of an esbuild run. */
function packagesIn(metafile) {
  const kept = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  );
  const folders = kept.map(([file]) => PACKAGE.exec(file)?.[0]).filter(Boolean);
  return [...new Set(folders)].sort((a, b) => (a < b ? -1 : 1));
}

/** A package's licence and notice files; where it publishes none, what it says instead. */
async function textOf(root, folder, { name, license, author }) {
  const files = (await readdir(join(root, folder))).filter((file) => TEXT.test(file)).sort();
  if (files.length > 0) {
    const texts = await Promise.all(
      files.map((file) => readFile(join(root, folder, file), 'utf8')),
    );
    return texts.map((text) => text.replaceAll('\r\n', '\n').trim()).join('\n\n');
  }
  if (license === 'Apache-2.0') return (await readFile(join(root, 'LICENSE'), 'utf8')).trim();
  const readme = join(root, folder, 'README.md');
  const copyright = existsSync(readme)
    ? /^Copyright\b.*$/m.exec(await readFile(readme, 'utf8'))?.[0]
    : undefined;
  if (license === 'MIT' && (copyright ?? author))
    return `${copyright ?? `Copyright ${author.name ?? author}`}\n\n${MIT}`;
  throw new Error(
    `${name} is bundled, and the text of its licence (${license}) is not to be found`,
  );
}

/**
 * The text of dist/THIRD-PARTY-NOTICES.txt: each bundled package with its version, then its
 * licence; a text that several share, to the letter, stands once. Throws for a package without one.
 */
export async function thirdPartyNotices(metafile, root) {
  const packagesOf = new Map();
  for (const folder of packagesIn(metafile)) {
    const about = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const text = await textOf(root, folder, about);
    const names = packagesOf.get(text) ?? new Set();
    packagesOf.set(text, names.add(`${about.name} ${about.version} (${about.license})`));
  }
  const rule = '-'.repeat(80);
  const entries = [...packagesOf].map(([text, names]) => `${[...names].join('\n')}\n\n${text}\n`);
  return [
    'nlbmc contains code of the packages below, under their own licences.\n',
    ...entries,
  ].join(`\n${rule}\n\n`);
}
