import type { KubeObject } from '../../kube/object.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import { hasFinalizer } from '../process/finalizers.ts';
import type { ModelContext } from './model-terms.ts';
import { backendSecurityGroupName } from './naming.ts';
import { deleteSecurityGroup } from './security-group-release.ts';

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;

/**
 * The backend group that the load balancers of a cluster share, as one process knows it
 * (pkg/networking/backend_sg_provider.go). It is looked up once, by its tags, and remembered with the
 * Services that need it: only a process that looked it up deletes it, and a Service that was taken away
 * from the controller without a clean-up counts until the process ends. A group given by flag is
 * never made, tagged or deleted.
 */
export class BackendGroup {
  readonly #api: ControllerApi;
  readonly #context: ModelContext;
  readonly #wanted = new Map<string, boolean>();
  #id: string | undefined;

  constructor(api: ControllerApi, context: ModelContext) {
    this.#api = api;
    this.#context = context;
  }

  /** Its id, for this Service; made when it is missing. Raises AwsCallError. */
  get(service: KubeObject): string {
    const { flags } = this.#context;
    if (flags.backendSecurityGroup) return flags.backendSecurityGroup;
    this.#wanted.set(keyOf(service), true);
    this.#id ??= this.#find() ?? this.#make();
    return this.#id;
  }

  /** The Service needs it no more: it goes where none does; yields milliseconds. Raises as deleteSecurityGroup. */
  *release(service: KubeObject): Generator<number, void> {
    if (this.#context.flags.backendSecurityGroup) return;
    const key = keyOf(service);
    this.#wanted.set(key, false);
    try {
      if (this.#id === undefined || this.#isWanted()) return;
      yield* deleteSecurityGroup(this.#api, this.#id);
      this.#id = undefined;
    } finally {
      if (this.#wanted.get(key) === false) this.#wanted.delete(key);
    }
  }

  /** By a Service that this process has seen, or by the finalizer of one that it has not. */
  #isWanted(): boolean {
    return (
      [...this.#wanted.values()].includes(true) ||
      this.#api
        .list('services')
        .some(
          (one) =>
            hasFinalizer(one, this.#api.names.serviceFinalizer) && !this.#wanted.has(keyOf(one)),
        )
    );
  }

  #find(): string | undefined {
    const { clusterName, vpcId } = this.#context;
    const Filters = [
      { Name: 'vpc-id', Values: [vpcId] },
      { Name: `tag:${this.#api.names.clusterTag}`, Values: [clusterName] },
      { Name: `tag:${this.#api.names.backendTag}`, Values: ['backend-sg'] },
    ];
    return this.#api.pages<{ readonly GroupId: string }>(
      'ec2.DescribeSecurityGroups',
      { Filters },
      'SecurityGroups',
    )[0]?.GroupId;
  }

  #make(): string {
    const { clusterName, vpcId } = this.#context;
    const Tags = [
      { Key: this.#api.names.clusterTag, Value: clusterName },
      { Key: this.#api.names.backendTag, Value: 'backend-sg' },
    ];
    return this.#api.aws<{ GroupId: string }>('ec2.CreateSecurityGroup', {
      VpcId: vpcId,
      GroupName: backendSecurityGroupName(clusterName),
      Description: '[k8s] Shared Backend SecurityGroup for LoadBalancer',
      TagSpecifications: [{ ResourceType: 'security-group', Tags }],
    }).GroupId;
  }
}
