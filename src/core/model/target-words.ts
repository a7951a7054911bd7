import type { RegisteredTarget } from './target.ts';

/** A target's state and reason in plain words, and what to do about it. */
export interface TargetWords {
  readonly text: string;
  readonly hint?: string;
}

/** By AWS's reason code (ELBv2 API, TargetHealth.Reason). */
const byReason: Readonly<Record<string, TargetWords>> = {
  'Elb.RegistrationInProgress': { text: 'is being registered', hint: 'wait: it takes a moment' },
  'Elb.InitialHealthChecking': {
    text: 'is registered and has its first health checks',
    hint: 'wait for as many checks as the healthy threshold says',
  },
  'Elb.InternalError': {
    text: 'has no known health: AWS had an internal error',
    hint: 'wait; if it lasts, ask AWS support',
  },
  'Target.FailedHealthChecks': {
    text: 'fails its health checks',
    hint: 'check that the pod answers on the health check port, and that its security group lets the load balancer in',
  },
  'Target.ResponseCodeMismatch': {
    text: 'answers health checks with a code that is not accepted',
    hint: 'compare the health check path and codes with what the pod answers',
  },
  'Target.Timeout': {
    text: 'does not answer health checks in time',
    hint: 'check the security group of the pod or node, and the health check timeout',
  },
  'Target.NotRegistered': {
    text: 'is not registered',
    hint: 'wait for the controller, or see its log',
  },
  'Target.NotInUse': {
    text: 'is not used: no listener forwards to its target group, or the load balancer does not serve its zone',
    hint: 'enable the zone on the load balancer, or run the pods in a zone that it serves',
  },
  'Target.InvalidState': {
    text: 'is an instance that is stopped or terminated',
    hint: 'start or replace the instance',
  },
  'Target.IpUnusable': {
    text: 'has an address that cannot be used: a load balancer has it',
    hint: 'register another address',
  },
  'Target.DeregistrationInProgress': {
    text: 'is draining: deregistered, and finishing its connections',
    hint: 'wait for the deregistration delay',
  },
  'Target.HealthCheckDisabled': {
    text: 'has no health checks: they are disabled',
    hint: 'enable health checks on the target group',
  },
};

const byState: Readonly<Record<RegisteredTarget['state'], TargetWords>> = {
  healthy: { text: 'is healthy' },
  initial: { text: 'is on its way in', hint: 'wait for its first health checks' },
  unhealthy: { text: 'is unhealthy', hint: 'check that the pod answers on the health check port' },
  'unhealthy.draining': {
    text: 'is unhealthy, and its connections are being ended',
    hint: 'check that the pod answers on the health check port',
  },
  draining: { text: 'is draining', hint: 'wait for the deregistration delay' },
  unused: { text: 'is registered and gets no traffic', hint: 'check the listeners and the zones' },
  unavailable: { text: 'has no known health', hint: 'check that health checks are enabled' },
};

/** Says a target's state so that a person knows what to do; AWS's code stays in the words. */
export function targetWords({ state, reason, description }: RegisteredTarget): TargetWords {
  const words = (reason === undefined ? undefined : byReason[reason]) ?? byState[state];
  const code = reason === undefined ? state : `${state}, ${reason}`;
  const said = description !== undefined && reason !== undefined && !(reason in byReason);
  return { ...words, text: `${words.text} (${code}${said ? `: ${description}` : ''})` };
}
