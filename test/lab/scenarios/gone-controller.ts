import { APP, enroll, expectCode } from '../enrollment.ts';
import { must } from '../must.ts';
import {
  drainQuickly,
  isSame,
  movedBy,
  mustHaveTakenOut,
  tracked,
  untilRegistered,
} from '../targets.ts';
import type { LabCluster, Scenario } from '../stage.ts';

/** What `helm uninstall` takes away, but for the CRDs, which it leaves. */
async function uninstallController({ kube }: LabCluster): Promise<void> {
  for (const kind of ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations']) {
    for (const { metadata } of await kube.list(kind, ''))
      await kube.delete(kind, '', metadata.name);
  }
  await kube.delete('deployments', 'kube-system', 'aws-load-balancer-controller');
}

/** H21: nobody is there to remove the finalizer. */
export const goneController: Scenario = {
  name: 'gone-controller',
  title: 'a secondary leaves whose controller is gone for good',
  clusters: 2,
  place: 'alone',
  turn: 'last',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    const arn = await enroll(stage);
    drainQuickly(stage, arn);
    const own = ['pri-1:80', 'pri-2:80', 'pri-3:80'];
    const foreign = ['sec-1:80', 'sec-2:80'];
    const line = `leave ${APP} --context ${secondary.context} --primary ${primary.context} --without-controller --yes`;
    const running = await expectCode(stage, line, 5);
    must(running.stdout.includes('controller-running'), 'refused while the controller runs');

    await secondary.controller.stop();
    const standing = await expectCode(stage, line, 5);
    must(standing.stdout.includes('webhook-unreachable'), 'refused while nobody answers webhooks');
    await uninstallController(secondary);
    await untilRegistered(stage, arn, [...own, ...foreign]);
    await expectCode(stage, line, 0);
    await untilRegistered(stage, arn, own);
    must(
      isSame(await movedBy(stage, 'other', 'DeregisterTargets', arn), foreign),
      'nlbmc took out the targets of the secondary and no other',
    );
    for (const cluster of stage.clusters) await mustHaveTakenOut(stage, cluster, arn, []);
    const binding = await secondary.kube.get('targetgroupbindings', stage.namespace, APP);
    must(binding === undefined, 'the binding is gone, finalizer and all');
    must((await tracked(stage, secondary, APP)) === undefined, 'its ConfigMap is gone');
    await expectCode(stage, `verify ${APP} --context ${primary.context}`, 0);
  },
};
