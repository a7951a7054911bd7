import { spawn } from 'node:child_process';
import type { Cost } from './document.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** For bash: runs the words, tells on descriptor 3 what time they took, and ends as they did. */
const TIMED = '"$@" 3>&-; code=$?; times >&3; exit $code';

/**
 * One command as a whole process, with what it cost: `times` counts the processes that it started,
 * too. Rejects when it fails.
 */
export function cost(command: readonly string[], env: Environment, cwd?: string): Promise<Cost> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn('bash', ['-c', TIMED, 'bash', ...command], {
      // A certificate bundle of the machine slows Node and nlbmc down, and is no part of the work.
      env: { ...env, NODE_EXTRA_CA_CERTS: undefined, AWS_CA_BUNDLE: undefined },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
    });
    let said = '';
    let times = '';
    const [, out, err, told] = child.stdio;
    for (const stream of [out, err])
      stream?.on('data', (text: Buffer) => (said += text.toString()));
    told?.on('data', (text: Buffer) => (times += text.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) {
        reject(new Error(`exit ${code}: ${command.join(' ')}\n${said}`));
        return;
      }
      resolve({ cpuMs: childrensMs(times), wallMs: performance.now() - began });
    });
  });
}

/** The second line of `times`, user and system time of the children, as `0m1.234s 0m0.056s`. */
function childrensMs(times: string): number {
  const [, children = ''] = times.trim().split('\n');
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + (Number(minutes) * 60 + Number(seconds)) * 1000,
    0,
  );
}

/** The middle one; of an even number the lower of the two in the middle. */
export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? 0;

export const medianCost = (costs: readonly Cost[]): Cost => ({
  cpuMs: rounded(median(costs.map(({ cpuMs }) => cpuMs))),
  wallMs: rounded(median(costs.map(({ wallMs }) => wallMs))),
});

export const sumOf = (costs: readonly Cost[]): Cost => ({
  cpuMs: costs.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
  wallMs: costs.reduce((sum, { wallMs }) => sum + wallMs, 0),
});

const rounded = (n: number): number => Math.round(n * 10) / 10;
