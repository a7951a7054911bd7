import { advice, type Hint } from './hint.ts';
import type { RegisteredTarget } from './target.ts';

/** A target's state and reason in plain words, and what to do about it. */
export interface TargetWords {
  readonly text: string;
  readonly hint?: Hint;
}

/** By AWS's reason code (ELBv2 API, TargetHealth.Reason). */
const byReason: Readonly<Record<string, TargetWords>> = {
  'Elb.RegistrationInProgress': {
    text: 'is being registered',
    hint: advice('Wait: it takes a moment.'),
  },
  'Elb.InitialHealthChecking': {
    text: 'is registered and has its first health checks',
    hint: advice('Wait until it has passed as many checks as the healthy threshold requires.'),
  },
  'Elb.InternalError': {
    text: 'has no known health: AWS had an internal error',
    hint: advice('Wait; if it lasts, ask AWS support.'),
  },
  'Target.FailedHealthChecks': {
    text: 'fails its health checks',
    hint: advice(
      'Check that the pod answers on the health check port, and that its security group allows the load balancer.',
    ),
  },
  'Target.ResponseCodeMismatch': {
    text: 'answers health checks with a code that is not accepted',
    hint: advice('Compare the health check path and codes with what the pod answers.'),
  },
  'Target.Timeout': {
    text: 'does not answer health checks in time',
    hint: advice('Check the security group of the pod or node, and the health check timeout.'),
  },
  'Target.NotRegistered': {
    text: 'is not registered',
    hint: advice('Wait for the controller, or read its log.'),
  },
  'Target.NotInUse': {
    text: 'is not used: no listener forwards to its target group, or the load balancer does not serve its zone',
    hint: advice('Enable the zone on the load balancer, or run the pods in a zone that it serves.'),
  },
  'Target.InvalidState': {
    text: 'is an instance that is stopped or terminated',
    hint: advice('Start or replace the instance.'),
  },
  'Target.IpUnusable': {
    text: 'has an address that cannot be used, because a load balancer has it',
    hint: advice('Register another address.'),
  },
  'Target.DeregistrationInProgress': {
    text: 'is draining: deregistered, and finishing its connections',
    hint: advice('Wait for the deregistration delay.'),
  },
  'Target.HealthCheckDisabled': {
    text: 'has no health checks: they are disabled',
    hint: advice('Enable health checks on the target group.'),
  },
};

const byState: Readonly<Partial<Record<string, TargetWords>>> = {
  healthy: { text: 'is healthy' },
  initial: { text: 'is being added', hint: advice('Wait for its first health checks.') },
  unhealthy: {
    text: 'is unhealthy',
    hint: advice('Check that the pod answers on the health check port.'),
  },
  'unhealthy.draining': {
    text: 'is unhealthy, and its connections are being ended',
    hint: advice('Check that the pod answers on the health check port.'),
  },
  draining: { text: 'is draining', hint: advice('Wait for the deregistration delay.') },
  unused: {
    text: 'is registered and gets no traffic',
    hint: advice('Check the listeners and the zones.'),
  },
  unavailable: {
    text: 'has no known health',
    hint: advice('Check that health checks are enabled.'),
  },
};

/** Says a target's state so that a person knows what to do; AWS's code stays in the words. */
export function targetWords({ state, reason, description }: RegisteredTarget): TargetWords {
  // AWS may add states and reasons: one that is not known here is shown as AWS spells it.
  const words = (reason === undefined ? undefined : byReason[reason]) ??
    byState[state] ?? { text: 'is in a state that nlbmc does not know' };
  const code = reason === undefined ? state : `${state}, ${reason}`;
  const said = description !== undefined && reason !== undefined && !(reason in byReason);
  return { ...words, text: `${words.text} (${code}${said ? `: ${description}` : ''})` };
}
