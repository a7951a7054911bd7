import { fullSize } from '../full-size.ts';
import { onShared } from '../commands/handover/ways.ts';
import { watched } from '../commands/handover/watched.ts';
import { rightOf } from './rights-table.ts';
import { readPage } from './pages.ts';

/** The tables of the page below both headings: for each right, what stands in the columns. */
const sections = readPage('docs/rights.md')
  .split('\n## ')
  .filter((section) => section.split('\n')[0]?.endsWith(', to hand over'));
const rows = sections.flatMap((section) =>
  [...section.matchAll(/^\| ((?:\w+ |\w+:)\w+) \|(.*)\|$/gm)].map((m) => ({
    right: m[1] ?? '',
    cells: (m[2] ?? '').split('|').map((cell) => cell.trim()),
  })),
);

/** Columns by cluster; AWS has one. */
const columns: Readonly<Record<string, number>> = { old: 0, new: 1 };

// A run to the end takes seconds: with CI=true. A dry run reads all that is read, and sends the first patches.
test('every right of a handover is in its tables, and what is needed there is asked for', () =>
  onShared({}, async (scene) => {
    const line = `handover nginx --old old --new new ${fullSize ? '--yes' : '--dry-run'}`;
    const from = scene.world.journal.entries.length;
    expect((await watched(scene, line)).code).toBe(0);
    const asked = scene.world.journal.entries
      .slice(from)
      .filter(({ source }) => source === 'http')
      .map((entry) => ({
        right: rightOf(entry),
        column: columns[entry.cluster ?? ''] ?? 0,
      }));
    const missing = asked.filter(
      ({ right, column }) => !rows.find((row) => row.right === right)?.cells[column],
    );
    expect([...new Set(missing.map(({ right }) => right))]).toEqual([]);
    if (!fullSize) return;
    const never = rows.flatMap(({ right, cells }) =>
      cells
        .slice(0, -1)
        .flatMap((cell, column) =>
          cell === 'needed' && !asked.some((one) => one.right === right && one.column === column)
            ? [`${right} ${column}`]
            : [],
        ),
    );
    expect(never).toEqual([]);
  }));
