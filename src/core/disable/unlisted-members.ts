import { accepting, disableHint } from '../model/nlbmc-hints.ts';
import type { DisableIntent } from '../model/intent.ts';
import type { NlbmcHint } from '../model/hint.ts';
import type { Observed } from '../observed/observed.ts';
import type { Problem } from '../model/problem.ts';

/** Only one cluster was looked into; where more are listed the person knows which ones there are. */
const isAlone = ({ clusters }: Observed): boolean => clusters.length === 1;

const withOthers = (asked: DisableIntent): NlbmcHint => ({
  ...disableHint(asked.service, [asked.context, { any: true }], asked),
  where: 'with the contexts of the other clusters for …',
});

/**
 * The flag goes while one cluster was looked into. A cluster that is not listed shows by its
 * registered targets alone: one that is enrolled and has no pods just now would be cut off later,
 * when they come. Grave: `--yes` is no answer to it.
 */
export function unlistedMembers(observed: Observed, asked: DisableIntent): readonly Problem[] {
  if (!isAlone(observed)) return [];
  const { context, service } = asked;
  return [
    {
      code: 'unlisted-members',
      message: `Only ${context} was listed. nlbmc cannot see a cluster that joined but has no registered target at the moment. As soon as such a cluster registers targets, the controller of ${context} would deregister them.`,
      about: { cluster: context, service },
      hints: [
        withOthers(asked),
        accepting(
          disableHint(service, [context], asked, { accept: 'unlisted-members' }),
          'no other cluster has joined',
        ),
      ],
      grave: true,
    },
  ];
}

/** The same where the flag stays as it is: nothing is cut off, and the answer is given without it. */
export function unlistedNote(observed: Observed, asked: DisableIntent): readonly Problem[] {
  if (!isAlone(observed)) return [];
  const { context, service } = asked;
  return [
    {
      code: 'unlisted-members',
      message: `Only ${context} was listed. nlbmc can see an unlisted cluster only by its registered targets, and there are none.`,
      about: { cluster: context, service },
      hints: [withOthers(asked)],
    },
  ];
}
