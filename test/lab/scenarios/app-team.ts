import {
  APP,
  bindingFor,
  deployPrimary,
  deploySecondary,
  expectCode,
  joinLine,
} from '../enrollment.ts';
import { must } from '../must.ts';
import { untilRegistered } from '../targets.ts';
import type { Scenario } from '../stage.ts';

const TEAM = 'app-team';

/** Who may read neither kube-system nor other namespaces proves by the Service which cluster is which. */
export const appTeam: Scenario = {
  name: 'app-team',
  title: 'a user with a Role in one namespace enables and joins',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    await deployPrimary(stage);
    await deploySecondary(stage, secondary);
    for (const cluster of stage.clusters) await cluster.addTeam(TEAM);
    await expectCode(stage, `enable ${APP} --context ${primary.context} --as ${TEAM}`, 0);
    await expectCode(stage, `${joinLine(stage, secondary)} --as ${TEAM}`, 0);

    const { spec } = await bindingFor(stage, primary);
    await untilRegistered(stage, spec.targetGroupARN as string, [
      'pri-1:80',
      'pri-2:80',
      'pri-3:80',
      'sec-1:80',
      'sec-2:80',
    ]);
    const { metadata } = await bindingFor(stage, secondary);
    must(
      new RegExp(`^${APP}-[0-9a-f]{6}$`).test(metadata.name),
      'the binding has a name that no controller confuses, since the version is not known',
    );
  },
};
