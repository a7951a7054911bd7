import { commandText } from '../core/model/shell-words.ts';
import { failuresText } from '../core/traffic/traffic-words.ts';
import type {
  ClusterShare,
  Latency,
  PortTraffic,
  SecondCount,
  TrafficVerdict,
} from '../core/plan/traffic.ts';
import { count } from '../core/model/words.ts';
import { problemLines } from './problem-lines.ts';
import type { Style } from './style.ts';
import { type Cell, indent, tableLines } from './table.ts';

const barWidth = 20;

/** A share as a bar; the number is printed beside it. */
function bar(percent: number, style: Style): string {
  // A share that is there shows, however small.
  const full = percent > 0 ? Math.max(1, Math.round((percent / 100) * barWidth)) : 0;
  return style.glyph.full.repeat(full) + style.glyph.empty.repeat(barWidth - full);
}

const percentText = (percent: number | null): string =>
  percent === null ? '?' : `${percent.toFixed(1)} %`;

function shareRows(share: ClusterShare, style: Style): Cell[][] {
  const tone = share.healthy > 0 && share.connections === 0 ? 'bad' : 'good';
  return [
    [
      share.cluster,
      String(share.healthy),
      String(share.connections),
      percentText(share.percent),
      percentText(share.expectedPercent),
      { text: bar(share.percent, style), tone },
    ],
    ...share.targets.map(({ name, connections }): Cell[] => [`  ${name}`, '', String(connections)]),
  ];
}

const shareHeading = ['CLUSTER', 'HEALTHY', 'ANSWERED', 'SHARE', 'EXPECTED', ''];

/** Whole milliseconds are what was measured: less than one is not nothing. */
const ms = (value: number): string => (value < 1 ? '<1 ms' : `${value} ms`);

const latencyText = ({ p50, p95, p99 }: Latency): string =>
  `connect latency p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}`;

function portLines(port: PortTraffic, style: Style): string[] {
  const failed = failuresText(port.failures);
  const good = failed === '' && port.answered > 0;
  const numbers = [
    `${port.answered} of ${count(port.opened, 'connection')} answered`,
    ...(failed === '' ? [] : [failed]),
    ...(port.slow > 0 ? [`${port.slow} slow (a second or longer)`] : []),
    ...(port.connectMs ? [latencyText(port.connectMs)] : []),
  ];
  return [
    `${style.paint('strong', `Traffic on port ${port.port} (${port.protocol})`)}  ${port.host}`,
    ...(port.clusters
      ? tableLines(
          shareHeading,
          port.clusters.flatMap((share) => shareRows(share, style)),
          style,
          shareHeading.slice(1, 5),
        )
      : []),
    `${style.paint(good ? 'good' : 'bad', style.glyph[good ? 'good' : 'bad'])} ${numbers.join(', ')}`,
    ...port.notes.map((note) => `${style.glyph.item} ${note}`),
  ];
}

const isTroubled = (second: SecondCount): boolean =>
  second.slow > 0 || Object.keys(second.failures).length > 0;

/** In which seconds something went wrong, where a command ran meanwhile. */
function secondLines(port: PortTraffic, ports: number): string[] {
  const troubled = port.seconds.filter(isTroubled);
  const on = ports > 1 ? ` on port ${port.port}` : '';
  if (troubled.length === 0) return [`no second${on} with a failed or slow connection`];
  return troubled.map((second) => {
    const words = [
      failuresText(second.failures),
      ...(second.slow > 0 ? [`${second.slow} slow`] : []),
    ].filter((text) => text !== '');
    return `second ${second.second}${on} (${second.at.slice(11, 19)}Z): ${words.join(', ')} of ${second.opened}`;
  });
}

/**
 * Traffic for people: for each port the share of every cluster as a bar, the numbers in words and
 * what explains them; seconds with trouble and the end of the command that ran meanwhile; then
 * every reason why the verdict is not green.
 */
export function trafficLines(traffic: TrafficVerdict, style: Style): string[][] {
  const { command } = traffic;
  return [
    ...traffic.ports.map((port) => portLines(port, style)),
    command
      ? [
          `While ${style.paint('strong', commandText(command.words))} ran, which ended with ${command.exit}:`,
          ...indent(traffic.ports.flatMap((port) => secondLines(port, traffic.ports.length))),
        ]
      : [],
    traffic.problems.flatMap((problem) =>
      problemLines(problem, style, 'bad', problem.unread ? 'unknown' : 'failed'),
    ),
  ];
}
