import { nameOf } from './targets.ts';
import type { LabStage } from './stage.ts';

const PREFIX = 'aws-lbc-targets-';

/**
 * For each target that a controller registered in one of the scenario's `own` target groups, whether
 * its ConfigMap listed the target by then:
 * `sec-1:80 recorded first` or `pri-1:80 not recorded`. Each once.
 */
export async function recordOrder(stage: LabStage, own: ReadonlySet<string>): Promise<string[]> {
  /** By cluster and ConfigMap: what the controller wrote last. */
  const records = new Map<string, ReadonlySet<string>>();
  const told = new Set<string>();
  for (const act of await stage.acts()) {
    if (act.world === 'kube') {
      if (act.namespace !== stage.namespace || !act.name.startsWith(PREFIX)) continue;
      if (act.resource !== 'configmaps' || act.verb === 'delete') continue;
      const { data } = act.body as { data?: { targets?: string } };
      records.set(`${act.cluster} ${act.name}`, new Set(data?.targets?.split(',')));
      continue;
    }
    if (act.action !== 'elbv2.RegisterTargets') continue;
    if (!own.has(act.params['TargetGroupArn'] as string)) continue;
    for (const { Id, Port } of act.params['Targets'] as { Id: string; Port: number }[]) {
      const isRecorded = [...records].some(
        ([key, record]) => key.startsWith(`${act.by} `) && record.has(`${Id}:${Port}`),
      );
      told.add(`${nameOf(stage, Id)}:${Port} ${isRecorded ? 'recorded first' : 'not recorded'}`);
    }
  }
  return [...told];
}
