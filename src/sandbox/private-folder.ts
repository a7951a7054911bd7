import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { SandboxUsageError } from './usage-error.ts';

/** A folder for files with a token in them; only the user can read it. */
export interface PrivateFolder {
  readonly path: string;
  /** Writes a file that only its owner can read, at once for who reads it; gives its path. */
  write(name: string, text: string): string;
  /** Removes all that is in the folder, and the folder unless it was there before. */
  remove(): void;
}

/** Makes a fresh folder, or takes the one at `path`, which must be missing or empty. */
export function privateFolder(path?: string): PrivateFolder {
  const existed = path !== undefined && existsSync(path);
  const folder = path === undefined ? makeTemporary() : resolve(path);
  if (existed) {
    if (!statSync(folder).isDirectory() || readdirSync(folder).length > 0) {
      throw new SandboxUsageError(
        `${folder} is not an empty folder.`,
        'Name one that is empty or does not exist: what is in it is removed at the end.',
      );
    }
  } else if (path !== undefined) {
    make(folder);
  }
  return {
    path: folder,
    write(name, text) {
      const file = join(folder, name);
      writeFileSync(`${file}.new`, text, { mode: 0o600 });
      renameSync(`${file}.new`, file);
      return file;
    },
    remove() {
      for (const name of existsSync(folder) ? readdirSync(folder) : []) {
        rmSync(join(folder, name), { recursive: true, force: true });
      }
      if (!existed) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeTemporary(): string {
  const start = join(tmpdir(), 'nlbmc-sandbox-');
  try {
    return mkdtempSync(start);
  } catch (error) {
    throw unmakeable(start, error);
  }
}

function make(folder: string): void {
  try {
    // Node never comes back from a recursive mkdir below an existing folder that takes no entries,
    // such as /proc; so only what really has missing parents is made that way.
    mkdirSync(folder, { recursive: !existsSync(dirname(folder)), mode: 0o700 });
  } catch (error) {
    throw unmakeable(folder, error);
  }
}

function unmakeable(folder: string, error: unknown): SandboxUsageError {
  return new SandboxUsageError(
    `${folder} cannot be made: ${(error as NodeJS.ErrnoException).code ?? String(error)}.`,
    'Name with --dir a folder inside one that you may write to.',
  );
}
