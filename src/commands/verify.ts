import type { KnownTarget } from '../core/intent.ts';
import { type ExitCode, ProblemError } from '../core/problem.ts';
import type { Report } from '../core/report.ts';
import { canonicalId, parseTarget } from '../core/target-key.ts';
import type { Verdict } from '../core/verdict.ts';
import { listed } from '../core/words.ts';
import { echoesOf } from '../engine/echoes.ts';
import { judge } from '../engine/judge.ts';
import type { Io } from '../io.ts';
import { renderReport } from '../output/render.ts';
import { stopWhereNobodyAnswers } from './credentials.ts';
import { type LocalName, serviceNames } from './service-names.ts';
import { type SessionOptions, withSession } from './session.ts';

export interface VerifyOptions extends SessionOptions {
  readonly context?: readonly string[] | undefined;
  readonly localService?: LocalName | undefined;
  readonly minHealthy: number;
  readonly knownTarget?: readonly string[] | undefined;
  readonly allowUnprotected?: true | undefined;
  readonly wait?: true | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly output: 'table' | 'json' | 'yaml';
}

/** `nlbmc verify`: one verdict on the enrollment of a Service, and the exit code that goes with it. */
export async function runVerify(name: string, options: VerifyOptions, io: Io): Promise<ExitCode> {
  const knownTargets = (options.knownTarget ?? []).map(knownTarget);
  return withSession(options.context ?? [], options, io, async (session) => {
    const { world, live, out } = session;
    const names = serviceNames(name, world, options);
    const region = options.region === undefined ? {} : { region: options.region };
    const { observed, verdict } = await judge(
      world,
      { ...names, owners: true, ...region },
      {
        service: names.service,
        minHealthy: options.minHealthy,
        knownTargets,
        allowUnprotected: options.allowUnprotected === true,
      },
      options.wait ? options.timeout : undefined,
    );
    stopWhereNobodyAnswers(observed);
    const clusters = echoesOf(observed);
    const report: Report = {
      apiVersion: 'nlbmc/v1',
      kind: 'Report',
      command: 'verify',
      at: observed.at,
      exit: verdict.exit,
      result: verdict.state,
      message: messageOf(verdict, clusters.length),
      clusters,
      writes: [],
      problems: verdict.problems,
      cautions: [],
      skips: verdict.skips,
      progress: [],
      verdict,
    };
    live.stop();
    io.stdout.write(await renderReport(report, options.output, out));
    return verdict.exit;
  });
}

/** The verdict in one sentence: what it stands for, or what speaks against it. */
function messageOf({ exit, problems }: Verdict, clusters: number): string {
  if (exit === 8) return 'A needed fact could not be read, so nothing is proven.';
  if (exit === 3) {
    const times = new Map<string, number>();
    for (const { code } of problems) times.set(code, (times.get(code) ?? 0) + 1);
    const said = [...times].map(([code, n]) => (n === 1 ? code : `${code} (${n})`));
    return `What speaks against it: ${listed(said)}.`;
  }
  return clusters === 1
    ? 'Every endpoint in the cluster is tracked, registered and healthy.'
    : `Every endpoint in ${clusters} clusters is tracked, registered and healthy.`;
}

/** `ID[:PORT]`, with IPv6 in brackets where a port follows. Raises `usage`. */
function knownTarget(text: string): KnownTarget {
  const withPort = parseTarget(text.replace(/^\[(.+)\]:/, '$1:'));
  const bare = /^(\d+(\.\d+){3}|i-[0-9a-f]+|\[?[0-9a-f:]*::?[0-9a-f:]*\]?)$/i;
  // Bare IPv6 ends like `address:port` does: without brackets all of it is the address.
  if (bare.test(text)) return { id: canonicalId(text) };
  if (withPort && bare.test(withPort.id)) return { id: withPort.id, port: withPort.port };
  throw new ProblemError({
    code: 'usage',
    message: `'${text}' is no target.`,
    hint: 'Write ID or ID:PORT, such as 10.0.3.9:8080, [fd00::9]:8080 or i-0abc.',
  });
}
