import { isDeepStrictEqual } from 'node:util';
import {
  inNamespace,
  prepared,
  reduced,
  type Ask,
  type Step,
} from '../../sandbox/kube/golden/exchange.ts';
import { CURRENT, sequence } from './random-requests.ts';

type Json = Record<string, unknown>;

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** One world in a sequence: what it answers, and whether its object got a new version. */
class Side {
  readonly #ask: Ask;
  #version: string | undefined;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  async perform(step: Step, namespace: string): Promise<unknown> {
    const text = JSON.stringify(inNamespace(step, namespace));
    const reply = await this.#ask(
      JSON.parse(text.replaceAll(`"${CURRENT}"`, JSON.stringify(this.#version ?? '1'))) as Step,
    );
    const answer = reduced(reply, namespace, text);
    const metadata = isMap(reply.body) ? (reply.body['metadata'] as Json | undefined) : undefined;
    const version = metadata?.['resourceVersion'];
    const writes = ['POST', 'PUT', 'PATCH'].includes(step.verb);
    if (typeof version !== 'string' || reply.status >= 300 || !writes) return answer;
    const fresh = version !== this.#version;
    this.#version = version;
    return { ...(answer as Json), fresh };
  }
}

/** The first place at which two answers differ, as `where: real <> practice`. */
function firstDifference(real: unknown, practice: unknown, path = ''): string | undefined {
  if (isDeepStrictEqual(real, practice)) return undefined;
  if (isMap(real) && isMap(practice) && Array.isArray(real) === Array.isArray(practice)) {
    for (const key of new Set([...Object.keys(real), ...Object.keys(practice)].sort())) {
      const found = firstDifference(real[key], practice[key], `${path}/${key}`);
      if (found) return found;
    }
  }
  const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 600);
  return `${path}: ${shown(real)} <> ${shown(practice)}`;
}

function brief(answer: unknown): unknown {
  if (!isMap(answer) || !('object' in answer)) return answer;
  return { code: answer['code'] };
}

function described(step: Step, real: unknown, practice: unknown): string {
  const [, resource = '', , sub = ''] =
    /\/([a-z]+)(\/a)?(\/\w+)?(\?.*)?$/.exec(step.path.split('?')[0]!) ?? [];
  const form = step.type ? ` ${step.type.replace(/^application\/|[-+].*$/g, '')}` : '';
  const codes = [real, practice].map((one) => (one as Json)['code']);
  const where =
    codes[0] === codes[1]
      ? firstDifference(real, practice)
      : `${JSON.stringify(brief(real))} <> ${JSON.stringify(brief(practice))}`;
  return `${step.verb}${form} ${resource}${sub} ${where}`;
}

/** A difference in one sequence, and the request that showed it. */
export interface Difference {
  readonly seed: number;
  readonly line: string;
  readonly step: Step;
}

/** Plays the sequences of these seeds in both worlds, each until the first difference. */
export async function compareRequests(
  real: Ask,
  practice: Ask,
  seeds: readonly number[],
  prefix = 'seed',
): Promise<{ readonly differences: readonly Difference[]; readonly requests: number }> {
  const differences: Difference[] = [];
  let requests = 0;
  for (const seed of seeds) {
    const namespace = `${prefix}-${seed}`;
    const sides = [new Side(real), new Side(practice)] as const;
    await Promise.all([real, practice].map((ask) => prepared(ask, namespace)));
    for (const step of sequence(seed)) {
      requests++;
      const [wanted, given] = await Promise.all(sides.map((side) => side.perform(step, namespace)));
      if (isDeepStrictEqual(wanted, given)) continue;
      differences.push({ seed, step, line: described(step, wanted, given) });
      break;
    }
    const services = `/api/v1/namespaces/${namespace}/services`;
    await Promise.all([real, practice].map((ask) => ask({ verb: 'DELETE', path: services })));
  }
  return { differences, requests };
}
