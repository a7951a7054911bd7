import type { ClusterRef, Hint, NlbmcHint, OptionValue } from './hint.ts';
import type {
  DisableIntent,
  FromFile,
  HandoverIntent,
  JoinIntent,
  JoinPlace,
  LeaveIntent,
} from './intent.ts';
import { knownTargetTexts } from './known-target.ts';
import { nameText, type ObjectName, sameName } from './kubernetes.ts';

/** A Service and the name that it has in the clusters that joined, where that is another one. */
interface Named {
  readonly service: ObjectName;
  readonly localService?: ObjectName;
}

const local = ({ service, localService }: Named): Record<string, OptionValue> =>
  localService === undefined || sameName(service, localService)
    ? {}
    : { 'local-service': nameText(localService) };

/** A duration as an option takes it. */
const durationText = (ms: number): string =>
  ms % 60_000 === 0 ? `${ms / 60_000}m` : `${Math.ceil(ms / 1000)}s`;

/** `--from FILE --max-age AGE`, as it was typed. */
export const fromOptions = (from: FromFile | undefined): Record<string, OptionValue> => ({
  from: from?.file,
  'max-age': from?.maxAgeMs === undefined ? undefined : durationText(from.maxAgeMs),
});

/** Options that go into a command beside those that its builder knows. */
type More = Readonly<Record<string, OptionValue>>;

const hint = (
  command: string,
  service: ObjectName,
  options: Record<string, OptionValue>,
): NlbmcHint => ({ kind: 'nlbmc', command, service, options });

/** KEY=VALUE, as `--label` and `--annotation` take them. */
const pairs = (
  values: Readonly<Record<string, string>> | undefined,
): readonly string[] | undefined =>
  values && Object.entries(values).map(([key, value]) => `${key}=${value}`);

/** `nlbmc enable`, in the cluster that owns the load balancer, or where no cluster owns it. */
export const enableHint = (service: ObjectName, context: ClusterRef, more: More = {}): NlbmcHint =>
  hint('enable', service, { context: [context], ...more });

/** `nlbmc join`, as it was or would be typed: a hint changes the intent and nothing else. */
export const joinHint = (
  intent: Named &
    Partial<
      Pick<JoinIntent, 'createService' | 'adopt' | 'forceConflicts' | 'region' | 'acceptLeaking'> &
        Omit<JoinPlace, 'primary'>
    > & {
      /** One cluster, or several that join in one run. */
      readonly context: ClusterRef | readonly ClusterRef[];
      readonly primary?: ClusterRef;
      /** The local Service is named in any case: it is to be a second one of its cluster. */
      readonly secondService?: ObjectName;
    },
): NlbmcHint =>
  hint('join', intent.service, {
    context: [intent.context].flat() as readonly ClusterRef[],
    primary: intent.primary === undefined ? undefined : [intent.primary],
    ...fromOptions(intent.from),
    'load-balancer': intent.loadBalancer,
    'target-group': intent.targetGroups?.map(({ port, arn }) =>
      port === undefined ? arn : `${port}=${arn}`,
    ),
    ...(intent.secondService ? { 'local-service': nameText(intent.secondService) } : local(intent)),
    'map-port': intent.mapPorts?.map(({ listener, port }) => `${listener}=${port}`),
    ports: intent.ports,
    'no-networking': intent.networking === false ? true : undefined,
    'from-cidr': intent.fromCidrs,
    'create-service': intent.createService ? true : undefined,
    label: pairs(intent.labels),
    annotation: pairs(intent.annotations),
    adopt: intent.adopt ? true : undefined,
    'force-conflicts': intent.forceConflicts ? true : undefined,
    accept: intent.acceptLeaking === undefined ? undefined : `leaking=${intent.acceptLeaking}`,
    region: intent.region,
  });

/** `nlbmc handover`, as it was or would be typed. */
export const handoverHint = (
  intent: HandoverIntent,
  others: readonly ClusterRef[] | undefined,
  more: More = {},
): NlbmcHint =>
  hint('handover', intent.service, {
    old: [intent.old],
    new: intent.new === undefined ? 'nobody' : [intent.new],
    context: others?.length ? others : undefined,
    ...local(intent),
    lost: intent.lost ? true : undefined,
    back: intent.back ? true : undefined,
    until: intent.back ? undefined : intent.until,
    restarted: intent.restarted ? true : undefined,
    ...more,
  });

/** `nlbmc handover` of what a cluster owns, to one that a person names. */
export const handoverAwayHint = (service: ObjectName, old: ClusterRef): NlbmcHint => ({
  ...hint('handover', service, { old: [old], new: [{ any: true }] }),
  where: 'to let it leave, with the context of the cluster that takes the load balancer over for …',
});

/** `nlbmc handover` from a cluster that is lost, by the name that its controller gave it, which no one tells here. */
export const handoverLostHint = (service: ObjectName, fresh: ClusterRef): NlbmcHint => ({
  ...hint('handover', service, { old: [{ any: true }], new: [fresh], lost: true }),
  where: 'if that cluster is lost, with the name that it had in --cluster-name for …',
});

/** `nlbmc enroll` of these clusters. */
export const enrollHint = (
  service: ObjectName,
  contexts: readonly ClusterRef[],
  more: More = {},
): NlbmcHint => hint('enroll', service, { context: contexts, ...more });

/** What a person has accepted already: `--accept` is given once for each. */
function acceptedBy(
  intent: Partial<Pick<LeaveIntent, 'acceptRemoving' | 'acceptStillBound'>>,
): readonly string[] | undefined {
  const { acceptRemoving: removing, acceptStillBound } = intent;
  if (removing === undefined) return acceptStillBound ? ['still-bound'] : undefined;
  return [`removing=${removing}`, ...(acceptStillBound ? ['still-bound'] : [])];
}

/** `nlbmc leave` of one cluster, or of several in one run, as it was or would be typed. */
export const leaveHint = (
  intent: Named &
    Partial<Omit<LeaveIntent, 'context' | 'primary' | 'beside'>> & {
      readonly context: ClusterRef | readonly ClusterRef[];
      readonly primary?: ClusterRef;
    },
): NlbmcHint =>
  hint('leave', intent.service, {
    context: [intent.context].flat() as readonly ClusterRef[],
    primary: intent.primary === undefined ? undefined : [intent.primary],
    // The command line takes one of the two.
    'load-balancer': intent.targetGroups?.length ? undefined : intent.loadBalancer,
    'target-group': intent.targetGroups?.length ? intent.targetGroups : undefined,
    ...local(intent),
    'delete-service': intent.deleteService ? true : undefined,
    'without-controller': intent.withoutController ? true : undefined,
    'min-healthy': (intent.minHealthy ?? 1) > 1 ? intent.minHealthy : undefined,
    'min-healthy-per-zone': intent.minHealthyPerZone,
    accept: acceptedBy(intent),
  });

/** A command for another cluster, too: undefined where the two differ in more than that. */
function withCluster(one: Hint, other: Hint): Hint | undefined {
  if (one.kind !== 'nlbmc' || other.kind !== 'nlbmc') return undefined;
  if (!['join', 'leave'].includes(one.command)) return undefined;
  const but = (hint: NlbmcHint): string =>
    JSON.stringify({ ...hint, options: { ...hint.options, context: undefined } });
  const context = [one, other].flatMap(({ options }) =>
    Array.isArray(options['context']) ? (options['context'] as readonly ClusterRef[]) : [],
  );
  return but(one) === but(other) ? { ...one, options: { ...one.options, context } } : undefined;
}

/** The same commands in their order; neighbours that differ only in the cluster are one, since `join` and `leave` take several. */
export const inOneRun = (hints: readonly Hint[]): readonly Hint[] =>
  hints.reduce<readonly Hint[]>((done, hint) => {
    const last = done.at(-1);
    const both = last && withCluster(last, hint);
    return both ? [...done.slice(0, -1), both] : [...done, hint];
  }, []);

/** `nlbmc disable`: the primary's context first, then those that are looked into for bindings. */
export const disableHint = (
  service: ObjectName,
  contexts: readonly ClusterRef[],
  asked: Partial<Pick<DisableIntent, 'allowDeletion' | 'exclusive' | 'knownTargets'>> = {},
  more: More = {},
): NlbmcHint =>
  // Both are what the command does where neither is named.
  hint('disable', service, {
    context: contexts,
    'allow-deletion': asked.allowDeletion && !asked.exclusive ? true : undefined,
    exclusive: asked.exclusive && !asked.allowDeletion ? true : undefined,
    'known-target': knownTargetTexts(asked.knownTargets),
    ...more,
  });

const overClusters =
  (command: 'verify' | 'repair' | 'purge' | 'show') =>
  (named: Named, contexts: readonly ClusterRef[], more: More = {}): NlbmcHint =>
    hint(command, named.service, { context: contexts, ...local(named), ...more });

/** `nlbmc verify` of these clusters. */
export const verifyHint = overClusters('verify');

/** `nlbmc repair` of these clusters. */
export const repairHint = overClusters('repair');

/** `nlbmc purge`, with every cluster that is still there. */
export const purgeHint = overClusters('purge');

/** `nlbmc show` of these clusters. */
export const showHint = overClusters('show');

/** `nlbmc show` of these clusters, into a file that other commands take with `--from`. */
export const showIntoHint = (
  named: Named,
  contexts: readonly ClusterRef[],
  file: string,
): NlbmcHint => ({ ...showHint(named, contexts, { output: 'yaml' }), into: file });

/** `nlbmc list` of these clusters, in all namespaces. */
export const listHint = (contexts: readonly ClusterRef[]): NlbmcHint => ({
  kind: 'nlbmc',
  command: 'list',
  options: { context: contexts, 'all-namespaces': true },
});

/** The same command, with a clause that says what a person accepts by it. */
export const accepting = (command: NlbmcHint, accepts: string): NlbmcHint => ({
  ...command,
  accepts,
});
