import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Long enough for a busy machine. Afterwards the tests use the program itself, as without a server. */
const PATIENCE_MS = 60_000;

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const said = (program: string, ...args: string[]): string =>
  spawnSync(program, args, { encoding: 'utf8' }).stdout?.trim() ?? '';

/** The installed aws: what a shell finds, or what that starts where it is a shim of pyenv. */
function installed(): string {
  const found = said('which', 'aws');
  return /[\\/]pyenv[\\/]|[\\/]\.pyenv[\\/]/.test(found) ? said('pyenv', 'which', 'aws') : found;
}

/** The Python of an aws that is a script, as version 1 is; version 2 has its own inside. */
function pythonOf(program: string): string | undefined {
  const text = program === '' ? '' : readFileSync(program, 'latin1');
  return /^#!(\/\S+)\n[^]*^import awscli\.clidriver$/m.exec(text)?.[1];
}

/** Starts a server that ends with this process. Gives the folder of the `aws` that asks it. */
async function start(): Promise<string | undefined> {
  const program = installed();
  const python = pythonOf(program);
  if (!python) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'nlbmc-aws-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const socket = join(folder, 'socket');
  const server = spawn(python, [here('server.py'), socket], { stdio: ['pipe', 'pipe', 'ignore'] });
  // It prints a line when it listens; it ends without one where it cannot.
  const listens = await Promise.race([
    once(server.stdout, 'data', { signal: AbortSignal.timeout(PATIENCE_MS) }).then(() => true),
    once(server, 'exit').then(() => false),
  ]).catch(() => false);
  if (!listens) {
    server.kill();
    return undefined;
  }
  server.unref();
  for (const pipe of [server.stdin, server.stdout]) (pipe as Socket).unref();
  const filled = `SOCKET, PROGRAM = ${JSON.stringify(socket)}, ${JSON.stringify(program)}`;
  const client = readFileSync(here('client.py'), 'utf8').replace(/^SOCKET, PROGRAM = .*$/m, filled);
  // -I, -S, -E: without the folders and variables of packages, which the client has no use for.
  writeFileSync(join(folder, 'aws'), `#!${python} -ISE\n${client}`);
  chmodSync(join(folder, 'aws'), 0o755);
  return folder;
}

let started: Promise<string | undefined> | undefined;

/**
 * For `beforeAll`: what this test file starts finds an `aws` that answers in a tenth of the time. It is the
 * installed one, in a fork of a process that has loaded it (docs/decisions/aws-in-tests.md). Where no
 * aws is installed that can be loaded so, nothing changes.
 */
export async function quickAws(): Promise<void> {
  const folder = await (started ??= start());
  if (folder) process.env['PATH'] = `${folder}:${process.env['PATH']}`;
}
