import { spawnSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import type { Machine, Paired, Timed, Wire } from './document.ts';
import { inPlace } from './place.ts';
import { paired, timed } from './paired.ts';
import { cost, medianCost } from './process.ts';
import { wireOf } from './wire.ts';
import { enroll, fresh, longHand, nlbmc, shortHand, threeProcesses, verify } from './works.ts';

/** What a section needs to know. */
export interface Bench {
  /** bin/nlbmc.js as it is published. */
  readonly bin: string;
  /** The module that counts what a process sends. */
  readonly counts: string;
  readonly runs: number;
  readonly tools: { readonly kubectl: boolean; readonly aws: boolean };
}

const node = (...args: readonly string[]) => cost([process.execPath, ...args], process.env);
const bare = () => node('-e', '0');
const AGAINST = { against: 'bare node' };

/** Whole processes against a Node that does nothing. */
export function startUp({ bin, runs }: Bench): Promise<readonly Paired[]> {
  return inPlace({}, async (place) => {
    await enroll(bin, place);
    const [primary] = place.contexts;
    const enable = `enable nginx --context ${primary}`;
    const works = [
      ['--help', () => node(bin, '--help')],
      ['--version', () => node(bin, '--version')],
      ['verify, two clusters', () => verify(bin, place)],
      ['enable with nothing to do', () => nlbmc(bin, enable, place)],
      ['sandbox -- true', () => node(bin, 'sandbox', '--', 'true')],
    ] as const;
    const found: Paired[] = [];
    for (const [what, work] of works)
      found.push(await paired({ what, ...AGAINST }, runs, work, bare));
    return found;
  });
}

/** The walkthrough's commands against nlbmc, with a token in the kubeconfig and with a program. */
export async function walkthrough({ bin, runs, tools }: Bench): Promise<readonly Paired[]> {
  if (!tools.kubectl || !tools.aws) return [];
  const three = 'enable, join, verify';
  const found: Paired[] = [];
  for (const plugin of [false, true]) {
    const o = { plugin };
    const by = plugin ? 'token of a program' : 'static token';
    const short = { what: `steps 2, 6, 8 (${by})`, against: three };
    const threeRuns = fresh(o, (place) => threeProcesses(bin, place));
    const once = fresh(o, (place) => enroll(bin, place));
    found.push(await paired(short, runs, shortHand(o), threeRuns));
    found.push(await paired({ ...short, against: 'enroll' }, runs, shortHand(o), once));
    found.push(
      await paired({ what: `steps 1 to 8 (${by})`, against: three }, runs, longHand(o), threeRuns),
    );
  }
  return found;
}

/** The same work, with servers that are farther away. */
export async function roundTrips({ bin, runs, tools }: Bench): Promise<readonly Timed[]> {
  const found: Timed[] = [];
  for (const roundTripMs of [0, 20, 80]) {
    const o = { roundTripMs };
    const away = `${roundTripMs} ms away`;
    if (tools.kubectl && tools.aws) {
      found.push(await timed(`steps 2, 6, 8, ${away}`, runs, shortHand(o)));
    }
    const three = fresh(o, (place) => threeProcesses(bin, place));
    found.push(await timed(`enable, join, verify, ${away}`, runs, three));
    const once = fresh(o, (place) => enroll(bin, place));
    found.push(await timed(`enroll, ${away}`, runs, once));
  }
  return found;
}

export async function clusters({ bin, runs }: Bench): Promise<readonly Timed[]> {
  const found: Timed[] = [];
  for (const n of [2, 10, 50]) {
    await inPlace({ clusters: n, pods: 1 }, async (place) => {
      const once = medianCost([await enroll(bin, place)]);
      found.push({ what: `enroll, ${n} clusters`, runs: 1, ...once });
      found.push(await timed(`verify, ${n} clusters`, runs, () => verify(bin, place)));
    });
  }
  return found;
}

export async function targets({ bin, runs }: Bench): Promise<readonly Timed[]> {
  const found: Timed[] = [];
  for (const n of [100, 1000, 5000]) {
    const work = inPlace({ pods: n - 3 }, async (place) => {
      await enroll(bin, place);
      await nlbmc(bin, `verify nginx --context ${place.contexts.join(',')} --wait`, place);
      found.push(await timed(`verify, ${n} targets`, runs, () => verify(bin, place)));
    });
    // On a busy machine a world of that size may not get ready in time: the rest is still worth telling.
    await work.catch(({ message }: Error) => {
      process.stderr.write(`${n} targets could not be measured: ${message}\n`);
    });
  }
  return found;
}

/** What each command sends, the reads of its waits included: each in the state that it finds. */
export function wire({ bin, counts }: Bench): Promise<readonly Wire[]> {
  const [PRI, SEC] = ['pri-eks-clu1', 'sec-eks-clu1'];
  const lines = [
    `enable nginx --context ${PRI} --yes`,
    `join nginx --context ${SEC} --primary ${PRI} --yes`,
    `verify nginx --context ${PRI},${SEC}`,
    `show nginx --context ${PRI},${SEC}`,
    `list --context ${PRI},${SEC}`,
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
