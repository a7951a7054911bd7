import { spawnSync } from 'node:child_process';
import type { PracticeLab } from './practice-lab.ts';

export const SCRIPT = 'templates/lab/prerequisites.sh';
export const DEPLOY =
  'aws cloudformation deploy --stack-name nlbmc-lab --template-file templates/lab/eks.yaml --capabilities CAPABILITY_IAM';
export const PRI = 'pri-eks-clu1';
export const SEC = 'sec-eks-clu1';
/** For a test that starts dozens of programs. */
export const SLOW_MS = 300_000;

const has = (tool: string): boolean => spawnSync('which', [tool]).status === 0;
// In CI they have to be there: a test that cannot run there fails.
const wanted = process.env['CI'] === 'true' || (has('kubectl') && has('aws'));
export const withTools = wanted ? describe : describe.skip;

/**
 * The commands that a run said, in order, without plus signs and without quotes, which depend on what
 * stands between them: `'<primary>'` needs some, the name itself none.
 */
export const commands = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('+ '))
    .map((line) => line.slice(2).replaceAll(/['"]/g, ''));

/** What a dry run prints, with what AWS and the kubeconfig would have answered put in. */
export async function foretold(lab: PracticeLab, args: string): Promise<string[]> {
  const { stdout } = await lab.type(`${SCRIPT} ${args} --dry-run`);
  const { aws, primary } = lab.sandbox.world;
  const [binding] = primary.kube.list('targetgroupbindings.elbv2.k8s.aws', 'default');
  const answers: readonly (readonly [string, string])[] = [
    ['<region>', aws.region],
    ['<vpc>', aws.network.vpcId],
    ['<primary>', PRI],
    ['<secondary>', SEC],
    ['<target group>', binding?.['spec'].targetGroupARN ?? ''],
    [`<ARN of ${PRI}>`, `arn:aws:eks:${aws.region}:${aws.account}:cluster/${PRI}`],
    [`<ARN of ${SEC}>`, `arn:aws:eks:${aws.region}:${aws.account}:cluster/${SEC}`],
  ];
  return commands(stdout).map((line) =>
    answers.reduce((text, [placeholder, answer]) => text.replaceAll(placeholder, answer), line),
  );
}
