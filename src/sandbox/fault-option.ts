import type { FaultRule } from './requests/faults.ts';
import { SandboxUsageError } from './usage-error.ts';

const EXAMPLE =
  "Write WORLD:REQUEST:WHAT, such as 'aws:DescribeTargetHealth:status=503:times=3', 'kube/sec-eks-clu1:PATCH .*/targetgroupbindings:cut' or 'aws:RegisterTargets@lbc/sec-eks-clu1:status=403'.";
const SETTING = /^(status|reason|delay|times|skip)=(.+)$|^(cut|cut-after|hang)$/;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

/**
 * Reads a fault as people write it: the world (`aws`, `kube` or `kube/CLUSTER`), a regular expression
 * on `VERB /path` or the action's name, and what happens: `status=N` (with `reason=CODE`), `cut`,
 * `cut-after`, `hang` or `delay=2s`; `skip=N` lets N requests through first, `times=N` hits N.
 * `@lbc/CLUSTER` after the expression means the calls of that cluster's controller, and no others;
 * `@eks/CLUSTER` those of EKS Auto Mode.
 * Raises SandboxUsageError for anything else.
 */
export function parseFault(text: string, clusters: readonly string[]): FaultRule {
  const wrong = (why: string): SandboxUsageError =>
    new SandboxUsageError(`The fault '${text}' ${why}.`, EXAMPLE);
  const [where = '', ...rest] = text.split(':');
  const settings: string[] = [];
  // The expression may have colons of its own: settings are what is at the end.
  while (SETTING.test(rest.at(-1) ?? '')) settings.unshift(rest.pop() ?? '');
  const [world, cluster] = where.split('/', 2);
  if (world !== 'aws' && world !== 'kube') throw wrong('must start with aws or kube');
  if (cluster !== undefined && (world === 'aws' || !clusters.includes(cluster))) {
    throw wrong(`names ${cluster}, which is not one of ${clusters.join(', ')}`);
  }
  const { expression, caller } = callerIn(rest.join(':'), clusters, wrong);
  if (caller && cluster && !caller.endsWith(`/${cluster}`)) {
    throw wrong(`names the API server of ${cluster}, which ${caller} never calls`);
  }
  if (!expression) throw wrong('does not name the requests');

  const value = (name: string): string | undefined =>
    settings.find((setting) => setting.startsWith(`${name}=`))?.slice(name.length + 1);
  const kinds = settings
    .map((setting) => setting.split('=')[0] ?? '')
    .filter((name) => ['status', 'cut', 'cut-after', 'hang', 'delay'].includes(name));
  const names = settings.map((setting) => setting.split('=')[0]);
  if (new Set(names).size < names.length) throw wrong('has a setting twice');
  const [kind] = kinds as FaultRule['kind'][];
  if (!kind || kinds.length > 1) {
    throw wrong('needs exactly one of status=N, cut, cut-after, hang and delay=DURATION');
  }
  if (caller && (kind === 'hang' || kind === 'delay')) {
    throw wrong("cannot be: a controller's call takes status=N, cut or cut-after");
  }
  const reason = value('reason');
  if (reason && kind !== 'status') throw wrong('has a reason, but only status can have one');
  return {
    text,
    world,
    ...(cluster === undefined ? {} : { cluster }),
    match: expressionOf(expression, wrong),
    ...(caller ? { caller } : {}),
    kind,
    ...(kind === 'status' ? { status: numberOf('status', value('status'), 400, 599, wrong) } : {}),
    ...(reason ? { reason } : {}),
    ...(kind === 'delay' ? { delayMs: durationOf(value('delay') ?? '', wrong) } : {}),
    ...countOf('times', value('times'), 1, wrong),
    ...countOf('skip', value('skip'), 0, wrong),
  };
}

type Wrong = (why: string) => SandboxUsageError;

/** Takes `@lbc/CLUSTER` or `@eks/CLUSTER` off the end of what is written for the requests. */
function callerIn(
  text: string,
  clusters: readonly string[],
  wrong: Wrong,
): { readonly expression: string; readonly caller?: string } {
  const [, expression, kind = '', cluster] = /^(.*)@(lbc|eks)\/([^/@]*)$/.exec(text) ?? [];
  if (expression === undefined || cluster === undefined) return { expression: text };
  if (!clusters.includes(cluster)) {
    throw wrong(`names the controller of ${cluster}, which is not one of ${clusters.join(', ')}`);
  }
  return { expression, caller: `${kind}/${cluster}` };
}

function expressionOf(text: string, wrong: Wrong): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw wrong(`has an invalid regular expression: ${text}`);
  }
}

function numberOf(
  name: string,
  text: string | undefined,
  least: number,
  most: number,
  wrong: Wrong,
): number {
  const number = Number(text);
  if (!/^\d+$/.test(text ?? '') || number < least || number > most) {
    throw wrong(`needs a number from ${least} to ${most} as ${name}`);
  }
  return number;
}

function countOf(
  name: 'times' | 'skip',
  text: string | undefined,
  least: number,
  wrong: Wrong,
): Partial<Record<'times' | 'skip', number>> {
  return text === undefined ? {} : { [name]: numberOf(name, text, least, 1_000_000, wrong) };
}

function durationOf(text: string, wrong: Wrong): number {
  const [, amount, unit = ''] = /^(\d+)(ms|s|m)$/.exec(text) ?? [];
  if (amount === undefined) throw wrong('needs a duration such as 500ms or 2s as delay');
  return Number(amount) * (UNITS[unit] ?? 0);
}
