import { AwsError } from './state/error.ts';
import { userArn } from './identity.ts';
import type { State } from './state/state.ts';

/** What is denied: actions (`elbv2.DescribeTargetHealth`), for all or for some actors. */
export interface Denial {
  readonly action: RegExp;
  readonly actor?: RegExp;
}

/** Who may not do what; everything else is allowed. */
export class Access {
  #denials: readonly Denial[] = [];

  /** Adds a denial; the function it gives back lifts it. */
  deny(denial: Denial): () => void {
    this.#denials = [...this.#denials, denial];
    return () => {
      this.#denials = this.#denials.filter((one) => one !== denial);
    };
  }

  /** Throws what the service of that action says to somebody without the permission, HTTP 403. */
  check(state: State, action: string, actor: string): void {
    const denied = this.#denials.some(
      (one) => one.action.test(action) && (one.actor?.test(actor) ?? true),
    );
    if (!denied) return;
    const [service = '', name = ''] = action.split('.');
    const permission = `${service === 'elbv2' ? 'elasticloadbalancing' : service}:${name}`;
    const words = `User: ${userArn(state)} is not authorized to perform: ${permission} because no identity-based policy allows the ${permission} action`;
    if (service === 'ec2') {
      throw new AwsError(
        'UnauthorizedOperation',
        `You are not authorized to perform this operation. ${words}`,
        403,
      );
    }
    throw new AwsError('AccessDenied', words, 403);
  }
}
