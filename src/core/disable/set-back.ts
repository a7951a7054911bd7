import { failing, type Check } from '../plan/check.ts';
import { nlbmc } from '../model/commands.ts';
import { nameText } from '../model/kubernetes.ts';
import { rewritersOf } from '../observed/managers.ts';
import { listed } from '../model/words.ts';
import type { AnnotationCase } from '../checks/annotations.ts';

/**
 * Another tool writes the annotations that `disable` changes: harmless for the targets, but what
 * was asked for does not last.
 */
export const setBackElsewhere: Check<AnnotationCase> = {
  id: 'managed-elsewhere',
  severity: 'caution',
  run({ cluster, service, after }) {
    const rewriters = rewritersOf(service, after);
    if (rewriters.length === 0) return failing([]);
    return failing([
      {
        code: 'managed-elsewhere',
        message: `Service ${nameText(service)} in ${cluster.context} is written by ${listed(
          rewriters.map(({ name }) => name),
        )} too, which sets back what is changed here.`,
        hint: `${nlbmc('disable', service, '--context', cluster.context, '-o', 'manifest')}   # put these annotations into its source`,
        cluster: cluster.context,
      },
    ]);
  },
};
