// Who imports whom in src: every file's imports as written, `import type` and `import()` included.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const src = join(import.meta.dirname, '..', 'src');

export const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(src, name));

export interface Import {
  readonly file: string;
  readonly from: string;
  readonly dynamic: boolean;
}

/** What a source names in imports, re-exports, `import()` and types such as `import('x').T`. */
export function importsIn(text: string): Omit<Import, 'file'>[] {
  const statics = text.matchAll(
    /^(?:import|export)\b[^;]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'/gms,
  );
  const dynamics = text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g);
  return [
    ...[...statics].map((m) => ({ from: m[1] ?? m[2] ?? '', dynamic: false })),
    ...[...dynamics].map((m) => ({ from: m[1] ?? '', dynamic: true })),
  ];
}

export const imports: readonly Import[] = sources.flatMap((file) =>
  importsIn(readFileSync(file, 'utf8')).map((found) => ({ file, ...found })),
);
export const local = imports.filter((i) => i.from.startsWith('.'));
export const resolved = (i: Import): string => join(dirname(i.file), i.from);

/** One file's import of another; both are paths below src. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
}

const arrows: readonly Arrow[] = local.map((i) => ({
  from: relative(src, i.file),
  to: relative(src, resolved(i)),
}));

const isInside = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);

/** The folders that a file is in, the innermost first: a/b/c.ts is in a/b and in a. */
function foldersOf(file: string): string[] {
  const folder = dirname(file);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
}

/**
 * Pairs of folders inside `under` (a path below src; '' is all of src) that import each other.
 *
 * A folder is everything in it, with one exception: towards a folder inside itself it is only the
 * files that lie in it directly. These either use that sub-folder or are used by it, not both.
 */
export function mutualFolders(under: string, of: readonly Arrow[] = arrows): string[] {
  const within = of.filter(
    (a) => under === '' || (isInside(a.from, under) && isInside(a.to, under)),
  );
  const examples = new Map<string, string>();
  for (const { from, to } of within) {
    for (const user of foldersOf(from)) {
      for (const used of foldersOf(to)) {
        const direct =
          (!isInside(used, user) || dirname(from) === user) &&
          (!isInside(user, used) || dirname(to) === used);
        const key = `${user} ${used}`;
        if (user !== used && direct && !examples.has(key)) examples.set(key, `${from} -> ${to}`);
      }
    }
  }
  return [...examples].flatMap(([key, example]) => {
    const [user = '', used = ''] = key.split(' ');
    const back = examples.get(`${used} ${user}`);
    return user < used && back ? [`${user} <-> ${used}: ${example}, ${back}`] : [];
  });
}

/** The files inside `under` that import each other in a circle: each circle sorted, as one list. */
export function fileCycles(under: string, of: readonly Arrow[] = arrows): string[][] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of of) {
    if (under !== '' && !(isInside(from, under) && isInside(to, under))) continue;
    next.set(from, (next.get(from) ?? new Set()).add(to));
  }
  const reached = new Map([...next.keys()].map((file) => [file, reachedFrom(file, next)]));
  const circle = (file: string): string[] =>
    [...(reached.get(file) ?? [])].filter((other) => reached.get(other)?.has(file)).sort();
  // Each circle is listed once: by the first of its files.
  return [...next.keys()]
    .map((file) => [file, circle(file)] as const)
    .flatMap(([file, files]) => (files[0] === file ? [files] : []));
}

function reachedFrom(file: string, next: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const seen = new Set<string>();
  const open = [...(next.get(file) ?? [])];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...(next.get(at) ?? []));
  }
  return seen;
}
