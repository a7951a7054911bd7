import { runNlbmc } from '../commands/harness.ts';
import { onShared } from '../commands/handover/ways.ts';
import { person } from '../sandbox/handover/shared.ts';
import { fullSize } from '../full-size.ts';
import { Stream } from './stream.ts';

const HANDOVER = 'handover nginx --old old --new new --yes';

/** Connections opened in each pause of a command. */
const A_PAUSE = 4;

type Scene = Parameters<Parameters<typeof onShared>[1]>[0];

/** Types a line while connections are opened in each of its pauses. */
async function during({ sandbox }: Scene, line: string, stream: Stream): Promise<void> {
  const onSleep = (): Promise<void> => stream.open(A_PAUSE);
  const { code, stdout, stderr } = await runNlbmc(sandbox, line, { onSleep });
  expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
}

test('none is refused through a handover and back, and those that were open go on', () =>
  onShared({}, async (scene) => {
    const stream = new Stream(scene.sandbox);
    const held = await stream.hold(30);
    try {
      expect(Object.keys(held.byCluster).sort()).toEqual(['new', 'old']);
      await during(scene, HANDOVER, stream);
      // Back again takes as long: with CI=true.
      if (fullSize) await during(scene, `${HANDOVER} --back`, stream);
      expect(Object.keys(stream.outcomes).sort()).toEqual(['new', 'old']);
      expect(await held.stillThere()).toEqual(held.byCluster);
    } finally {
      held.close();
    }
  }));

(fullSize ? test : test.skip)('none is refused while a cluster succeeds a lost one', () =>
  onShared({}, async (scene) => {
    const { shared, world, sandbox } = scene;
    shared.old.lbc.stop();
    for (const pod of shared.old.kube.list('pods', 'default')) {
      shared.old.kube.delete('pods', 'default', pod.metadata.name, person);
    }
    // Its targets are unhealthy by then: what is refused before is its loss, not the handover.
    world.clock.advance(120_000);
    const stream = new Stream(sandbox);
    await during(scene, `${HANDOVER} --lost --accept old-answers`, stream);
    expect(Object.keys(stream.outcomes)).toEqual(['new']);
  }),
);
