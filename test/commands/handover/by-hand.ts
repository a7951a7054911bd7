import type { Code } from '../../../src/core/model/codes.ts';
import type { Problem } from '../../../src/core/model/problem.ts';
import type { Report } from '../../../src/core/plan/report.ts';
import {
  adopt,
  keepGroups,
  label,
  notesOf,
  release,
  restart,
  RESTART_MS,
  retag,
} from '../../sandbox/handover/hands.ts';
import type { Handed } from '../../sandbox/handover/shared.ts';
import { writesSince } from '../harness.ts';
import { PRI, SEC, type Stage, type StageOptions } from '../../laws/stage.ts';

export const MINUTE = 60_000;
export const LINE = `handover nginx --old ${PRI} --new ${SEC} --yes`;

/** The problem of that code for which the command refuses; nothing is written. */
export async function problemOf(
  { nlbmc, sandbox }: Stage,
  code: Code,
  line = LINE,
): Promise<Pick<Problem, 'saves'>> {
  const from = sandbox.world.journal.entries.length;
  const run = await nlbmc(`${line} -o json`);
  expect(run.code).toBe(5);
  expect(writesSince(sandbox, from)).toEqual([]);
  const { problems } = JSON.parse(run.stdout) as Report;
  expect(problems.map((problem) => problem.code)).toContain(code);
  return problems.find((problem) => problem.code === code)!;
}

/** The grave caution of that code: the command does not begin without an answer of its own. */
export async function cautionOf({ nlbmc }: Stage, code: Code): Promise<Pick<Problem, 'saves'>> {
  const asked = await nlbmc(LINE);
  expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining(`--accept ${code}`)]);
  const { stdout } = await nlbmc(`${LINE} --dry-run -o json`);
  const { cautions } = JSON.parse(stdout) as Report;
  return cautions.find((problem) => problem.code === code)!;
}

/** Targets of the load balancer that is there at first, and of each of these that is lost. */
export function standing(hands: Handed): readonly string[] {
  const [balancer] = hands.balancers;
  if (!balancer) return [];
  const { Listeners } = hands.aws('elbv2.DescribeListeners', {
    LoadBalancerArn: balancer['LoadBalancerArn'],
  });
  return Listeners.flatMap((one: { DefaultActions: { TargetGroupArn: string }[] }) =>
    one.DefaultActions.flatMap(({ TargetGroupArn }) => hands.targetsOf(TargetGroupArn)),
  );
}

export const healthy = (targets: readonly string[]): readonly string[] =>
  targets.filter((one) => one.endsWith(' healthy'));

/** How many targets were healthy behind the load balancer and are not any more. */
export const lostBy = (hands: Handed, before: readonly string[]): number =>
  healthy(before).filter((one) => !standing(hands).includes(one)).length;

/** The clusters whose controller looks after the Service. */
export const ownersOf = (hands: Handed): readonly string[] =>
  [...hands.world.clusters.values()]
    .filter((one) => (hands.service(one).metadata.finalizers ?? []).length > 0)
    .map(({ name }) => name);

/** A security group of a person's that lets clients in. */
export function ownGroup(hands: Handed): string {
  const { GroupId } = hands.aws('ec2.CreateSecurityGroup', {
    GroupName: 'own',
    Description: 'own',
    VpcId: hands.old.vpcId,
  });
  const IpRanges = [{ CidrIp: '0.0.0.0/0' }];
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges }];
  hands.aws('ec2.AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
  return GroupId as string;
}

/** How a person hands over by hand, without looking. */
interface Way {
  /** Annotations of the adoption beside those of the owner's Service. */
  readonly more?: Readonly<Record<string, string>>;
  /** With security groups of the person's own. */
  readonly own?: boolean;
  /** The controllers that are restarted: both unless given. */
  readonly restarted?: readonly ('old' | 'fresh')[];
}

/** Hands over by hand. */
export function handOver(hands: Handed, way: Way = {}): void {
  const { more = {}, own = false, restarted = ['old', 'fresh'] } = way;
  const { old, fresh } = hands;
  const notes = notesOf(hands.service(old));
  const keep = own ? {} : keepGroups(hands, old);
  release(hands, old);
  hands.world.clock.advance(5_000);
  retag(hands, fresh, own);
  for (const one of restarted) restart(hands, hands[one]);
  hands.world.clock.advance(RESTART_MS);
  label(hands, fresh);
  adopt(hands, fresh, { ...notes, ...keep, ...more });
  hands.world.clock.advance(10 * MINUTE);
}

/** Only the owner's controller is another one. */
export const ofOwner =
  (installed: object): NonNullable<StageOptions['installed']> =>
  (role) =>
    role === 'primary' ? installed : {};

/** Only the controller of the other cluster is another one. */
export const ofTaker =
  (installed: object): NonNullable<StageOptions['installed']> =>
  (role) =>
    role === 'primary' ? {} : installed;

/** Any change of the Service queues it. */
export const nudge = (hands: Handed, word = 'x'): void =>
  hands.merge(hands.old, 'services', 'nginx', { metadata: { annotations: { word } } });
