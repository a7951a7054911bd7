import type { Report } from '../../../src/core/plan/report.ts';
import type { Later, Step } from '../../../src/core/plan/plan.ts';
import type { JournalEntry } from '../../../src/sandbox/requests/journal.ts';
import { writesSince } from '../harness.ts';
import { type Scene, watched } from './watched.ts';

/** A write: the kind and the object, and which of its values are set to what, or taken away (null). */
interface Told {
  readonly object: string;
  readonly values: Readonly<Record<string, string | null>>;
}

/** A value that is no text counts as set: rules name a group that had words for its id in the plan. */
const asValue = (value: unknown): string | null =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0)
    ? null
    : typeof value === 'string'
      ? value
      : '(set)';

/** What a plan lists, in the steps and for later. */
function listedIn(step: Step | Later): readonly Told[] {
  const fields = (changes: readonly { readonly path: string; readonly after: unknown }[]) =>
    Object.fromEntries(changes.map(({ path, after }) => [path, asValue(after)]));
  switch (step.kind) {
    case 'patch-service': {
      const { cluster, service, subresource, changes } = step;
      const kind = subresource ? `services/${subresource}` : 'services';
      const object = `${cluster} ${kind} ${service.namespace}/${service.name}`;
      return [{ object, values: fields(changes) }];
    }
    case 'patch-binding': {
      const { cluster, binding, changes } = step;
      const object = `${cluster} targetgroupbindings ${binding.namespace}/${binding.name}`;
      return [{ object, values: fields(changes) }];
    }
    case 'restart-controller': {
      const { cluster, deployment } = step;
      const object = `${cluster} deployments ${deployment.namespace}/${deployment.name}`;
      return [{ object, values: {} }];
    }
    case 'write-tags': {
      const gone = Object.fromEntries(step.remove.map((key) => [key, null]));
      return step.names.flatMap((name) =>
        [step.set, gone]
          .filter((values) => Object.keys(values).length > 0)
          .map((values) => ({ object: name, values })),
      );
    }
    case 'create-placeholder':
      return [{ object: `new target group ${step.name}`, values: {} }];
    case 'delete-target-group':
      return [{ object: `no target group ${step.name}`, values: {} }];
    case 'wait':
      return [];
    default:
      throw new Error(`A handover has no step ${step.kind}`);
  }
}

/** What the title of a step calls an AWS resource. */
function nameOf(id: string): string {
  if (!id.startsWith('arn:')) return `security group ${id}`;
  const [kind = '', ...path] = (id.split(':').at(-1) ?? '').split('/');
  if (kind === 'listener') return `listener ${path.at(-1)}`;
  return `${kind === 'loadbalancer' ? 'load balancer' : 'target group'} ${path.at(-2)}`;
}

interface Body {
  readonly metadata?: {
    readonly finalizers?: unknown;
    readonly labels?: Readonly<Record<string, unknown>>;
    readonly annotations?: Readonly<Record<string, unknown>>;
  };
  readonly spec?: Readonly<Record<string, unknown>> & {
    readonly networking?: { readonly ingress?: unknown };
  };
  readonly status?: { readonly loadBalancer?: unknown };
}

/** The values of a merge patch, named as a plan names them. */
function valuesOf({ metadata = {}, spec = {}, status = {} }: Body): Told['values'] {
  const { labels = {}, annotations = {}, finalizers } = metadata;
  const rows: readonly (readonly [string, unknown])[] = [
    ...('finalizers' in metadata ? [['metadata.finalizers', finalizers] as const] : []),
    ...Object.entries(labels).map(([key, value]) => [`metadata.labels.${key}`, value] as const),
    ...Object.entries(annotations),
    ...Object.entries(spec).map(([key, value]) => [`spec.${key}`, value] as const),
    ['spec.networking.ingress', spec.networking?.ingress],
    ...Object.entries(status).map(([key, value]) => [`status.${key}`, value] as const),
  ];
  return Object.fromEntries(rows.map(([key, value]) => [key, asValue(value)]));
}

interface Asked {
  readonly Resources?: readonly string[];
  readonly ResourceArns?: readonly string[];
  readonly Tags?: readonly { readonly Key: string; readonly Value?: string }[];
  readonly TagKeys?: readonly string[];
  readonly Name?: string;
  readonly TargetGroupArn?: string;
}

/** What nlbmc has sent, as the practice world took it. */
function sentIn({ world, cluster, path = '', action = '', params }: JournalEntry): readonly Told[] {
  if (world === 'kube') {
    const [, space, kind, name, sub] =
      /\/namespaces\/([^/]+)\/([^/]+)\/([^/?]+)(\/status)?/.exec(path) ?? [];
    const object = `${cluster} ${kind}${sub ?? ''} ${space}/${name}`;
    return [{ object, values: kind === 'deployments' ? {} : valuesOf(params as Body) }];
  }
  const { Resources, ResourceArns, Tags = [], TagKeys = [], ...asked } = params as Asked;
  const short = action.split('.').at(-1);
  if (short === 'CreateTargetGroup')
    return [{ object: `new target group ${asked.Name}`, values: {} }];
  if (short === 'DeleteTargetGroup')
    return [{ object: `no ${nameOf(asked.TargetGroupArn ?? '')}`, values: {} }];
  const isSet = short === 'AddTags' || short === 'CreateTags';
  const values = Object.fromEntries([
    ...Tags.map(({ Key, Value = null }) => [Key, isSet ? Value : null] as const),
    ...TagKeys.map((key) => [key, null] as const),
  ]);
  return (Resources ?? ResourceArns ?? [short ?? '']).map((id) => ({ object: nameOf(id), values }));
}

/** Whether that was listed: a patch may also say again what is so already. */
const isThat = (listed: Told, sent: Told): boolean =>
  listed.object === sent.object &&
  Object.entries(listed.values).every(([key, value]) => sent.values[key] === value);

const text = ({ object, values }: Told): string => `${object} ${JSON.stringify(values)}`;

/**
 * Runs a handover after a dry run of it: whatever it writes was listed, in the steps or for later, and what
 * was listed is written.
 */
export async function runAsListed(
  scene: Scene,
  line: string,
): Promise<Awaited<ReturnType<typeof watched>>> {
  const dry = await watched(scene, `${line} --dry-run -o json`);
  const { plan } = JSON.parse(dry.stdout) as Report;
  if (!plan) throw new Error(dry.stdout);
  const listed = [...plan.steps, ...(plan.later ?? [])].flatMap(listedIn);
  const from = scene.world.journal.entries.length;
  const run = await watched(scene, line);
  const sent = writesSince(scene.sandbox, from)
    .filter(({ status }) => status < 300)
    .flatMap(sentIn);
  expect({
    unlisted: sent.filter((one) => !listed.some((told) => isThat(told, one))).map(text),
    unsent: listed.filter((told) => !sent.some((one) => isThat(told, one))).map(text),
  }).toEqual({ unlisted: [], unsent: [] });
  return run;
}
