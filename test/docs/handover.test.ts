import { spawnSync } from 'node:child_process';
import { runNlbmc, startPractice } from '../commands/harness.ts';
import { desk } from './desk.ts';
import { pages, patientBlocks } from './pages.ts';

const has = (tool: string): boolean => spawnSync('which', [tool]).status === 0;
const withTools = has('kubectl') ? test : test.skip;

describe('every shell block that waits for minutes', () => {
  const { paste, remove } = desk();
  afterAll(remove);

  withTools.each(pages.filter((page) => patientBlocks(page).length > 0))(
    'holds when typed, on a clock that does not wait: %s',
    async (page) => {
      const clusters = patientBlocks(page)[0]?.clusters;
      const sandbox = await startPractice({
        tls: true,
        ...(clusters && { clusters: [...clusters] }),
      });
      const outcomes: string[] = [];
      try {
        for (const { text, line: number, exit } of patientBlocks(page)) {
          for (const line of text.trim().split('\n')) {
            const { code, output } = line.startsWith('nlbmc ')
              ? await runNlbmc(sandbox, line.slice('nlbmc '.length)).then((one) => ({
                  code: one.code,
                  output: `${one.stdout}${one.stderr}`,
                }))
              : await paste(line, sandbox);
            sandbox.clock.advance(5_000);
            if (code !== exit)
              outcomes.push(`${page}:${number} ended with ${code}:\n${line}\n${output}`);
          }
        }
      } finally {
        await sandbox.stop();
      }
      expect(outcomes).toEqual([]);
    },
  );
});
