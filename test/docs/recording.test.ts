import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTlsStage, PRI, SEC } from '../laws/stage.ts';
import { runNlbmc } from '../commands/harness.ts';
import { readPage, root } from './pages.ts';
import { Terminal } from './terminal.ts';
import { terminalSvg } from './terminal-svg.ts';

// As wide as README shows a picture without making it smaller.
const COLUMNS = 100;
const PICTURE = 'docs/session.svg';
const lines = [
  `enable nginx --context ${PRI}`,
  `join nginx --context ${SEC} --primary ${PRI}`,
  `verify nginx --context ${PRI},${SEC}`,
];

const UID = '926534ec-f188-4841-8497-ce434f9d44e3';

/**
 * What differs from run to run, with a fixed value of the same length: the ports of the practice API
 * servers, the UIDs of the clusters, and the end of the names that the controller makes from UIDs.
 */
const steady = (text: string): string =>
  text
    .replaceAll(/(127\.0\.0\.1:)\d{5}/g, '$140443')
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, UID)
    .replaceAll(/\b(k8s-default-nginx-)[0-9a-f]{10}\b/g, '$1140d8c5fd1');

/** The three commands in the demo's world, as they stand on a terminal afterwards. */
const record = (): Promise<string> =>
  onTlsStage('deployed', async ({ sandbox }) => {
    const terminal = new Terminal(COLUMNS);
    const write = terminal.write.bind(terminal);
    terminal.write = (text) => write(steady(text));
    for (const line of lines) {
      write(`\u001B[2m$\u001B[22m \u001B[1mnlbmc ${line}\u001B[22m\n`);
      const { code } = await runNlbmc(sandbox, line, { terminal: true, screen: terminal });
      expect([line, code]).toEqual([line, 0]);
      write('\n');
    }
    return terminalSvg(terminal.rows, COLUMNS, lines.map((line) => `nlbmc ${line}`).join('; '));
  });

test('the picture in README shows what the three commands print today (npm run record)', async () => {
  const picture = await record();
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(join(root, PICTURE), picture);
  expect(picture).toBe(readFileSync(join(root, PICTURE), 'utf8'));
  expect(readPage('README.md')).toContain(`](${PICTURE})`);
});
