import { plainService } from '../../../src/sandbox/scenarios/objects.ts';
import {
  bindingByHand,
  bindingFor,
  deployPrimary,
  deploySecondary,
  enable,
  expectCode,
  join,
  verifyLine,
} from '../enrollment.ts';
import { must } from '../must.ts';
import { untilRegistered } from '../targets.ts';
import type { LabStage, Scenario } from '../stage.ts';

const TEAM = 'app-team';
const HOOKS = 'validatingwebhookconfigurations';
const ELSEWHERE = 'out-of-sight-elsewhere';

/** Does `act` while the secondary has no validating webhooks, and registers them again. */
async function withoutWebhooks({ clusters }: LabStage, act: () => Promise<void>): Promise<void> {
  const { kube } = clusters[1];
  const hooks = await kube.list(HOOKS, '');
  for (const { metadata } of hooks) await kube.delete(HOOKS, '', metadata.name);
  await act();
  for (const { metadata, webhooks } of hooks) {
    await kube.create(HOOKS, '', {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: metadata.name },
      webhooks,
    });
  }
}

/** Webhooks are called again some time after they are registered. */
const untilAsked = (stage: LabStage, said: string): Promise<void> =>
  stage.until(`verify says ${said}`, async () => {
    const { stdout } = await stage.nlbmc(`${verifyLine(stage)} --as ${TEAM}`);
    return stdout.includes(said);
  });

/** The webhook lists all bindings on every update (webhooks/elbv2/targetgroupbinding_validator.go). */
export const outOfSight: Scenario = {
  name: 'out-of-sight',
  title: 'a user of one namespace learns of an exclusive binding in another one',
  clusters: 2,
  place: 'alone',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    await deployPrimary(stage);
    await deploySecondary(stage, secondary);
    await enable(stage);
    await join(stage, secondary);
    const model = await bindingFor(stage, primary);
    const all = ['pri-1:80', 'pri-2:80', 'pri-3:80', 'sec-1:80', 'sec-2:80'];
    await untilRegistered(stage, model['spec'].targetGroupARN as string, all);
    for (const cluster of stage.clusters) await cluster.addTeam(TEAM);
    await expectCode(stage, verifyLine(stage), 0);

    // The controller accepts the change. A user who may not read its version learns nothing by that.
    const unsure = await expectCode(stage, `${verifyLine(stage)} --as ${TEAM}`, 8);
    must(unsure.stdout.includes('its Deployment was not found'), 'verify says what is missing');

    const { kube } = await secondary.elsewhere(ELSEWHERE);
    await kube.create('services', ELSEWHERE, plainService('ClusterIP'));
    await withoutWebhooks(stage, async () => {
      const { spec, ...made } = bindingByHand(model, { shared: false, name: 'old' });
      // It needs node ports, which this Service has not: its controller fails before it deregisters anything.
      const broken = { ...made, spec: { ...spec, targetType: 'instance' } };
      await kube.create('targetgroupbindings', ELSEWHERE, broken);
    });
    await untilAsked(stage, '"binding-exclusive"');
    const red = await expectCode(stage, `${verifyLine(stage)} --as ${TEAM} --accept unread`, 3);
    must(red.stdout.includes(`"namespace": "${ELSEWHERE}"`), 'verify names the binding');
  },
};
