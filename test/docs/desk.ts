import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { root } from './pages.ts';

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

/** A place to paste blocks: nlbmc is in PATH, and a folder is the root of the project, but for what is written there. */
export function desk(): {
  /**
   * Runs a block as a person would paste it: bash, stopping at the first error. `before` is a folder
   * that comes first in PATH.
   */
  readonly paste: (text: string, sandbox: Sandbox, before?: string) => Promise<Outcome>;
  readonly remove: () => void;
} {
  const bin = mkdtempSync(join(tmpdir(), 'nlbmc-docs-'));
  symlinkSync(join(root, 'bin', 'nlbmc.js'), join(bin, 'nlbmc'));
  const cwd = mkdtempSync(join(tmpdir(), 'nlbmc-docs-'));
  for (const name of readdirSync(root)) symlinkSync(join(root, name), join(cwd, name));
  const paste = (text: string, sandbox: Sandbox, before?: string): Promise<Outcome> =>
    new Promise((resolve) => {
      const path = [before, bin, process.env['PATH']].filter(Boolean).join(':');
      const env = { ...process.env, ...sandbox.env, PATH: path };
      const child = spawn('bash', ['-euo', 'pipefail', '-c', text], { cwd, env });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
      child.stdin.end();
      child.on('close', (code) => resolve({ code, output }));
    });
  return { paste, remove: () => [bin, cwd].forEach((path) => rmSync(path, { recursive: true })) };
}
