import { setTimeout as sleep } from 'node:timers/promises';
import type { ScenarioName } from '../../src/sandbox/scenarios/scenarios.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { fullSize } from '../full-size.ts';
import { desk } from './desk.ts';
import { forMany, type Instead } from './for-many.ts';
import { type Block, readPage, shellBlocks } from './pages.ts';

const PRI = 'pri-eks-clu1';
const OLD = 'sec-eks-clu1';
const NEW = 'sec-eks-clu2';
/** Faster than real time. */
const SPEED = 100;

/** So many names, the first with this number. */
const named = (prefix: string, first: number, length: number): readonly string[] =>
  Array.from({ length }, (_, n) => `${prefix}-eks-clu${first + n}`);

test('a list is for nlbmc, one cluster after the other for kubectl and manifests', () => {
  const instead = { b: ['b', 'c'] };
  const lines = ['nlbmc verify x --context a,b -v', 'kubectl --context b get pods', 'nlbmc list'];
  expect(forMany(lines.join('\n'), instead).split('\n')).toEqual([
    'nlbmc verify x --context a,b,c -v',
    'kubectl --context b get pods',
    'kubectl --context c get pods',
    'nlbmc list',
  ]);
  expect(forMany('nlbmc join x --context b -o manifest', instead).split('\n')).toHaveLength(2);
});

test('the page that replaces a cluster says what to list where there are more', () => {
  expect(readPage('docs/blue-green.md').replaceAll('\n', ' ')).toContain(
    'add them to each `--context` that begins with `pri-eks-clu1`',
  );
});

/** The blocks of README from one that names the scenario to the next one that does. */
function blocksOf(scenario: ScenarioName): readonly Block[] {
  const blocks = shellBlocks('README.md');
  const from = blocks.findIndex((block) => block.scenario === scenario);
  const more = blocks.slice(from + 1).findIndex((block) => block.scenario !== undefined);
  const part = more < 0 ? blocks.slice(from) : blocks.slice(from, from + 1 + more);
  return part.filter(({ text }) => text.includes('--context'));
}

interface Told {
  readonly scenario: ScenarioName;
  readonly clusters: readonly string[];
  readonly blocks: readonly Block[];
  readonly instead: (block: Block) => Instead;
}

/** What is typed in a world of so many clusters. */
const told = (size: number): Readonly<Record<string, Told>> => {
  const secondaries = named('sec', 1, size - 1);
  const others = named('sec', 3, size - 3);
  const [, ...peers] = named('', 1, size).map((name) => name.slice(1));
  // Those that wait long are typed on a clock of their own, in their own world: test/docs/handover.test.ts.
  const replacing = shellBlocks('docs/blue-green.md').filter(({ patient }) => !patient);
  return {
    'README, a Service owns it': {
      scenario: 'walkthrough',
      clusters: [PRI, ...secondaries],
      blocks: blocksOf('walkthrough'),
      instead: () => ({ [OLD]: secondaries }),
    },
    'README, no cluster owns it': {
      scenario: 'no-owner',
      clusters: ['eks-clu1', ...peers],
      blocks: blocksOf('no-owner'),
      instead: () => ({ 'eks-clu2': peers }),
    },
    'docs/blue-green.md': {
      scenario: 'walkthrough',
      clusters: [PRI, OLD, NEW, ...others],
      blocks: replacing,
      // At the start all of them but the new one join; then the others stay.
      instead: (block): Instead =>
        block.clusters ? { [OLD]: [OLD, ...others] } : { [PRI]: [PRI, ...others] },
    },
  };
};

/** Types the blocks, and gives what has not ended as the page says. */
async function typed(sandbox: Sandbox, { blocks, instead }: Told): Promise<readonly string[]> {
  const { paste, remove } = desk();
  try {
    for (const block of blocks) {
      await sleep((block.minutes * 60_000) / SPEED);
      const text = forMany(block.text, instead(block));
      const { code, output } = await paste(text, sandbox);
      if (code !== block.exit)
        return [`line ${block.line} ended with ${code}:\n${text}\n${output}`];
    }
    return [];
  } finally {
    remove();
  }
}

// In a world of two, or three where one is new, test/docs/blocks.test.ts types them as they are.
if (fullSize) {
  describe.each([10, 50])('in a world of %d clusters', (size) => {
    test.each(Object.entries(told(size)))('%s', async (_name, page) => {
      const { scenario, clusters } = page;
      expect(page.blocks.length).toBeGreaterThan(0);
      const sandbox = await startSandbox({ scenario, clusters: [...clusters], speed: SPEED });
      try {
        expect(await typed(sandbox, page)).toEqual([]);
      } finally {
        await sandbox.stop();
      }
    });
  });
}
