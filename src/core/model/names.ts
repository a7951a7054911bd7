import { parseArn } from './arn.ts';

/** A DNS label: pods get a readiness gate named after the binding, and that part may have 63. */
export const longestName = 63;

export interface BindingNameFacts {
  /** Name of the local Service. */
  readonly service: string;
  readonly port: number;
  /** Ports of the enrollment. */
  readonly ports: number;
  readonly arn: string;
  /** Whether a name is in use by something else. */
  readonly taken: (name: string) => boolean;
  /** Always with the digits of the ARN: it cannot be told whether the plain name is free. */
  readonly hashed?: boolean;
}

/**
 * The name of a secondary's binding: the Service's for one port, with the port added for several,
 * and with six digits of the target group's ARN where that name is taken, too long or in doubt.
 * Undefined: that name is taken, too.
 */
export function bindingName(facts: BindingNameFacts): string | undefined {
  const plain = facts.ports === 1 ? facts.service : `${facts.service}-${facts.port}`;
  if (facts.hashed !== true && plain.length <= longestName && !facts.taken(plain)) return plain;
  const hex = parseArn(facts.arn)?.id.slice(-6) ?? '';
  const ending = plain.slice(facts.service.length);
  const room = longestName - ending.length - hex.length - 1;
  const name = `${facts.service.slice(0, room).replace(/-+$/, '')}${ending}-${hex}`;
  return hex !== '' && !facts.taken(name) ? name : undefined;
}

/** Names that a binding may get, before it is known which are taken: their ConfigMaps are read. */
export const possibleBindingNames = (
  facts: Omit<BindingNameFacts, 'taken' | 'hashed'>,
): readonly string[] => {
  const first = bindingName({ ...facts, taken: () => false });
  const second = bindingName({ ...facts, taken: (name) => name === first });
  return [first, second].filter((name) => name !== undefined);
};
