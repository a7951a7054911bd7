import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { runNlbmc } from '../commands/harness.ts';
import { worldInProcess } from '../commands/in-process.ts';

/** What a shell calls as nlbmc: it hands what was typed to the test's process, and ends as that says. */
const client = (socket: string): string => `#!/usr/bin/env node
const { readFileSync } = process.getBuiltinModule('node:fs');
const words = process.argv.slice(2);
const input = words.includes('-') ? readFileSync(0, 'utf8') : '';
const asked = { words, input, cwd: process.cwd(), env: { ...process.env } };
let answer = '';
process.getBuiltinModule('node:net')
  .connect({ path: ${JSON.stringify(socket)}, allowHalfOpen: true })
  .on('error', (error) => { throw error; })
  .on('data', (chunk) => { answer += chunk; })
  .on('end', () => {
    const { code, stdout, stderr } = JSON.parse(answer);
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    process.exitCode = code;
  })
  .setEncoding('utf8')
  .end(JSON.stringify(asked));
`;

/** What a shell asks for. */
interface Asked {
  readonly words: readonly string[];
  readonly input: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** All that is sent, without ending the connection as `node:stream/consumers` does. */
const received = (connection: Socket): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = '';
    connection.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
    connection.once('end', () => resolve(said)).once('error', reject);
  });

/** An nlbmc for shells that runs in this process, on the clock of the world that it is in. */
export interface NlbmcHere {
  /** A folder for PATH, with an `nlbmc` in it. */
  readonly bin: string;
  /** From now on it runs in this world. Not for what starts programs itself: `nlbmc sandbox -- ...`, `--during`. */
  readonly enter: (sandbox: Sandbox) => void;
  readonly close: () => Promise<void>;
}

/**
 * Makes an nlbmc for shells that costs a small process instead of one that loads the program, and that
 * waits for nothing: its pauses move the clock of the world, which has to be one that can be moved.
 */
export async function nlbmcHere(): Promise<NlbmcHere> {
  const bin = mkdtempSync(join(tmpdir(), 'nlbmc-here-'));
  const socket = join(bin, 'socket');
  const home = process.cwd();
  let running = 0;
  let world: Sandbox | undefined;
  const answer = async (connection: Socket): Promise<void> => {
    const { words, input, cwd, env } = JSON.parse(await received(connection)) as Asked;
    if (!world) throw new Error('nlbmc is in no world yet');
    process.chdir(cwd);
    running += 1;
    try {
      connection.end(JSON.stringify(await runNlbmc(world, words, { input, env })));
    } finally {
      running -= 1;
      if (running === 0) process.chdir(home);
    }
  };
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    answer(connection).catch((error: unknown) => {
      connection.end(JSON.stringify({ code: 1, stdout: '', stderr: String(error) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  writeFileSync(join(bin, 'nlbmc'), client(socket));
  chmodSync(join(bin, 'nlbmc'), 0o755);
  return {
    bin,
    enter: (sandbox) => {
      world = sandbox;
      worldInProcess(sandbox);
    },
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      rmSync(bin, { recursive: true });
    },
  };
}
