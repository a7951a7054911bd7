import { spawnSync } from 'node:child_process';
import { readPage, shellBlocks } from '../docs/pages.ts';
import { openPracticeLab } from './practice-lab.ts';

const page = 'docs/aws-lab.md';
const has = (tool: string): boolean => spawnSync('which', [tool]).status === 0;
const wanted = process.env['CI'] === 'true' || (has('kubectl') && has('aws'));
const withTools = wanted ? test : test.skip;

withTools(
  'the blocks of docs/aws-lab.md lead from an empty account to green, and back to an empty account',
  async () => {
    const lab = await openPracticeLab();
    try {
      for (const { text, line, exit } of shellBlocks(page)) {
        const { code, stdout, stderr } = await lab.paste(text);
        if (code !== exit)
          throw new Error(`${page}:${line} ended with ${code}\n${stdout}\n${stderr}`);
        if (text.includes('--traffic')) {
          expect(stdout).toContain('ready.');
          expect(stdout).toMatch(/pri-eks-clu1.*\d+/);
          expect(stdout).toMatch(/sec-eks-clu1.*\d+/);
        }
        if (text.includes('describe-target-groups')) expect(stdout).toBe('[]\n[]\n');
      }
      expect(lab.aws.changes).toEqual(['ExecuteChangeSet nlbmc-lab', 'DeleteStack nlbmc-lab']);
      expect(lab.aws.status()).toBeUndefined();
      for (const { kube } of lab.sandbox.world.clusters.values()) {
        expect(kube.list('deployments.apps', 'default')).toEqual([]);
        expect(kube.list('services', 'default').map(({ metadata }) => metadata.name)).toEqual([
          'kubernetes',
        ]);
      }
    } finally {
      await lab.close();
    }
  },
);

test('what the page does not run it marks so, in the sentence before', () => {
  const fences = [...readPage(page).matchAll(/([^\n]*)\n\n```(\w+)\n/g)];
  expect(fences.length).toBeGreaterThan(5);
  for (const [, before, language] of fences)
    expect([language, /\bno test runs (?:it|them)\.$/.test(before?.trim() ?? '')]).toEqual([
      language,
      language !== 'sh',
    ]);
});
