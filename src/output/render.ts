import type { PlannedDocument } from '../core/plan/plan.ts';
import type { Report } from '../core/plan/report.ts';
import { jsonText, yamlText } from './document.ts';
import { manifestsOf } from './manifest.ts';
import { reportLines } from './report-lines.ts';
import { screenLines, type ToldEvents } from './screen-lines.ts';
import type { Style } from './style.ts';
import { printed } from './wrap.ts';

/** Formats of an answer. */
export type Format = 'table' | 'json' | 'yaml' | 'manifest' | 'name';

/**
 * The text of a report for stdout; on the terminal that showed the progress (`told`), only the rest. In `json` and `yaml` it is the report as one document. In
 * `manifest` it is the documents to apply, and nothing when the plan is refused (but for a refusal that says what a person has to write): half of a
 * manifest would be applied by somebody.
 */
export async function renderReport(
  report: Report,
  format: Format,
  style: Style,
  manifest: readonly PlannedDocument[] = [],
  told: ToldEvents = new Set(),
): Promise<string> {
  switch (format) {
    case 'json':
      return jsonText(report, style.run);
    case 'yaml':
      return yamlText(report, style.run);
    case 'manifest':
      return (await manifestsOf(report.command, manifest)).map(({ text }) => text).join('---\n');
    case 'name':
    case 'table':
      return printed(
        style.screen ? screenLines(report, style, told) : reportLines(report, style),
        style.columns,
      );
  }
}
