import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** The published program. */
export const bin = join(import.meta.dirname, '..', '..', 'bin', 'nlbmc.js');

/**
 * Whether a pseudo-terminal can be had: Node has none, Python's standard library does. A machine
 * that runs these tests for everybody has to have it.
 */
export const hasPty = (): boolean => {
  const found = spawnSync('python3', ['-c', 'import pty']).status === 0;
  if (!found && process.env['CI']) throw new Error('python3, for a pseudo-terminal, is missing');
  return found;
};

export interface PtyEnd {
  /** Exit code, or the number of the signal that killed it. */
  readonly exit?: number;
  readonly killed?: number;
  /** Everything that was on the terminal. */
  readonly screen: string;
}

// The program is at the terminal's front, as from a shell: a key reaches it as a signal.
const driver = String.raw`
import fcntl, json, os, pty, re, select, signal, struct, sys, termios, time
o = json.loads(sys.argv[1])
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 50, 110, 0, 0))
    os.execvp(o['argv'][0], o['argv'])
seen, sent, end = b'', False, time.time() + 40
while time.time() < end:
    if select.select([fd], [], [], 0.1)[0]:
        try: got = os.read(fd, 65536)
        except OSError: break
        if not got: break
        seen += got
    if not sent and re.search(o['when'].encode(), seen):
        sent = True
        time.sleep(0.3)
        if o['act'] == 'Ctrl-C': os.write(fd, b'\x03')
        elif o['act'] == 'close': os.close(fd); break
        else: os.kill(pid, getattr(signal, o['act']))
else:
    os.kill(pid, signal.SIGKILL)
status = os.waitpid(pid, 0)[1]
end = {'exit': os.WEXITSTATUS(status)} if os.WIFEXITED(status) else {'killed': os.WTERMSIG(status)}
print(json.dumps({**end, 'screen': seen.decode('utf8', 'replace')}))
`;

/**
 * Runs a program on a terminal and does `act` once the terminal shows `when`: a key, a signal to the
 * program alone, or `close` (the window is closed). Bounded: it is killed after 40 seconds.
 */
export async function onTerminal(o: {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly when: RegExp;
  readonly act: 'Ctrl-C' | 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'close';
}): Promise<PtyEnd> {
  const told = JSON.stringify({ argv: o.argv, when: o.when.source, act: o.act });
  const child = spawn('python3', ['-c', driver, told], {
    env: { ...o.env, TERM: 'xterm-256color' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout)) as PtyEnd;
}
