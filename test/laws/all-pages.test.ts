import { changing, nameOf, onStage, PRI, SEC, VERIFY } from './stage.ts';
import { endState } from './end-state.ts';

describe('law 8: every list reads all pages, and every Service port counts', () => {
  test.each(changing)('$name with pages of one', async ({ line, before }) => {
    const whole = await onStage(
      before,
      async ({ nlbmc, world }) => {
        expect((await nlbmc(line)).code).toBe(0);
        return endState(world);
      },
      'multi-port',
    );
    await onStage(
      before,
      async ({ nlbmc, requests, world }) => {
        world.aws.pageSize = 1;
        for (const { kube } of world.clusters.values()) kube.pageSize = 1;
        expect((await nlbmc(line)).code).toBe(0);
        // The state is read without the SDK, in one look.
        world.aws.pageSize = undefined;
        expect(endState(world)).toEqual(whole);
        expect(requests().some((request) => nameOf(request).includes('continue='))).toBe(true);
      },
      'multi-port',
    );
  });

  test('verify with pages of one sees every target', () =>
    onStage('joined', async ({ nlbmc, world }) => {
      const whole = await nlbmc(`${VERIFY} -o json`);
      world.aws.pageSize = 1;
      for (const { kube } of world.clusters.values()) kube.pageSize = 1;
      const paged = await nlbmc(`${VERIFY} -o json`);
      const verdict = ({ stdout }: { stdout: string }): unknown =>
        (JSON.parse(stdout) as { verdict: unknown }).verdict;
      expect(paged.code).toBe(0);
      expect(verdict(paged)).toEqual(verdict(whole));
    }));

  test('both ports are enabled, joined and verified', () =>
    onStage(
      'joined',
      async ({ nlbmc, world }) => {
        const { stdout, code } = await nlbmc(`${VERIFY} -o json`);
        const { verdict } = JSON.parse(stdout) as {
          verdict: { ports: { port: number; members: { cluster: string; healthy: number }[] }[] };
        };
        expect(code).toBe(0);
        expect(verdict.ports.map(({ port }) => port).sort((a, b) => a - b)).toEqual([80, 8080]);
        for (const { members } of verdict.ports) {
          expect(members.map(({ cluster, healthy }) => [cluster, healthy])).toEqual([
            [PRI, 3],
            [SEC, 2],
          ]);
        }
        const bindings = world.cluster(SEC).kube.list('targetgroupbindings.elbv2.k8s.aws');
        expect(bindings.map(({ metadata }) => metadata.name).sort()).toEqual([
          'nginx-80',
          'nginx-8080',
        ]);
      },
      'multi-port',
    ));
});
