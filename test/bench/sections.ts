import { spawnSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import type { Large, Machine, Paired, Timed, Wire } from './document.ts';
import { inPlace } from './place.ts';
import { paired, timed } from './paired.ts';
import { cost, medianCost } from './process.ts';
import type { Row } from './row.ts';
import { wireOf } from './wire.ts';
import {
  enroll,
  fresh,
  longHand,
  nlbmc,
  shortHand,
  threeProcesses,
  verify,
  verifyLine,
} from './works.ts';

/** What a section needs to know. */
export interface Bench {
  /** bin/nlbmc.js as it is published. */
  readonly bin: string;
  /** The module that counts what a process sends. */
  readonly counts: string;
  readonly runs: number;
  readonly tools: { readonly kubectl: boolean; readonly aws: boolean };
  /** Measures a row, unless the time of the whole benchmark is over; a row that fails is told of, too. */
  readonly row: Row;
}

/** For a row of short works, and for one whose works need a world of their own each. */
const SHORT_MS = 15_000;
const LONG_MS = 25_000;

const node = (...args: readonly string[]) => cost([process.execPath, ...args], process.env);
const bare = () => node('-e', '0');

/** Whole processes against a Node that does nothing. */
export function startUp({ bin, runs, row }: Bench): Promise<readonly Paired[]> {
  return inPlace({}, async (place) => {
    await enroll(bin, place);
    const enable = `enable nginx --context ${place.contexts[0]}`;
    const works = [
      ['--help', '<= 1.5', () => node(bin, '--help')],
      ['--version', '<= 1.5', () => node(bin, '--version')],
      ['verify, two clusters', '<= 4', () => verify(bin, place)],
      ['enable with nothing to do', '<= 4', () => nlbmc(bin, enable, place)],
      ['sandbox -- true', '<= 8', () => node(bin, 'sandbox', '--', 'true')],
    ] as const;
    return rows(row, works, ([what, goal, work]) => [
      what,
      () => paired({ what, against: 'bare node', goal }, { runs, ms: SHORT_MS }, work, bare),
    ]);
  });
}

/** The walkthrough's commands against nlbmc, with a token in the kubeconfig and with a program. */
export async function walkthrough({ bin, runs, tools, row }: Bench): Promise<readonly Paired[]> {
  if (!tools.kubectl || !tools.aws) return [];
  const works = [false, true].flatMap((plugin) => {
    const o = { plugin };
    const by = plugin ? 'token of a program' : 'static token';
    const short = [`steps 2, 6, 8 (${by})`, shortHand(o)] as const;
    const whole = [`steps 1 to 8 (${by})`, longHand(o)] as const;
    const three = [
      'enable, join, verify',
      fresh(o, (place) => threeProcesses(bin, place)),
    ] as const;
    const one = ['enroll', fresh(o, (place) => enroll(bin, place))] as const;
    return [
      { a: short, b: three, goal: plugin ? '>= 4.5' : '>= 2.2' },
      { a: short, b: one, goal: plugin ? '>= 12' : '>= 6' },
      { a: whole, b: three, goal: plugin ? '>= 12' : '>= 4' },
    ];
  });
  return rows(row, works, ({ a: [what, a], b: [against, b], goal }) => [
    `${what} / ${against}`,
    () => paired({ what, against, goal }, { runs, ms: LONG_MS }, a, b),
  ]);
}

/** The same work, with servers that are farther away. */
export async function roundTrips({ bin, runs, tools, row }: Bench): Promise<readonly Paired[]> {
  if (!tools.kubectl || !tools.aws) return [];
  return rows(row, [0, 20, 80], (roundTripMs) => {
    const o = { roundTripMs };
    const what = `steps 2, 6, 8, ${roundTripMs} ms away`;
    const once = fresh(o, (place) => enroll(bin, place));
    return [
      what,
      () => paired({ what, against: 'enroll' }, { runs, ms: LONG_MS }, shortHand(o), once),
    ];
  });
}

export async function clusters({ bin, runs, row }: Bench): Promise<readonly Timed[]> {
  const found = await rows(row, [2, 10, 50], (n) => [
    `${n} clusters`,
    () =>
      inPlace({ clusters: n, pods: 1 }, async (place) => {
        const once = medianCost([await enroll(bin, place)]);
        const again = await timed(`verify, ${n} clusters`, { runs, ms: SHORT_MS }, () =>
          verify(bin, place),
        );
        return [{ what: `enroll, ${n} clusters`, runs: 1, ...once }, again];
      }),
  ]);
  return found.flat();
}

export async function targets({ bin, counts, runs, row }: Bench): Promise<readonly Large[]> {
  return rows(row, [100, 1000, 5000], (n) => [
    `${n} targets`,
    () =>
      inPlace({ pods: n - 3 }, async (place) => {
        await enroll(bin, place);
        await nlbmc(bin, `${verifyLine(place)} --wait`, place);
        const what = `verify, ${n} targets`;
        const cost = await timed(what, { runs, ms: SHORT_MS }, () => verify(bin, place));
        const { memoryMib } = await wireOf(bin, counts, verifyLine(place), place);
        return { ...cost, memoryMib };
      }),
  ]);
}

/** Measures one row for each of `works`, and leaves out those that could not be measured. */
async function rows<W, T>(
  row: Row,
  works: readonly W[],
  measured: (work: W) => readonly [what: string, measure: () => Promise<T>],
): Promise<readonly T[]> {
  const found: T[] = [];
  for (const work of works) found.push(...(await row(...measured(work))));
  return found;
}

/**
 * What each command sends, the reads of its waits included: each in the state that it finds. A handover
 * waits for minutes of its own clock, so its requests are counted in test/commands/round-trips.test.ts only.
 */
export function wire({ bin, counts }: Bench): Promise<readonly Wire[]> {
  const [PRI, SEC] = ['pri-eks-clu1', 'sec-eks-clu1'];
  const lines = [
    `enable nginx --context ${PRI} --yes`,
    `join nginx --context ${SEC} --primary ${PRI} --yes`,
    `verify nginx --context ${PRI},${SEC}`,
    `show nginx --context ${PRI},${SEC}`,
    `list --context ${PRI},${SEC}`,
    `purge nginx --context ${PRI},${SEC} --yes`,
    `repair nginx --context ${PRI},${SEC} --yes`,
    `leave nginx --context ${SEC} --primary ${PRI} --yes`,
    `disable nginx --context ${PRI} --accept unlisted-members --yes`,
  ];
  return inPlace({}, async (place) => {
    const found: Wire[] = [];
    for (const line of lines) found.push(await wireOf(bin, counts, line, place));
    const whole = `enroll nginx --primary ${PRI} --context ${SEC} --yes`;
    found.push(await inPlace({}, (other) => wireOf(bin, counts, whole, other)));
    return found;
  });
}

/** The version that a tool tells of itself; undefined where it is missing. */
function versionOf(...command: readonly [string, ...string[]]): string | undefined {
  const [tool, ...args] = command;
  const { status, stdout } = spawnSync(tool, args, { encoding: 'utf8' });
  return status === 0 ? /\d+\.\d+\.\d+/.exec(stdout)?.[0] : undefined;
}

export function machineHere(): Machine {
  const kubectl = versionOf('kubectl', 'version', '--client');
  const aws = versionOf('aws', '--version');
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 1024 ** 3),
    node: process.versions.node,
    ...(kubectl ? { kubectl } : {}),
    ...(aws ? { aws } : {}),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}
