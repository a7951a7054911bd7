import type { Event } from '../core/plan/event.ts';
import { capacityLines } from './capacity-lines.ts';
import { causeLines } from './causes.ts';
import { eventLines } from './event-lines.ts';
import { headingLines } from './heading-lines.ts';
import { hintText } from './hint-text.ts';
import { doneLine } from './screen-lines.ts';
import { shortPlan } from './short-steps.ts';
import type { Style } from './style.ts';
import { visibleText } from '../core/model/control-characters.ts';
import { unbroken } from './wrap.ts';

/** An event as progress lines on the terminal that shows the result, too. `at`: the time, ISO 8601. */
export function shortEvent(event: Event, style: Style, at: string): string[] {
  switch (event.kind) {
    case 'targets-of-write':
      return headingLines(event.clusters, style);
    case 'planned': {
      const { plan } = event;
      const cautions = causeLines(plan.cautions, style, 'warn', () => 'caution');
      return [
        ...shortPlan(plan, style),
        ...capacityLines(plan.capacity ?? [], style),
        ...cautions.lines,
        ...cautions.next,
      ];
    }
    case 'rerun':
      // An interrupted run ends with this command: only a killed run cannot print it.
      if (!style.screen?.verbose) return [];
      return [
        style.paint(
          'dim',
          `if interrupted: ${unbroken(visibleText(hintText(event.command, style.run).text))}`,
        ),
      ];
    case 'wrote':
      return [doneLine(event.step, at, style, event.apart)];
    default:
      return eventLines(event, style, style.screen?.verbose === true);
  }
}
