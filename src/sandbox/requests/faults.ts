/** A request as a fault rule sees it, before it is handled. */
export interface FaultSubject {
  readonly world: 'kube' | 'aws';
  readonly cluster?: string;
  /** `lbc/CLUSTER` for a call that a controller makes in this process; none for what comes by HTTP. */
  readonly caller?: string;
  /** `GET /api/v1/services?limit=1` for Kubernetes, `elbv2.DescribeTargetHealth` for AWS. */
  readonly text: string;
}

/**
 * What goes wrong, for which request, how often.
 * `status` answers with that HTTP status, `cut` closes the connection without an answer, `hang`
 * never answers, `delay` answers late, `cut-after` performs the request and then cuts the answer.
 */
export interface FaultRule {
  /** As a person wrote it. */
  readonly text?: string;
  readonly world?: 'kube' | 'aws';
  readonly cluster?: string;
  readonly match?: RegExp;
  /** Hits the calls of this controller alone, `lbc/CLUSTER`; without it, those of no controller. */
  readonly caller?: string;
  readonly kind: 'status' | 'cut' | 'cut-after' | 'hang' | 'delay';
  /** HTTP status, for `status`. */
  readonly status?: number;
  /** Kubernetes Status reason or AWS error code, for `status`. */
  readonly reason?: string;
  /** Simulated milliseconds, for `delay`. */
  readonly delayMs?: number;
  /** Matching requests let through first. */
  readonly skip?: number;
  /** Requests hit after that; without it, all. */
  readonly times?: number;
}

/** A rule in force. */
export interface ArmedFault {
  /** Never given again while the sandbox runs. */
  readonly number: number;
  readonly rule: FaultRule;
  /** Requests that it hit so far. */
  readonly hits: number;
}

/** The fault rules in force. The first rule that matches a request and is not used up takes it. */
export class Faults {
  #armed: { readonly number: number; readonly rule: FaultRule; seen: number }[] = [];
  #count = 0;

  /** The rules in force, used up or not, in the order in which they are asked. */
  get armed(): ArmedFault[] {
    return this.#armed.map(({ number, rule, seen }) => ({
      number,
      rule,
      hits: Math.min(Math.max(seen - (rule.skip ?? 0), 0), rule.times ?? Infinity),
    }));
  }

  /** Adds a rule; the function it gives back takes the rule away again. */
  add(rule: FaultRule): () => void {
    const number = ++this.#count;
    this.#armed.push({ number, rule, seen: 0 });
    return () => this.remove(number);
  }

  /** Takes the rule of that number away, if it is in force. */
  remove(number: number): void {
    this.#armed = this.#armed.filter((other) => other.number !== number);
  }

  clear(): void {
    this.#armed = [];
  }

  /** The rule that hits this request, counted as used; undefined when it goes through unharmed. */
  take(subject: FaultSubject): FaultRule | undefined {
    for (const armed of this.#armed) {
      const { rule } = armed;
      if (rule.world && rule.world !== subject.world) continue;
      if (rule.caller !== subject.caller) continue;
      if (rule.cluster && rule.cluster !== subject.cluster) continue;
      if (rule.match && !rule.match.test(subject.text)) continue;
      const hit = ++armed.seen - (rule.skip ?? 0);
      if (hit >= 1 && hit <= (rule.times ?? Infinity)) return rule;
    }
    return undefined;
  }
}
