import {
  APP,
  bindingFor,
  deployPrimary,
  deploySecondary,
  enable,
  expectCode,
} from '../enrollment.ts';
import { must } from '../must.ts';
import { drainQuickly, mustHaveTakenOut, untilDrained, untilRegistered } from '../targets.ts';
import type { Scenario } from '../stage.ts';

const TEAM = 'app-team';

/** A user without any right in the primary joins, verifies and leaves by a document of the owner's side. */
export const byDocument: Scenario = {
  name: 'by-document',
  title: 'a user without rights in the primary joins, verifies and leaves by a document',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    await deployPrimary(stage);
    await deploySecondary(stage, secondary);
    await secondary.addTeam(TEAM);
    await enable(stage);
    const shown = await expectCode(stage, `show ${APP} --context ${primary.context}`, 0);
    const document = shown.stdout;

    const own = `${APP} --context ${secondary.context} --as ${TEAM}`;
    await expectCode(stage, `join ${own} --primary ${primary.context} --yes`, 8);
    await expectCode(stage, `join ${own} --from - --yes`, 0, document);
    const { spec } = await bindingFor(stage, primary);
    const arn = spec.targetGroupARN as string;
    await untilRegistered(stage, arn, ['pri-1:80', 'pri-2:80', 'pri-3:80', 'sec-1:80', 'sec-2:80']);
    const joined = await bindingFor(stage, secondary);
    must(joined.spec.targetGroupARN === arn, 'it is bound to the target group of the document');
    await expectCode(stage, `verify ${own} --from - --accept unread`, 0, document);

    // What the owner has lost since is no evidence any more.
    await primary.removePods(['pri-3']);
    await untilRegistered(stage, arn, ['pri-1:80', 'pri-2:80', 'sec-1:80', 'sec-2:80']);
    await expectCode(stage, `verify ${own} --from - --accept unread`, 3, document);

    drainQuickly(stage, arn);
    await untilDrained(stage, arn);
    await expectCode(stage, `leave ${own} --from - --yes`, 0, document);
    await untilRegistered(stage, arn, ['pri-1:80', 'pri-2:80']);
    await mustHaveTakenOut(stage, secondary, arn, ['sec-1:80', 'sec-2:80']);
  },
};
