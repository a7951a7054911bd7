import { APP, bindingsOf, deploySecondary, verifyLine } from '../enrollment.ts';
import { must } from '../must.ts';
import {
  drainQuickly,
  isSame,
  mustHaveTakenOut,
  registered,
  tracked,
  untilDrained,
  untilHealthy,
  untilRegistered,
} from '../targets.ts';
import type { LabStage, Scenario } from '../stage.ts';
import { deploySecondApp, makeUnowned, mustRefuse, patchFlag, plainBinding } from '../unowned.ts';

const BINDINGS = 'targetgroupbindings';
const EDGE = 'edge';
const AGAIN = 'again';
const BOUND =
  /is already bound to following TargetGroupBindings .* Please enable MultiCluster mode/;

/** Waits until the record of a binding of the first cluster lists exactly these. */
const untilTracked = (stage: LabStage, binding: string, targets: readonly string[]) =>
  stage.until(`the record of ${binding} lists ${targets.join(', ')}`, async () =>
    isSame(await tracked(stage, stage.clusters[0], binding), targets),
  );

const untilGone = (stage: LabStage, binding: string) =>
  stage.until(`the binding ${binding} is gone`, async () =>
    (await bindingsOf(stage, stage.clusters[0])).every(({ metadata }) => metadata.name !== binding),
  );

/**
 * Since v2.12 a cluster may have several bindings on one target group, if all of them are
 * multi-cluster (webhooks/elbv2/targetgroupbinding_validator.go, checkExistingTargetGroups).
 */
export const secondService: Scenario = {
  name: 'second-service',
  title: 'two Services of one cluster behind one target group, beside another cluster',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const { namespace } = stage;
    const [cluster, other] = stage.clusters;
    const { kube } = cluster;
    const arn = await makeUnowned(stage);
    drainQuickly(stage, arn);
    await deploySecondary(stage, cluster);
    await deploySecondApp(stage, cluster, EDGE, ['pri-8', 'pri-9']);
    await deploySecondary(stage, other);
    const first = ['pri-1:80', 'pri-2:80'];
    const second = ['pri-8:80', 'pri-9:80'];
    const foreign = ['sec-1:80', 'sec-2:80'];
    const edge = plainBinding(arn, { shared: true, name: EDGE, service: EDGE });

    // An exclusive binding bars every other of its cluster, and of its cluster only.
    await kube.create(BINDINGS, namespace, plainBinding(arn, { shared: false }));
    await untilRegistered(stage, arn, first);
    await mustRefuse(kube.create(BINDINGS, namespace, edge), BOUND);
    await patchFlag(stage, cluster, APP, true);
    await untilTracked(stage, APP, first);
    await kube.create(BINDINGS, namespace, edge);
    await untilRegistered(stage, arn, [...first, ...second]);
    await untilTracked(stage, EDGE, second);
    await other.kube.create(BINDINGS, namespace, plainBinding(arn, { shared: true }));
    await untilRegistered(stage, arn, [...first, ...second, ...foreign]);
    for (const one of stage.clusters) await mustHaveTakenOut(stage, one, arn, []);

    // While there are two, no flag goes off, whoever asks; nor does an exclusive one come.
    await mustRefuse(patchFlag(stage, cluster, APP, false), BOUND);
    await mustRefuse(patchFlag(stage, cluster, EDGE, false), BOUND);
    const exclusive = plainBinding(arn, { shared: false, name: AGAIN });
    await mustRefuse(kube.create(BINDINGS, namespace, exclusive), BOUND);

    // Each follows its own pods.
    await cluster.removePods(['pri-9']);
    await untilRegistered(stage, arn, [...first, 'pri-8:80', ...foreign]);
    await mustHaveTakenOut(stage, cluster, arn, ['pri-9:80']);
    await untilTracked(stage, EDGE, ['pri-8:80']);
    await untilTracked(stage, APP, first);

    // One goes: its targets with it, and no other.
    await kube.delete(BINDINGS, namespace, APP);
    await untilGone(stage, APP);
    await untilRegistered(stage, arn, ['pri-8:80', ...foreign]);
    await mustHaveTakenOut(stage, cluster, arn, [...first, 'pri-9:80']);
    must((await tracked(stage, cluster, APP)) === undefined, 'its record is gone');
    await untilTracked(stage, EDGE, ['pri-8:80']);
    await untilDrained(stage, arn);

    // Two for the same Service track the same targets: either takes them out for both.
    await kube.create(BINDINGS, namespace, plainBinding(arn, { shared: true }));
    await untilRegistered(stage, arn, [...first, 'pri-8:80', ...foreign]);
    await kube.create(BINDINGS, namespace, plainBinding(arn, { shared: true, name: AGAIN }));
    await untilTracked(stage, AGAIN, first);
    await untilTracked(stage, APP, first);
    await kube.delete(BINDINGS, namespace, AGAIN);
    await untilGone(stage, AGAIN);
    await untilRegistered(stage, arn, ['pri-8:80', ...foreign]);
    await stage.pass(20_000);
    must(
      isSame(registered(stage, arn), ['pri-8:80', ...foreign]),
      'the binding that stays does not notice that its targets are gone',
    );
    must(isSame(await tracked(stage, cluster, APP), first), 'its record still lists them');
    await untilDrained(stage, arn);
    await untilHealthy(stage, arn);
    await stage.nlbmc(verifyLine(stage));
  },
};
