import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import { NAME, NAMESPACE } from '../../../src/sandbox/lbc/install/installation.ts';
import { plainService } from '../../../src/sandbox/scenarios/objects.ts';
import {
  bindingsOf,
  deployPrimary,
  enable,
  expectCode,
  ownService,
  TARGET_TYPE,
} from '../enrollment.ts';
import { handoverLine } from '../handover/command.ts';
import { scaleDown, scaleUp } from '../handover/controllers.ts';
import { CLUSTER_TAG, dnsNameOf, type Estate, estateOf } from '../handover/hands.ts';
import { handsOverByWrites, type Point } from '../handover/killed.ts';
import { watch } from '../handover/served.ts';
import { must } from '../must.ts';
import { SCENARIO_TAG } from '../roles.ts';
import { isSame, registered, untilHealthy, untilRegistered } from '../targets.ts';
import type { LabStage, Scenario } from '../stage.ts';

/** In NEW, where the Service has another name in another namespace, and its controller makes the binding. */
const LOCAL = { namespace: 'shop', name: 'web' };
/** Fixed, so that both worlds have the same. */
const NODE_PORTS = { old: 30_090, fresh: 30_091 };
/** Of the Service: the two phases before have no fewer. */
const FEWEST_WRITES = { release: 3, rest: 12 };

/** Whether the load balancer and its listeners and target groups have the tag of NEW. */
function isTagged({ aws, clusters: [, fresh] }: LabStage, estate: Estate): boolean {
  const ResourceArns = [estate.loadBalancer, ...estate.listeners, ...estate.targetGroups];
  const { TagDescriptions } = aws.call('elbv2.DescribeTags', { ResourceArns }, 'somebody');
  return TagDescriptions.every(({ Tags }: any) =>
    Tags.some(({ Key, Value }: any) => Key === CLUSTER_TAG && Value === fresh.context),
  );
}

/** Where the controller of NEW is killed, beside once before the retag. */
function pointsOf(stage: LabStage, before: KubeObject, estate: Estate): readonly Point[] {
  const [old, { kube }] = stage.clusters;
  const local = () => kube.need('services', LOCAL.namespace, LOCAL.name);
  return [
    { name: 'before the retag', reached: () => Promise.resolve(true) },
    {
      // Later, after the note, a controller that was killed is one that has restarted: nlbmc leaves it alone.
      name: 'between retag and restart',
      waits: true,
      reached: () => Promise.resolve(isTagged(stage, estate)),
    },
    {
      name: 'during the restart',
      async reached() {
        const { spec } = await kube.need('deployments', NAMESPACE, NAME);
        return JSON.stringify(spec.template) !== JSON.stringify(before['spec'].template);
      },
    },
    {
      name: 'right after the patch of adopt',
      reached: async () => (await local())['spec'].type === 'LoadBalancer',
    },
    {
      name: 'during finish',
      reached: async () =>
        (await bindingsOf(stage, old)).every(
          ({ metadata }) => !('service.k8s.aws/stack-name' in (metadata.labels ?? {})),
        ),
    },
  ];
}

export const killedHandover: Scenario = {
  name: 'killed-handover',
  title:
    'nodes as targets, a Service of another name and namespace that has not joined; nlbmc is killed after each write, the controller of NEW at five points',
  clusters: 2,
  place: 'apart',
  elections: true,
  async play(stage) {
    const [old, fresh] = stage.clusters;
    const service = ownService();
    service.metadata.annotations = { ...service.metadata.annotations, [TARGET_TYPE]: 'instance' };
    service['spec'].ports[0].nodePort = NODE_PORTS.old;
    await deployPrimary(stage, { service });
    const there = await fresh.elsewhere(LOCAL.namespace);
    const local = plainService('NodePort');
    local.metadata.name = LOCAL.name;
    local['spec'].ports[0].nodePort = NODE_PORTS.fresh;
    await there.kube.create('services', LOCAL.namespace, local);
    await there.addPods(['sec-1', 'sec-2']);
    await enable(stage);
    const arn = String((await bindingsOf(stage, old))[0]?.['spec'].targetGroupARN);
    await untilHealthy(stage, arn);
    const estate = estateOf(stage, await dnsNameOf(stage, old));
    const watched = await watch(stage, estate.dnsName);
    const line = `${handoverLine(stage)} --local-service ${LOCAL.namespace}/${LOCAL.name}`;
    const rest = () => untilHealthy(stage, arn);

    await scaleDown(stage, old);
    const release = await handsOverByWrites(stage, `${line} --until release`, {
      fresh,
      points: [],
      rest,
    });
    await scaleUp(stage, old);
    const points = pointsOf(stage, await fresh.kube.need('deployments', NAMESPACE, NAME), estate);
    const more = await handsOverByWrites(stage, line, { fresh, points, rest });
    must(
      release >= FEWEST_WRITES.release && more >= FEWEST_WRITES.rest,
      `nlbmc died after each write (${release} and ${more})`,
    );

    const nodes = (name: string, port: number) => [1, 2].map((n) => `${name}-node-${n}:${port}`);
    const all = [...nodes('pri', NODE_PORTS.old), ...nodes('sec', NODE_PORTS.fresh)];
    await untilRegistered(stage, arn, all);
    await untilHealthy(stage, arn);
    // Nothing is left to do.
    await expectCode(stage, line, 0);
    await watched.end();
    must(isSame(registered(stage, arn), all), 'the nodes of both clusters are registered');
    // Nothing says any more what was made for the scenario.
    const Tags = [{ Key: SCENARIO_TAG, Value: stage.namespace }];
    const ResourceArns = [arn, estate.loadBalancer, ...estate.listeners];
    stage.aws.call('elbv2.AddTags', { ResourceArns, Tags }, 'somebody');
  },
};
