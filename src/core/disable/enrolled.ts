import { failing, type Check } from '../plan/check.ts';
import { nlbmc } from '../model/commands.ts';
import { nameText } from '../model/kubernetes.ts';
import type { Enrolled, ForeignTarget } from '../observed/others-targets.ts';
import type { DisableIntent } from '../model/intent.ts';
import type { ClusterView } from '../model/kubernetes.ts';
import type { Observed } from '../observed/observed.ts';
import { ownerText } from '../observed/owner-text.ts';
import type { Problem } from '../model/problem.ts';
import { targetText } from '../model/target-key.ts';
import { count, listed } from '../model/words.ts';

/** A primary that is to be alone, and who is there besides it. */
export interface AloneCase {
  readonly observed: Observed;
  readonly intent: DisableIntent;
  readonly primary: ClusterView;
  readonly enrolled: readonly Enrolled[];
  readonly foreign: readonly ForeignTarget[];
}

/** What the command would lead to for them. */
const harm = ({ exclusive }: DisableIntent, targets: string): string =>
  exclusive
    ? `the controller of the primary would deregister ${targets}`
    : `deleting the Service would take ${targets} out`;

const lines = (targets: readonly ForeignTarget[], observed: Observed): readonly string[] =>
  targets.map(({ found, listed: owner }) =>
    [
      `${targetText(found.target)} ${found.state}`,
      ...(found.zone === undefined ? [] : [`zone ${found.zone}`]),
      owner === undefined ? ownerText(observed.owners[found.target.id]) : `of ${owner}`,
    ].join(', '),
  );

const nobodyEnrolled: Check<AloneCase> = {
  id: 'cluster-enrolled',
  severity: 'blocker',
  run({ observed, intent, primary, enrolled, foreign }) {
    const contexts = [...new Set(enrolled.map(({ cluster }) => cluster.context))];
    return failing(
      contexts.map((context): Problem => {
        const bindings = enrolled.flatMap(({ cluster, binding }) =>
          cluster.context === context ? [nameText(binding)] : [],
        );
        const targets = foreign.filter((one) => one.listed === context);
        const own = context === primary.context;
        return {
          code: 'cluster-enrolled',
          message: `${own ? `Another binding of ${context}` : context} is enrolled in Service ${nameText(intent.service)} by ${bindings.length === 1 ? 'binding' : 'bindings'} ${listed(bindings)}${
            targets.length === 0
              ? ''
              : `: ${harm(intent, targets.length === 1 ? 'its target' : `its ${targets.length} targets`)}`
          }.`,
          hint: own
            ? nlbmc('show', intent.service, '--context', context)
            : nlbmc('leave', intent.service, '--context', context, '--primary', primary.context),
          details: lines(targets, observed),
          cluster: context,
          ...(targets.length > 0 ? { saves: targets.length } : {}),
        };
      }),
    );
  },
};

const noForeignTarget: Check<AloneCase> = {
  id: 'targets-of-others',
  severity: 'blocker',
  run({ observed, intent, primary, foreign }) {
    const unlisted = foreign.filter(({ listed: owner }) => owner === undefined);
    const owners = [...new Set(unlisted.map(({ tagged }) => tagged))];
    const contexts = observed.clusters.map(({ context }) => context).join(',');
    const purge = nlbmc('purge', intent.service, '--context', contexts);
    return failing(
      owners.map((owner): Problem => {
        const targets = unlisted.filter(({ tagged }) => tagged === owner);
        const one = targets.length === 1;
        return {
          code: 'targets-of-others',
          message: `${count(targets.length, 'registered target')} of Service ${nameText(intent.service)} ${one ? 'is' : 'are'} not of ${primary.context}${
            owner === undefined
              ? ', and no tag says whose'
              : `: EC2 says ${one ? 'it belongs' : 'they belong'} to cluster ${owner}`
          }; ${harm(intent, one ? 'it' : 'them')}.`,
          hint:
            owner === undefined
              ? purge
              : `${nlbmc('leave', intent.service, '--context', owner, '--primary', primary.context)}\n${purge}   # if that cluster is gone`,
          details: lines(targets, observed),
          saves: targets.length,
        };
      }),
    );
  },
};

/** H26 and H28: nobody else may be there when sharing or the load balancer goes. */
export const aloneChecks: readonly Check<AloneCase>[] = [nobodyEnrolled, noForeignTarget];
