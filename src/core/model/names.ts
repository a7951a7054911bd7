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
  /** In the name, where the Service has another port of this number. */
  readonly protocol?: string;
  /** Whether a name is in use by something else. */
  readonly taken: (name: string) => boolean;
  /** Always with the digits of the ARN: it cannot be told whether the plain name is free. */
  readonly hashed?: boolean;
}

/**
 * The name of a secondary's binding: the Service's for one port, with the port added for several
 * (and the protocol, for the UDP one of two ports with one number), and with six digits of the target group's ARN where that name is taken, too long or in doubt.
 * Undefined: that name is taken, too.
 */
export function bindingName(facts: BindingNameFacts): string | undefined {
  const suffix = facts.protocol === undefined ? '' : `-${facts.protocol}`;
  const plain =
    facts.ports === 1 && suffix === '' ? facts.service : `${facts.service}-${facts.port}${suffix}`;
  if (facts.hashed !== true && plain.length <= longestName && !facts.taken(plain)) return plain;
  const hex = parseArn(facts.arn)?.id.slice(-6) ?? '';
  const ending = plain.slice(facts.service.length);
  const room = longestName - ending.length - hex.length - 1;
  const name = `${facts.service.slice(0, room).replace(/-+$/, '')}${ending}-${hex}`;
  return hex !== '' && !facts.taken(name) ? name : undefined;
}

/**
 * Names that a binding may get, before it is known which are taken, and which protocol the target
 * group has: their ConfigMaps are read. `twice`: the Service has the number for TCP and UDP.
 */
export const possibleBindingNames = ({
  twice,
  ...facts
}: Omit<BindingNameFacts, 'taken' | 'hashed' | 'protocol'> & {
  readonly twice: boolean;
}): readonly string[] =>
  [{}, ...(twice ? [{ protocol: 'udp' }] : [])].flatMap((protocol) => {
    const first = bindingName({ ...facts, ...protocol, taken: () => false });
    const second = bindingName({ ...facts, ...protocol, taken: (name) => name === first });
    return [first, second].filter((name) => name !== undefined);
  });
