import { isLost } from './act.ts';
import { load } from 'js-yaml';
import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import type { World, WorldCluster } from '../../../src/sandbox/world.ts';
import type { Sent } from './line.ts';
import type { Entry } from './schedule.ts';

/** A write that the world spoke against as it was sent: it is wrong, whatever becomes of it. */
export interface Breach {
  /** Simulated ms after the schedule's beginning. */
  readonly at: number;
  readonly entry: Entry;
  readonly text: string;
  /** How long the world was so, ms: what happened before could be seen. Absent: since before the run. */
  readonly lasted?: number;
}

/** What speaks against a write. */
export type Spoken = Pick<Breach, 'text' | 'lasted'>;

/** Longer than a run of a handover looks and writes between two waits. */
const LOOKED_MS = 30_000;
/** As long as tags are read again before controllers rely on them. */
const SETTLED_MS = 30_000;
const NOTE = 'nlbmc/handover';

const BINDINGS = 'targetgroupbindings.elbv2.k8s.aws';

/** What an Enrollment document tells of its members, as far as it is asked here. */
interface Written {
  readonly at: string;
  readonly members: readonly {
    readonly context: string;
    readonly bindings: readonly {
      readonly targetGroup: string;
      readonly registered: readonly string[];
    }[];
  }[];
}

interface Health {
  readonly TargetHealthDescriptions: readonly {
    readonly Target: { readonly Id: string; readonly Port: number };
    readonly TargetHealth: { readonly State: string };
  }[];
}

/** States of the targets of a target group, by `id:port`. */
function statesIn({ aws }: World, TargetGroupArn: string): ReadonlyMap<string, string> {
  const answer = aws.call('elbv2.DescribeTargetHealth', { TargetGroupArn }, 'records') as Health;
  return new Map(
    answer.TargetHealthDescriptions.map(({ Target, TargetHealth }) => [
      `${Target.Id}:${Target.Port}`,
      TargetHealth.State,
    ]),
  );
}

const bindingsOf = ({ kube }: WorldCluster): readonly KubeObject[] =>
  kube.list(BINDINGS, 'default').filter(({ spec }) => spec.serviceRef.name === 'nginx');

/** What the controller of a cluster has recorded for a binding. */
const trackedBy = ({ kube }: WorldCluster, { metadata }: KubeObject): readonly string[] => {
  const record = kube.get('configmaps', 'default', `aws-lbc-targets-${metadata.name}`);
  const text = (record?.data as { targets?: string } | undefined)?.targets ?? '';
  return text.split(',').filter((one) => one !== '');
};

/** Whether a cluster is bound, and all that it tracks is healthy. */
function isSound(world: World, cluster: WorldCluster): boolean {
  const bindings = bindingsOf(cluster);
  return (
    bindings.length > 0 &&
    bindings.every((binding) => {
      const states = statesIn(world, String(binding.spec.targetGroupARN));
      const tracked = trackedBy(cluster, binding);
      return tracked.length > 0 && tracked.every((key) => states.get(key) === 'healthy');
    })
  );
}

/** A binding that its cluster does not have yet. */
const isNewBinding = (world: World, { cluster, name }: Sent): boolean =>
  cluster !== undefined &&
  /targetgroupbindings/.test(name) &&
  !name.startsWith('DELETE') &&
  world.cluster(cluster).kube.get(BINDINGS, 'default', name.split('/').at(-1) ?? '') === undefined;

const optionOf = (words: string, name: string): string =>
  new RegExp(`--${name} (\\S+)`).exec(words)?.[1] ?? '';

/** What `--max-age` says, as it is typed here, in ms. */
function mostOf(words: string): number {
  const [, number = '1', unit = 'h'] = /--max-age (\d+)([hm])/.exec(words) ?? [];
  return Number(number) * (unit === 'h' ? 3_600_000 : 60_000);
}

/** Looks on while one run of nlbmc goes on. */
export interface Watch {
  /** What speaks against this write; undefined: nothing. */
  readonly against: (sent: Sent) => Spoken | undefined;
  readonly carried: () => void;
}

/** Watches a run that was typed with these words, and may read this document. */
export function watchRun(world: World, words: string, document: string): Watch {
  const isHandover = words.startsWith('handover');
  const replaced = isHandover ? '' : optionOf(words, 'new');
  const byDocument = words.startsWith('join') && words.includes('--from -');
  const named = ['context', 'primary', 'old', 'new'].flatMap((name) =>
    optionOf(words, name).split(','),
  );
  const written = byDocument ? writtenIn(document) : undefined;
  const contexts = optionOf(words, 'context').split(',');
  const lost = written ? lostOf(world, written, contexts) : [];
  let proven = false;
  let begun = false;
  let taggedAt = -Infinity;

  /** A cluster that takes another's place has to be sound before that one leaves. */
  const hasty = ({ cluster, name }: Sent): string | undefined =>
    replaced !== '' &&
    cluster === optionOf(words, 'old') &&
    /^DELETE .*targetgroupbindings/.test(name) &&
    !proven
      ? `${cluster} leaves, and ${replaced} has not been seen with all that it tracks healthy`
      : undefined;

  /** A document has to be recent, and what it has of others has to be there still. */
  const unfounded = (): string | undefined => {
    if (!written) return undefined;
    const age = world.clock.date().getTime() - Date.parse(written.at);
    if (age > mostOf(words)) return `the document is ${Math.round(age / 60_000)} minutes old`;
    const still = lostOf(world, written, contexts);
    const gone = lost.find((one) => still.includes(one));
    return gone && `${gone}, which the document has, was gone before`;
  };

  /**
   * Whose binding on the same target group would take the new targets out, of the clusters that the run
   * names: of others, no API shows the flag to it.
   */
  const unshared = ({ cluster, body }: Sent): string | undefined => {
    const { targetGroupARN } = (body as KubeObject).spec;
    const exclusive = [...world.clusters.values()].find(
      (one) =>
        one.name !== cluster &&
        named.includes(one.name) &&
        bindingsOf(one).some(
          ({ metadata, spec }) =>
            spec.targetGroupARN === targetGroupARN &&
            spec.multiClusterTargetGroup !== true &&
            metadata.deletionTimestamp === undefined,
        ),
    );
    return exclusive && `${cluster} is bound, and the binding of ${exclusive.name} is exclusive`;
  };

  /** A controller that manages the Service writes its own tags, and makes what it does not find. */
  const unreleased = ({ cluster, name }: Sent): string | undefined => {
    if (cluster !== undefined || !/\.(?:AddTags|RemoveTags)$/.test(name)) return undefined;
    const taker = optionOf(words, words.includes('--back') ? 'old' : 'new');
    const managing = [...world.clusters.values()].find(
      (one) => one.name !== taker && isManaged(one) && !isLost(one),
    );
    return (
      managing && `tags change hands, and the Service of ${managing.name} has not been released`
    );
  };

  /** The way back from a handover that is under way: what made targets unhealthy may be what it takes back. */
  const returns = (): boolean =>
    words.includes('--back') &&
    [...world.clusters.values()].some(
      ({ kube }) => NOTE in (kube.get('services', 'default', 'nginx')?.metadata.annotations ?? {}),
    );

  /** The first write of a handover finds every target of the listed clusters healthy. */
  const unsound = ({ name }: Sent): string | undefined => {
    if (begun || /selfsubject/.test(name)) return undefined;
    begun = true;
    if (returns()) return undefined;
    const sick = [...world.clusters.values()].find(
      (one) =>
        named.includes(one.name) &&
        bindingsOf(one).length > 0 &&
        !isSound(world, one) &&
        !isLost(one),
    );
    return sick && `a handover begins, and not all that ${sick.name} tracks is healthy`;
  };

  /** Tags are given to controllers to read when AWS has given them for a while. */
  const unsettled = ({ name, body }: Sent): string | undefined => {
    const now = world.clock.time();
    if (/\.(?:AddTags|RemoveTags)$/.test(name)) taggedAt = now;
    const note = (body as Partial<KubeObject> | undefined)?.metadata?.annotations?.[NOTE];
    return note?.startsWith('tagged') && now - taggedAt < SETTLED_MS
      ? `tags are called settled ${Math.round((now - taggedAt) / 1000)} s after they were written`
      : undefined;
  };

  const spokenAgainst = (sent: Sent): string | undefined => {
    if (!isNewBinding(world, sent)) return hasty(sent);
    // AWS does not show the flag: that is what a person accepts by a document.
    return byDocument ? unfounded() : unshared(sent);
  };

  return {
    carried: () => {
      if (replaced !== '') proven ||= isSound(world, world.cluster(replaced));
    },
    against: (sent) => {
      const text = spokenAgainst(sent);
      if (text !== undefined) return { text };
      const early = isHandover ? (unsettled(sent) ?? unsound(sent) ?? unreleased(sent)) : undefined;
      return early === undefined ? undefined : { text: early, lasted: LOOKED_MS };
    },
  };
}

const isManaged = ({ kube }: WorldCluster): boolean =>
  kube
    .get('services', 'default', 'nginx')
    ?.metadata.finalizers?.includes('service.k8s.aws/resources') === true;

/** A document that was edited may be anything: nothing is expected of what is none. */
function writtenIn(document: string): Written | undefined {
  try {
    const found = load(document) as Written;
    return Number.isNaN(Date.parse(found.at)) ? undefined : found;
  } catch {
    return undefined;
  }
}

/** Registered targets that the document has of other clusters than these, and that are gone. */
function lostOf(
  world: World,
  { members }: Written,
  contexts: readonly string[],
): readonly string[] {
  return members
    .filter(({ context }) => !contexts.includes(context))
    .flatMap(({ context, bindings }) =>
      bindings.flatMap(({ targetGroup, registered }) => {
        const states = statesIn(world, targetGroup);
        const isGone = (key: string): boolean => ['draining', undefined].includes(states.get(key));
        return registered.filter(isGone).map((key) => `${key} of ${context}`);
      }),
    );
}
