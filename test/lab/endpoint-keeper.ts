import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../src/sandbox/kube/object.ts';
import { nameSuffix } from '../../src/sandbox/workloads/names.ts';
import {
  endpointGroups,
  type EndpointGroup,
} from '../../src/sandbox/workloads/service-endpoints.ts';
import type { KubeRest } from './kube-rest.ts';

const SERVICE_NAME = 'kubernetes.io/service-name';
const EVERY_MS = 1_000;
/** A Service that nothing is behind keeps one empty slice, as in a real cluster. */
const NOTHING: EndpointGroup = { ports: [], endpoints: [] };

/** What was there when the keeper last looked. */
interface Seen {
  readonly services: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
}

/**
 * Stands in for the EndpointSlice controller and, for slices, the garbage collector: looks at all
 * Services and pods of a cluster when one of the Services changes, when asked to, and once a second.
 */
export class EndpointKeeper {
  readonly #kube: KubeRest;
  readonly #zoneOf: (node: string) => string | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #unwatch: () => void;
  #seen: Seen = { services: [], pods: [] };
  #pass: Promise<void> = Promise.resolve();
  #waiting = 0;
  #failure: unknown;
  #made = 0;

  /** @param watch calls its argument when a Service has changed, until what it gives back is called */
  constructor(
    kube: KubeRest,
    zoneOf: (node: string) => string | undefined,
    watch: (changed: () => void) => () => void,
  ) {
    this.#kube = kube;
    this.#zoneOf = zoneOf;
    const look = (): void => void this.sync().catch((error: unknown) => (this.#failure = error));
    this.#timer = setInterval(() => this.#waiting === 0 && look(), EVERY_MS);
    // One pass that has not begun is enough for all changes before it.
    this.#unwatch = watch(() => this.#waiting < 2 && look());
  }

  get seen(): Seen {
    return this.#seen;
  }

  /** One pass that begins after this call. Raises what a pass by the timer met too. */
  async sync(): Promise<void> {
    this.#waiting++;
    const pass = this.#pass.then(() => this.#look());
    this.#pass = pass.catch(() => undefined);
    try {
      await pass;
    } finally {
      this.#waiting--;
    }
    if (this.#failure) throw this.#failure;
  }

  /** No further pass begins; one that runs is waited for. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#unwatch();
    await this.#pass;
  }

  async #look(): Promise<void> {
    const [services, pods, slices] = await Promise.all([
      this.#kube.list('services', ''),
      this.#kube.list('pods', ''),
      this.#kube.list('endpointslices', ''),
    ]);
    this.#seen = { services, pods };
    const kept = slices.filter(({ metadata }) => metadata.labels?.[SERVICE_NAME]);
    for (const service of services.filter((one) => one['spec'].selector)) {
      const mine = kept.filter((slice) => isOf(slice, service));
      const near = pods.filter((pod) => pod.metadata.namespace === service.metadata.namespace);
      const groups = endpointGroups(service, near, this.#zoneOf);
      await this.#write(service, mine, groups.length > 0 ? groups : [NOTHING]);
    }
    for (const slice of kept) {
      if (!services.some((service) => isOf(slice, service))) await this.#remove(slice);
    }
  }

  async #write(
    service: KubeObject,
    slices: readonly KubeObject[],
    groups: readonly EndpointGroup[],
  ): Promise<void> {
    const { name, namespace = '' } = service.metadata;
    for (const [i, { ports, endpoints }] of groups.entries()) {
      const slice = slices[i];
      if (!slice) {
        const suffix = nameSuffix(`${namespace}/${name}/${this.#made++}`, 5);
        const made = newSlice(service, `${name}-${suffix}`, { ports, endpoints });
        await this.#kube.create('endpointslices', namespace, made);
      } else if (!holds(slice, { ports, endpoints })) {
        const body = { ports, endpoints };
        await this.#kube.patch('endpointslices', namespace, slice.metadata.name, body);
      }
    }
    for (const slice of slices.slice(groups.length)) await this.#remove(slice);
  }

  async #remove({ metadata }: KubeObject): Promise<void> {
    await this.#kube.delete('endpointslices', metadata.namespace ?? '', metadata.name);
  }
}

const isOf = (slice: KubeObject, service: KubeObject): boolean =>
  slice.metadata.namespace === service.metadata.namespace &&
  slice.metadata.labels?.[SERVICE_NAME] === service.metadata.name;

/** The API server answers with null or nothing for an empty list. */
const holds = (slice: KubeObject, { ports, endpoints }: EndpointGroup): boolean =>
  isDeepStrictEqual(slice['ports'] ?? [], ports) &&
  isDeepStrictEqual(slice['endpoints'] ?? [], endpoints);

function newSlice(service: KubeObject, name: string, group: EndpointGroup): KubeObject {
  const { namespace = '', uid = '', labels } = service.metadata;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name,
      namespace,
      labels: {
        ...labels,
        [SERVICE_NAME]: service.metadata.name,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Service', name: service.metadata.name, uid, controller: true },
      ],
    },
    addressType: 'IPv4',
    ...group,
  };
}
