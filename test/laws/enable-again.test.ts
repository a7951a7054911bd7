import type { Problem } from '../../src/core/model/problem.ts';
import { typed } from '../core/typed.ts';
import { ENABLE, onStage, PRI, type Stage } from './stage.ts';

const FLAG = 'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group';
const person = { actor: 'person', manager: 'kubectl-patch', internal: true };

/** Sets the flag on the primary's Service as a person would, and lets the controller act on it. */
function flagByHand({ world }: Stage, value: string): void {
  const body = { metadata: { annotations: { [FLAG]: value } } };
  world.primary.kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
  world.settle();
}

const replacePods = ({ world }: Stage): void => {
  const { kube } = world.primary;
  for (const { metadata } of kube.list('pods', 'default'))
    kube.delete('pods', 'default', metadata.name, person);
  world.settle();
};

const trackedSet = ({ world }: Stage): string[] =>
  world.primary.kube
    .list('configmaps', 'default')
    .filter(({ metadata }) => metadata.name.startsWith('aws-lbc-targets-'))
    .flatMap(({ data }) => (data as { targets: string }).targets.split(','))
    .sort();

const addresses = ({ world }: Stage): string[] =>
  world.primary.kube
    .list('pods', 'default')
    .map(({ status }) => `${(status as { podIP: string }).podIP}:80`)
    .sort();

describe('enable, the flag off by hand, enable again', () => {
  test('reaches the goal when the pods stayed the same', () =>
    onStage('enabled', async (stage) => {
      flagByHand(stage, 'false');
      expect((await stage.nlbmc(ENABLE)).code).toBe(0);
      expect(trackedSet(stage)).toEqual(addresses(stage));
    }));

  test('names the cure when the controller kept a stale memory, and the cure works', () =>
    onStage('enabled', async (stage) => {
      flagByHand(stage, 'false');
      replacePods(stage);
      const { code, stdout } = await stage.nlbmc(`${ENABLE} -o json`);
      const { problems } = JSON.parse(stdout) as { problems: Problem[] };
      expect(code).toBe(6);
      const stale = problems.find((problem) => problem.code === 'tracking-stale');
      expect(typed(stale)).toContain(`kubectl --context ${PRI}`);
      expect(trackedSet(stage)).not.toEqual(addresses(stage));

      // The cure as it is told: one pod more, nothing else.
      const [, replicas] = / scale deployment\/nginx --replicas=(\d+)$/.exec(typed(stale)) ?? [];
      const body = { spec: { replicas: Number(replicas) } };
      stage.world.primary.kube.patch(
        'deployments.apps',
        'default',
        'nginx',
        { type: 'merge', body },
        person,
      );
      stage.world.settle();
      expect((await stage.nlbmc(ENABLE)).code).toBe(0);
      expect(trackedSet(stage)).toEqual(addresses(stage));
    }));

  test('with a restart of the controller in between reaches the goal, or names the cure', () =>
    onStage('enabled', async (stage) => {
      flagByHand(stage, 'false');
      replacePods(stage);
      stage.world.primary.lbc.restart();
      stage.world.settle();
      const { code, stdout } = await stage.nlbmc(`${ENABLE} -o json`);
      const { problems } = JSON.parse(stdout) as { problems: Problem[] };
      if (code === 0) expect(trackedSet(stage)).toEqual(addresses(stage));
      else
        expect({ code, codes: problems.map((p) => p.code) }).toEqual({
          code: 6,
          codes: ['tracking-stale'],
        });
    }));
});
