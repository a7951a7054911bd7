import { check } from '../plan/check.ts';
import { noted } from '../model/hint.ts';
import { disableHint } from '../model/nlbmc-hints.ts';
import type { DisableIntent } from '../model/intent.ts';
import { nameText } from '../model/kubernetes.ts';
import { rewritersOf } from '../observed/managers.ts';
import { listed } from '../model/words.ts';
import type { AnnotationCase } from '../checks/annotations.ts';

interface SetBackCase extends AnnotationCase {
  readonly intent: DisableIntent;
}

/**
 * Another tool writes the annotations that `disable` changes: this is harmless for the targets, but what
 * the person required does not last.
 */
export const setBackElsewhere = check<SetBackCase>(
  'managed-elsewhere',
  'caution',
  ({ cluster, service, after, intent }) => {
    const rewriters = rewritersOf(service, after);
    if (rewriters.length === 0) return undefined;
    return {
      message: `Service ${nameText(service)} in ${cluster.context} is also written by ${listed(
        rewriters.map(({ name }) => name),
      )}, which will change these annotations back.`,
      about: {
        cluster: cluster.context,
        service: { namespace: service.namespace, name: service.name },
      },
      hints: [
        noted(
          disableHint(service, [cluster.context], intent, { output: 'manifest' }),
          'put these annotations into its source',
        ),
      ],
    };
  },
);
