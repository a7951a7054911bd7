import { onShared } from './ways.ts';
import { watched } from './watched.ts';
import { person } from '../../sandbox/handover/shared.ts';

const LINE = 'handover nginx --old old --new new --yes';

test('a controller that may not run while its Service is released is scaled to 0, and up again', () =>
  onShared(
    { installed: (role) => (role === 'primary' ? { version: 'v3.3.0' } : {}) },
    async (scene) => {
      const { world, shared } = scene;
      const scale = (replicas: number): void => {
        shared.old.kube.patch(
          'deployments.apps',
          'kube-system',
          'aws-load-balancer-controller',
          { type: 'merge', body: { spec: { replicas } } },
          person,
        );
        world.clock.advance(60_000);
      };
      const refused = await watched(scene, LINE);
      expect(refused.code).toBe(5);
      expect(refused.stdout).toContain(
        'scale deployment/aws-load-balancer-controller --replicas=0',
      );
      scale(0);
      const released = await watched(scene, `${LINE} --until release`);
      expect(released).toMatchObject({ code: 0, missed: [], harmful: [] });
      scale(2);
      const done = await watched(scene, LINE);
      if (done.code !== 0) throw new Error(done.stdout);
      expect(done).toMatchObject({ code: 0, missed: [], harmful: [] });
    },
  ));
