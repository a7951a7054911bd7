import type { MemberState, MemberVerdict } from '../core/plan/verdict.ts';
import type { Tone } from './style.ts';
import type { Cell } from './table.ts';

/** A column of the verify table. */
export interface VerdictColumn {
  readonly heading: string;
  /** Holds a count, which leans to the right. */
  readonly counts: boolean;
  /** On a terminal it is there only where it says something, or not at all. */
  readonly brief: 'always' | 'not-zero' | 'never';
  cell(member: MemberVerdict): Cell;
}

const tones: Readonly<Record<MemberState, Tone>> = {
  ready: 'good',
  recorded: 'warn',
  converging: 'warn',
  degraded: 'bad',
  unknown: 'bad',
};

const number = (count: number | null): string => (count === null ? '?' : String(count));

const exclusive = ({ multiCluster }: MemberVerdict): string =>
  multiCluster === false ? ' (exclusive)' : '';

const counted = (
  name: 'eligible' | 'tracked' | 'registered' | 'healthy' | 'draining',
  brief: VerdictColumn['brief'] = 'always',
): VerdictColumn => ({
  heading: name,
  counts: true,
  brief,
  cell: (member) => number(member[name]),
});

const text = (
  heading: string,
  brief: VerdictColumn['brief'],
  cell: VerdictColumn['cell'],
): VerdictColumn => ({ heading, counts: false, brief, cell });

/** The columns of the verify table, in their order: `-o table` in a pipe has them all. */
export const verdictColumns: readonly VerdictColumn[] = [
  // Two Services of one cluster are two members: then the name of the cluster alone is no row's.
  text('cluster', 'always', ({ cluster, beside, service }) =>
    beside && service ? `${cluster} ${service.namespace}/${service.name}` : cluster,
  ),
  text('role', 'never', ({ role }) => role),
  text(
    'binding',
    'never',
    (member) =>
      (member.binding ? `${member.binding.namespace}/${member.binding.name}` : '-') +
      exclusive(member),
  ),
  counted('eligible'),
  counted('tracked'),
  counted('registered'),
  counted('healthy'),
  counted('draining', 'not-zero'),
  text('state', 'always', ({ state }) => ({ text: state, tone: tones[state] })),
];

/** At the end of a row on a terminal, in the place of the columns that are left out there. */
export const roleText = ({ multiCluster, role }: MemberVerdict): string =>
  multiCluster === false ? 'exclusive' : role;
