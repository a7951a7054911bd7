import { badFormat, badValue } from '../faults.ts';
import { qualifiedName } from '../formats.ts';
import { parseQuantity } from '../schema/quantity.ts';
import type { FieldError } from '../status-error.ts';

type Quantities = Readonly<Record<string, string>>;

export interface Resources {
  readonly limits?: Quantities;
  readonly requests?: Quantities;
}

const CONTAINER = ['cpu', 'memory', 'ephemeral-storage'];
// Names without a domain that quotas know.
const STANDARD =
  /^((requests|limits)\.(cpu|memory|ephemeral-storage)|requests\.storage|pods|services|secrets|configmaps|storage|replicationcontrollers|resourcequotas|persistentvolumeclaims|services\.(nodeports|loadbalancers))$/;

const amount = (quantity: string): bigint => parseQuantity(quantity)?.nano ?? 0n;

function nameFaults(name: string, at: string): FieldError[] {
  const wrong = badFormat(at, name, qualifiedName);
  if (wrong.length > 0 || name.includes('/') || CONTAINER.includes(name)) return wrong;
  if (name.startsWith('hugepages-')) return [];
  return [
    ...(STANDARD.test(name)
      ? []
      : [badValue(at, name, 'must be a standard resource type or fully qualified')]),
    badValue(at, name, 'must be a standard resource for containers'),
  ];
}

/** Source: kubernetes pkg/apis/core/validation/validation.go, validateResourceRequirements. */
export function resourceFaults(
  { limits = {}, requests = {} }: Resources,
  at: string,
): FieldError[] {
  return [
    ...Object.entries({ limits, requests }).flatMap(([field, quantities]) =>
      Object.entries(quantities).flatMap(([name, quantity]) => {
        const key = `${at}.${field}[${name}]`;
        return [
          ...nameFaults(name, key),
          ...(amount(quantity) < 0n
            ? [badValue(key, quantity, 'must be greater than or equal to 0')]
            : []),
        ];
      }),
    ),
    ...Object.entries(requests).flatMap(([name, quantity]) => {
      const limit = limits[name];
      if (limit === undefined || amount(quantity) <= amount(limit)) return [];
      const why = `must be less than or equal to ${name} limit of ${limit}`;
      return [badValue(`${at}.requests`, quantity, why)];
    }),
  ];
}

/** Source: kubernetes pkg/apis/core/v1/helper/qos/qos.go. */
export function qosClass(containers: readonly { readonly resources?: Resources }[]): string {
  const known = ['cpu', 'memory'];
  const some = containers.some(({ resources = {} }) =>
    [resources.limits, resources.requests].some((map) => known.some((name) => map?.[name])),
  );
  if (!some) return 'BestEffort';
  const guaranteed = containers.every(({ resources: { limits, requests } = {} }) =>
    known.every((name) => limits?.[name] && (requests?.[name] ?? limits[name]) === limits[name]),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
