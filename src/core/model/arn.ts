/** An ELBv2 ARN, taken apart. */
export interface Arn {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly kind: 'target-group' | 'load-balancer';
  readonly name: string;
  /** The hexadecimal part that AWS gave it. */
  readonly id: string;
}

/** The parts of a target group's or load balancer's ARN; undefined when the text is neither. */
export function parseArn(text: string): Arn | undefined {
  const match =
    /^arn:(aws[a-z-]*):elasticloadbalancing:([a-z0-9-]+):(\d{12}):(targetgroup|loadbalancer)\/(?:(?:net|app|gwy)\/)?([A-Za-z0-9-]+)\/([0-9a-f]+)$/.exec(
      text,
    );
  if (!match) return undefined;
  const [, partition = '', region = '', account = '', kind, name = '', id = ''] = match;
  return {
    partition,
    region,
    account,
    kind: kind === 'targetgroup' ? 'target-group' : 'load-balancer',
    name,
    id,
  };
}
