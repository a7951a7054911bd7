import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quickAws } from '../aws-cli/quick-aws.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { LentClock } from '../laws/lent-clock.ts';
import { desk } from './desk.ts';
import { nlbmcHere, type NlbmcHere } from './nlbmc-here.ts';
import { type Block, pages as all, root, shellBlocks } from './pages.ts';

// The lab needs a world of its own: test/templates/aws-lab-page.test.ts runs that page's blocks.
const pages = all.filter((page) => page !== 'docs/aws-lab.md');

/** Faster than real time, for programs that wait beside nlbmc. */
const SPEED = 1000;

/** It starts a program that writes to the same streams, which only a process of its own can. */
const startsProgram = (text: string): boolean => /\bnlbmc sandbox (?!ctl\b)| --during /.test(text);

const has = (tool: string): boolean => spawnSync('which', [tool]).status === 0;
const calls = (block: Block): boolean =>
  !block.patient && /\b(nlbmc|kubectl|aws)\b/.test(block.text);
const withTools = has('kubectl') && has('aws') ? test : test.skip;

describe('every shell block of README and docs', () => {
  const { paste, remove } = desk();
  let here: NlbmcHere;
  beforeAll(async () => {
    await quickAws();
    here = await nlbmcHere();
  });
  afterAll(async () => {
    remove();
    await here.close();
  });

  test('is either run here or an npm script, and there are some of both', () => {
    const blocks = pages.flatMap(shellBlocks);
    const scripts = Object.keys(
      (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }).scripts,
    );
    const npm = blocks.filter((block) => /\bnpm\b/.test(block.text));
    const known = ['npm install', 'npm test', ...scripts.map((name) => `npm run ${name}`)];
    const strange = npm
      .flatMap((block) => block.text.trim().split(/\s*(?:&&|\n)\s*/))
      .filter((command) => !known.includes(command));
    expect(strange).toEqual([]);
    expect(npm.length).toBeGreaterThan(1);
    expect(blocks.filter(calls).length).toBeGreaterThan(3);
  });

  // Blocks of one page build on each other, as they do for a reader, until one names a scenario. The first
  // with nlbmc in it is typed with the built program, in a process of its own; the others run it here.
  withTools.each(pages.filter((page) => shellBlocks(page).some(calls)))(
    'holds when pasted: %s',
    async (page) => {
      let sandbox: Sandbox | undefined;
      let clock: LentClock | undefined;
      const leave = async (): Promise<void> => {
        clock?.takeBack();
        await sandbox?.stop();
      };
      const outcomes: string[] = [];
      const first = shellBlocks(page)
        .filter(calls)
        .find(({ text }) => /\bnlbmc\b/.test(text));
      try {
        for (const block of shellBlocks(page).filter(calls)) {
          if (!sandbox || block.scenario || block.clusters) {
            await leave();
            clock = new LentClock();
            sandbox = await startSandbox({
              scenario: block.scenario ?? 'walkthrough',
              clock,
              ...(block.clusters && { clusters: [...block.clusters] }),
            });
            clock.lend(SPEED);
            here.enter(sandbox);
          }
          clock?.advance(block.minutes * 60_000);
          const built = block.line === first?.line || startsProgram(block.text);
          const { code, output } = await paste(block.text, sandbox, built ? undefined : here.bin);
          if (code !== block.exit)
            outcomes.push(`${page}:${block.line} ended with ${code}:\n${block.text}\n${output}`);
        }
      } finally {
        await leave();
      }
      expect(outcomes).toEqual([]);
    },
  );
});
