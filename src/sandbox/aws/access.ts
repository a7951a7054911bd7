import { AwsError } from './state/error.ts';
import { allowsRole } from './role-policies.ts';
import { sessionArn, userArn } from './identity.ts';
import type { State } from './state/state.ts';

/** What is denied: actions (`elbv2.DescribeTargetHealth`), for all or for some actors. */
export interface Denial {
  readonly action: RegExp;
  readonly actor?: RegExp;
  /** Lets target groups be that have this tag. */
  readonly unlessTagged?: { readonly key: string; readonly value: string };
  /** The role whose session the refusal names, and whose inline policies may allow it after all. */
  readonly role?: string;
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
  check(state: State, action: string, actor: string, params: object = {}): void {
    const [service = '', name = ''] = action.split('.');
    const permission = `${service === 'elbv2' ? 'elasticloadbalancing' : service}:${name}`;
    const denied = this.#denials.find(
      (one) =>
        one.action.test(action) &&
        (one.actor?.test(actor) ?? true) &&
        !isTagged(state, one, params) &&
        !(one.role !== undefined && allowsRole(state, one.role, permission, groupArn(params))),
    );
    if (!denied) return;
    const who = denied.role === undefined ? userArn(state) : sessionArn(state, denied.role);
    const on = denied.unlessTagged ? ` on resource: ${groupArn(params)}` : '';
    const words = `User: ${who} is not authorized to perform: ${permission}${on} because no identity-based policy allows the ${permission} action`;
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

const groupArn = (params: object): string =>
  'TargetGroupArn' in params ? String(params.TargetGroupArn) : '';

/** The condition `aws:ResourceTag/KEY` of a policy, on the target group of a request. */
function isTagged(state: State, { unlessTagged }: Denial, params: object): boolean {
  if (!unlessTagged) return false;
  return state.tags.get(groupArn(params))?.get(unlessTagged.key) === unlessTagged.value;
}
