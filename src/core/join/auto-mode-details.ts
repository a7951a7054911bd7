import type { JoinCase } from './join-port.ts';
import { autoModePolicy } from '../observed/denied-registration.ts';
import type { NetworkingRule } from '../model/kubernetes.ts';
import type { Problem } from '../model/problem.ts';

/** What the documentation of EKS Auto Mode says, or does not say, about what the join writes. */
function detailsFor({ ports }: JoinCase): readonly string[] {
  const rules = ports.flatMap(({ document }) => {
    const spec = document?.['spec'] as
      | { readonly networking?: { readonly ingress?: readonly NetworkingRule[] } }
      | undefined;
    return spec?.networking?.ingress ?? [];
  });
  const blocks = rules.some(({ from }) => from.some(({ ipBlock }) => ipBlock !== undefined));
  return [
    `${autoModePolicy} If AWS denies it, nlbmc prints the policy that is missing.`,
    ...(blocks
      ? [
          'Its documentation does not support rules with address ranges (ipBlock), and the binding has some. If targets stay unhealthy, open their security group by hand.',
        ]
      : []),
  ];
}

/** The caution that EKS Auto Mode is not tested, with what to expect of a join. */
export const withAutoModeDetails = (
  subject: JoinCase,
  cautions: readonly Problem[],
): readonly Problem[] =>
  cautions.map((caution) =>
    caution.code === 'flavour-unverified'
      ? { ...caution, details: [...(caution.details ?? []), ...detailsFor(subject)] }
      : caution,
  );
