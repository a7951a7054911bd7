import { APP, ATTRIBUTES, bindingFor, enroll, expectCode } from '../enrollment.ts';
import { must } from '../must.ts';
import { drainQuickly, mustHaveTakenOut, tracked, untilRegistered } from '../targets.ts';
import type { Scenario } from '../stage.ts';

export const disable: Scenario = {
  name: 'disable',
  title: 'sharing ends: refused while another is enrolled, done when it has left',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    const arn = await enroll(stage);
    drainQuickly(stage, arn);
    const contexts = `${primary.context},${secondary.context}`;
    await expectCode(stage, `disable ${APP} --context ${contexts} --yes`, 5);
    const own = ['pri-1:80', 'pri-2:80', 'pri-3:80'];
    await untilRegistered(stage, arn, [...own, 'sec-1:80', 'sec-2:80']);

    const leaving = `leave ${APP} --context ${secondary.context} --primary ${primary.context} --yes`;
    await expectCode(stage, leaving, 0);
    await mustHaveTakenOut(stage, secondary, arn, ['sec-1:80', 'sec-2:80']);
    await expectCode(stage, `disable ${APP} --context ${contexts} --yes`, 0);

    const { metadata, spec } = await bindingFor(stage, primary);
    must(!spec.multiClusterTargetGroup, 'the binding is exclusive');
    must(
      (await tracked(stage, primary, metadata.name)) !== undefined,
      'the controller leaves its ConfigMap behind',
    );
    const service = await primary.kube.need('services', stage.namespace, APP);
    must(
      service.metadata.annotations?.[ATTRIBUTES] === 'deletion_protection.enabled=false',
      'deletion is allowed',
    );
    await untilRegistered(stage, arn, own);
    await mustHaveTakenOut(stage, primary, arn, []);
  },
};
