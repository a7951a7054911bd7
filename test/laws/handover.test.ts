import { runNlbmc } from '../commands/harness.ts';
import { onShared } from '../commands/handover/ways.ts';
import type { Scene } from '../commands/handover/watched.ts';
import { fullSize } from '../full-size.ts';
import { endState } from './end-state.ts';

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

const type = ({ sandbox }: Scene, line: string) => runNlbmc(sandbox, line);

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

const NOBODY = 'handover nginx --old old --new nobody --context new --yes';
const REPLACE = 'replace nginx --old old --new new --no-record --yes';

/** What has been typed, the clusters of the verify that is green then, and what has nothing to do. */
const ends: readonly (readonly [done: string, verified: string, lines: readonly string[]])[] = [
  [
    FORWARD,
    'old,new',
    [
      FORWARD,
      'enable nginx --context new --yes',
      'join nginx --context old --primary new --yes',
      'enroll nginx --primary new --context old --yes',
    ],
  ],
  [
    NOBODY,
    'old,new',
    [
      NOBODY,
      'enable nginx --context old --yes',
      'join nginx --context old --primary new --yes',
      'join nginx --context new --primary old --yes',
    ],
  ],
  [REPLACE, 'new', [REPLACE, 'enable nginx --context new --yes']],
];

// Outside CI the first end.
test.each(ends.filter((_, n) => fullSize || n === 0))(
  'laws 2 and 9: after %s verify is green, and the commands of the new layout have nothing to do',
  (done, verified, typed) =>
    onShared({}, async (scene) => {
      const { world } = scene;
      const ran = await type(scene, done);
      expect([done, ran.code]).toEqual([done, 0]);
      world.clock.advance(15 * 60_000);
      expect((await type(scene, `verify nginx --context ${verified}`)).code).toBe(0);
      const from = world.journal.entries.length;
      for (const line of typed) {
        const found = await type(scene, `${line} -o json`);
        const { plan } = JSON.parse(found.stdout) as { plan?: { steps: readonly unknown[] } };
        expect([line, found.code, plan?.steps]).toEqual([line, 0, []]);
      }
      expect(written(scene, from)).toEqual([]);
    }),
);

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
