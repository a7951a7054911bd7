import type { AwsAccount } from '../../src/sandbox/aws/account.ts';
import type { Act } from './stage.ts';

/** The controller makes names of eight letters and digits of the namespace (pkg/service/model_build_target_group.go). */
export const shortName = (namespace: string): string =>
  namespace.replaceAll(/[^0-9a-zA-Z]/g, '').slice(0, 8);

/** Names of security groups by id, of those too that were deleted since: filled by `note`. */
export class GroupNames {
  readonly #aws: AwsAccount;
  readonly #names = new Map<string, string>();

  constructor(aws: AwsAccount) {
    this.#aws = aws;
  }

  note(): void {
    for (const [id, { name }] of this.#aws.network.groups.byId) this.#names.set(id, name);
  }

  /** `text` with the name behind each id that is known. */
  explain(text: string): string {
    return text.replaceAll(/\bsg-[0-9a-f]+/g, (id) => `${id} ${this.#names.get(id) ?? ''}`);
  }
}

/**
 * Those acts that belong to the scenario in `namespace`, where others are played beside it: by
 * namespace in Kubernetes; in AWS by names and ARNs, which tell the namespace. What several share,
 * such as rules of a node's security group, is nobody's.
 */
export function ownActs(acts: readonly Act[], namespace: string, groups: GroupNames): Act[] {
  const mark = `k8s-${shortName(namespace)}-`;
  return acts.filter((act) => {
    if (act.world === 'kube') return act.namespace === namespace;
    const text = groups.explain(JSON.stringify(act.params));
    return text.includes(mark) || text.includes(`"${namespace}/`);
  });
}
