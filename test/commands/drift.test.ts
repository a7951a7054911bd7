import type { World } from '../../src/sandbox/world.ts';
import { ENABLE, JOIN, JOIN_PEER, onStage, OTHER, PEER, PRI, SEC } from '../laws/stage.ts';

const BINDINGS = 'targetgroupbindings.elbv2.k8s.aws';
const FLAG = 'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group';
const ENROLL = `enroll nginx --primary ${PRI} --context ${SEC}`;
const ENABLE_PEER = `enable web --context ${PEER}`;
const person = { actor: 'person', manager: 'kubectl-edit', internal: true };

/** A field of an object is changed behind nlbmc's back; null takes it away. */
const edited =
  (cluster: string, resource: string, name: string, body: object) =>
  (world: World): void => {
    world.cluster(cluster).kube.patch(resource, 'default', name, { type: 'merge', body }, person);
  };

const flagOff = { spec: { multiClusterTargetGroup: false } };
const serviceDrifts = edited(PRI, 'services', 'nginx', {
  metadata: { annotations: { [FLAG]: null } },
});
const exclusive = edited(SEC, BINDINGS, 'nginx', flagOff);
const otherRules = edited(SEC, BINDINGS, 'nginx', { spec: { networking: null } });
const gone = (world: World): void => {
  world.cluster(SEC).kube.delete(BINDINGS, 'default', 'nginx', person);
  world.settle();
};
const nothing = (): void => undefined;

describe('--dry-run --detailed-exitcode is the check for drift', () => {
  test.each<[string, (world: World) => void, Readonly<Record<string, number>>]>([
    ['nothing has drifted', nothing, { [ENABLE]: 0, [JOIN]: 0, [ENROLL]: 0 }],
    ['the annotation is gone', serviceDrifts, { [ENABLE]: 4, [ENROLL]: 4 }],
    ['the binding is gone', gone, { [ENABLE]: 0, [JOIN]: 4, [ENROLL]: 4 }],
    ['the binding is exclusive', exclusive, { [JOIN]: 5, [`${JOIN} --adopt`]: 4, [ENROLL]: 5 }],
    ['other rules, but it serves', otherRules, { [JOIN]: 0, [`${JOIN} --adopt`]: 4, [ENROLL]: 0 }],
  ])('where a Service owns the load balancer: %s', (_name, drift, codes) =>
    onStage('joined', async ({ world, nlbmc, requests }) => {
      drift(world);
      for (const [line, code] of Object.entries(codes)) {
        const outcome = await nlbmc(`${line} --dry-run --detailed-exitcode`);
        expect({ line, code: outcome.code }).toEqual({ line, code });
      }
      expect(requests().filter((request) => request.mutating && !request.dryRun)).toEqual([]);
    }),
  );

  test('where no cluster owns it', () =>
    onStage(
      'joined',
      async ({ world, nlbmc }) => {
        const check = async (line: string): Promise<number> =>
          (await nlbmc(`${line} --dry-run --detailed-exitcode`)).code;
        expect(await check(ENABLE_PEER)).toBe(0);
        expect(await check(JOIN_PEER)).toBe(0);
        edited(PEER, BINDINGS, 'web', flagOff)(world);
        expect(await check(ENABLE_PEER)).toBe(4);
        expect(await check(`enroll web --load-balancer shared --context ${PEER},${OTHER}`)).toBe(5);
      },
      'no-owner',
    ));
});
