import type { PortCapacity } from '../core/observed/capacity.ts';
import { grouped } from '../core/model/grouped.ts';
import { targetText } from '../core/model/target-key.ts';
import type { Style } from './style.ts';
import { indent } from './table.ts';

const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

function portLines(port: PortCapacity, style: Style): string[] {
  const name =
    port.port === null
      ? `target group ${port.targetGroupArn.split('/').at(-2) ?? ''}`
      : `port ${port.port}`;
  const zones = port.zones
    .filter(({ healthy }) => healthy > 0)
    .map(({ zone, healthy, staying }) => `${zone} ${staying} of ${healthy}`);
  const unknown = port.withoutZone > 0 ? [`${port.withoutZone} in an unknown zone`] : [];
  return [
    `${style.glyph.item} ${name}: ${counted(port.leaving.length, 'target')} will drain, ${port.staying} of ${counted(port.healthy, 'healthy target')} stay`,
    // On a terminal the step above names them.
    ...(style.screen && !style.screen.verbose ? [] : indent(port.leaving.map(targetText))),
    ...indent(
      zones.length + unknown.length > 0
        ? [
            `healthy that stay by zone (cross-zone ${port.crossZone ? 'on' : 'off'}): ${[...zones, ...unknown].join(', ')}`,
          ]
        : [],
    ),
  ];
}

/** Clusters that leave side by side keep the same of a target group: told once, with all that leaves. */
function together(capacity: readonly PortCapacity[]): readonly PortCapacity[] {
  const kept = (port: PortCapacity): string =>
    JSON.stringify({ ...port, leaving: [], serving: [] });
  return [...grouped(capacity, kept).values()].flatMap((same) =>
    same
      .slice(0, 1)
      .map((first) => ({ ...first, leaving: same.flatMap(({ leaving }) => leaving) })),
  );
}

/** What a target group has now and keeps, by port and zone, where targets are to leave. */
export function capacityLines(capacity: readonly PortCapacity[], style: Style): string[] {
  if (capacity.length === 0) return [];
  const ports = style.screen && !style.screen.verbose ? together(capacity) : capacity;
  const lines = ports.flatMap((port) => portLines(port, style));
  return style.screen ? indent(lines) : ['Of the targets', ...indent(lines)];
}
