import { writeFile } from 'node:fs/promises';
import { describeEnrollment } from '../core/show/describe-enrollment.ts';
import { observe } from '../engine/observe.ts';
import type { Wants } from '../engine/wants.ts';
import type { World } from '../engine/world.ts';
import type { Io } from '../io.ts';
import { yamlText } from '../output/document.ts';
import { usageError } from './usage-error.ts';

/**
 * Keeps the enrollment as it is before anything is changed. A file that is there is kept: it is from
 * a run that was cut off, and what it says is from before that. Raises `usage`.
 */
export async function keepRecord(
  world: World,
  { service, localService, named, primary }: Wants,
  file: string,
  io: Io,
): Promise<void> {
  const observed = await observe(world, {
    service,
    localService,
    ...(named ? { named } : {}),
    ...(primary === undefined ? {} : { primary }),
    follow: true,
    listeners: true,
  });
  const text = await yamlText(describeEnrollment(observed));
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
    io.stderr.write(`The enrollment as it is now was written to ${file}.\n`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      io.stderr.write(`${file} is there already, and is kept.\n`);
      return;
    }
    throw usageError(
      `--record ${file}: It cannot be written: ${error instanceof Error ? error.message : ''}.`,
      'Name a file that can be written, or use --no-record.',
    );
  }
}
