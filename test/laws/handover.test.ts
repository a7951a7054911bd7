import { runNlbmc } from '../commands/harness.ts';
import { onShared } from '../commands/handover/ways.ts';
import type { Scene } from '../commands/handover/watched.ts';
import { fullSize } from '../full-size.ts';
import { endState } from './end-state.ts';
import { ruleFor } from './faults.ts';
import { nameOf } from './stage.ts';

const FORWARD = 'handover nginx --old old --new new --yes';

const lines = [
  FORWARD,
  'handover nginx --old old --new nobody --context new --yes',
  'handover nginx --old old --new new --lost --accept old-answers --yes',
];

/** Requests over HTTP since entry `from` of the journal. */
const requests = ({ world }: Scene, from: number) =>
  world.journal.entries.slice(from).filter(({ source }) => source === 'http');

const written = (scene: Scene, from: number) =>
  requests(scene, from).filter(({ mutating, dryRun }) => mutating && !dryRun);

const type = ({ sandbox }: Scene, line: string) => runNlbmc(sandbox, line, { fewLooks: true });

test.each(lines)('law 1: %s --dry-run changes nothing', (line) =>
  onShared({}, async (scene) => {
    const was = endState(scene.world);
    const from = scene.world.journal.entries.length;
    const pending = await type(scene, `${line} --dry-run --detailed-exitcode`);
    expect([line, pending.code]).toEqual([line, 4]);
    expect(pending.stdout).toMatch(/Plan: \d+ changes/);
    expect(written(scene, from)).toEqual([]);
    expect(endState(scene.world)).toEqual(was);
  }),
);

/** Reads that have a second source. Events only tell why something that is missing is not there. */
const hasSecondSource =
  /deployments|targetgroupbindings(\?|$)|customresourcedefinitions|\/events$|namespaces\/kube-system$/;

interface Told {
  readonly skips: readonly unknown[];
  readonly cautions: readonly unknown[];
}
const toldIn = ({ stdout }: { readonly stdout: string }): number => {
  const { skips, cautions } = JSON.parse(stdout) as Told;
  return skips.length + cautions.length;
};

test('law 4: where a read fails, nothing is planned, or what it would have told is said to be missing', () =>
  onShared({}, async (scene) => {
    const { world } = scene;
    const line = `${FORWARD} --dry-run --detailed-exitcode -o json`;
    const start = world.journal.entries.length;
    const usual = await type(scene, line);
    expect(usual.code).toBe(4);
    const all = new Map(
      requests(scene, start)
        .filter(({ mutating, dryRun }) => !mutating && !dryRun)
        .map((one) => [nameOf(one).split('?')[0], one]),
    );
    expect(all.size).toBeGreaterThan(15);
    let refused = 0;
    // Outside CI each fifth.
    for (const [name = '', read] of [...all].filter((_, n) => fullSize || n % 5 === 0)) {
      const from = world.journal.entries.length;
      const remove = world.faults.add(ruleFor(read, { kind: 'status', status: 403 }));
      const found = await type(scene, line);
      remove();
      expect(written(scene, from)).toEqual([]);
      if (found.code === 4) {
        const said = hasSecondSource.test(name) || toldIn(found) > toldIn(usual);
        expect({ name, said }).toEqual({ name, said: true });
        continue;
      }
      expect({ name, code: found.code }).toEqual({ name, code: found.code === 2 ? 2 : 8 });
      refused += 1;
    }
    expect(refused).toBeGreaterThan(fullSize ? 12 : 2);
  }));

test('law 8: with pages of one, the same plan', () =>
  onShared({ kind: 'two-ports' }, async (scene) => {
    const { world } = scene;
    const plan = async (): Promise<unknown> =>
      (JSON.parse((await type(scene, `${FORWARD} --dry-run -o json`)).stdout) as { plan: unknown })
        .plan;
    const text = (found: unknown): string =>
      JSON.stringify(found).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
    const whole = text(await plan());
    world.aws.pageSize = 1;
    for (const { kube } of world.clusters.values()) kube.pageSize = 1;
    expect(text(await plan())).toBe(whole);
  }));
