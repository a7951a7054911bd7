import { atLeast } from '../../../src/sandbox/lbc/process/version.ts';
import { APP, expectCode } from '../enrollment.ts';
import type { LabCluster, LabStage, NlbmcOutcome } from '../stage.ts';
import { scaleDown, scaleUp } from './controllers.ts';

export const handoverLine = (stage: LabStage): string => {
  const [old, fresh] = stage.clusters;
  return `handover ${APP} --old ${old.context} --new ${fresh.context} --timeout 40m --yes`;
};

/** Whether a Service can be released while its controller runs (service_controller.go, since v3.4.0 again). */
const releasesSafely = ({ controller }: LabCluster): boolean =>
  atLeast(controller.version, '3.4.0') || !atLeast(controller.version, '2.13.0');

/**
 * Runs the line, which takes the load balancer from that cluster. Where its controller must not run during the
 * release, it is scaled to nothing for that phase, as the check `release-unsafe` says.
 */
export async function handsOver(
  stage: LabStage,
  line: string,
  from: LabCluster,
): Promise<NlbmcOutcome> {
  if (releasesSafely(from)) return expectCode(stage, line, 0);
  await scaleDown(stage, from);
  await expectCode(stage, `${line} --until release`, 0);
  await scaleUp(stage, from);
  return expectCode(stage, line, 0);
}
