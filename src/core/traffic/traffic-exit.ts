import { commandText } from '../model/shell-words.ts';
import type { TrafficVerdict } from '../plan/traffic.ts';
import type { Verdict } from '../plan/verdict.ts';
import { listed } from '../model/words.ts';

/** What `verify` says at its end of bindings and connections together. */
export interface VerifyEnd {
  readonly exit: number;
  readonly result: string;
  readonly message: string;
}

/** Green is said of what could be read only, where a person accepted that. */
const wordOf = ({ state, exit, partial }: Verdict): string =>
  exit === 0 && partial ? `${state} in what could be read` : state;

/** The verdict on the bindings in one sentence: its meaning, or the reasons why it is not green. */
function healthMessage({ exit, problems }: Verdict, clusters: number): string {
  if (exit === 8) return 'A needed fact could not be read, so nothing is proven.';
  if (exit === 3) {
    const times = new Map<string, number>();
    for (const { code } of problems) times.set(code, (times.get(code) ?? 0) + 1);
    const said = [...times].map(([code, n]) => (n === 1 ? code : `${code} (${n})`));
    return `Reasons: ${listed(said)}.`;
  }
  return clusters === 1
    ? 'Every endpoint in the cluster is tracked, registered and healthy.'
    : `Every endpoint in ${clusters} clusters is tracked, registered and healthy.`;
}

function trafficMessage(traffic: TrafficVerdict): string {
  const answered = traffic.ports.reduce((sum, port) => sum + port.answered, 0);
  const opened = traffic.ports.reduce((sum, port) => sum + port.opened, 0);
  const share =
    traffic.identifiedBy === null && opened > 0 ? '; the answering cluster is unknown' : '';
  return ` ${answered} of ${opened} ${opened === 1 ? 'connection' : 'connections'} answered${share}.`;
}

/**
 * The end of `verify`: the worse of the verdict on the bindings, that on the connections, and the
 * exit code of the command that ran meanwhile. Worse is the higher number, so that 8 wins over 3.
 */
export function verifyEnd(
  verdict: Verdict,
  clusters: number,
  traffic: TrafficVerdict | undefined,
): VerifyEnd {
  const message = healthMessage(verdict, clusters);
  if (!traffic) return { exit: verdict.exit, result: wordOf(verdict), message };
  const command = traffic.command?.exit ?? 0;
  const worst = [verdict, traffic].toSorted((a, b) => b.exit - a.exit)[0] ?? verdict;
  const ended =
    command === 0
      ? ''
      : ` ${commandText(traffic.command?.words ?? [])} ended with exit code ${command}.`;
  return {
    exit: Math.max(worst.exit, command),
    result: worst.exit !== 0 ? worst.state : command === 0 ? wordOf(verdict) : 'command failed',
    message: `${message}${trafficMessage(traffic)}${ended}`,
  };
}
