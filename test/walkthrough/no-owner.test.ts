import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quickAws } from '../aws-cli/quick-aws.ts';
import { nlbmcHere, type NlbmcHere } from '../docs/nlbmc-here.ts';
import { inside } from '../../src/sandbox/environment.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { endState } from '../laws/end-state.ts';
import { inventory } from '../laws/inventory.ts';
import { LentClock } from '../laws/lent-clock.ts';

const root = join(import.meta.dirname, '..', '..');
const has = (tool: string): boolean => spawnSync('which', [tool]).status === 0;
const wanted = process.env['CI'] === 'true' || (has('kubectl') && has('aws'));
const withTools = wanted ? test : test.skip;

const bin = mkdtempSync(join(tmpdir(), 'nlbmc-no-owner-'));
symlinkSync(join(root, 'bin', 'nlbmc.js'), join(bin, 'nlbmc'));
afterAll(() => rmSync(bin, { recursive: true }));

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  /** Both streams. */
  readonly output: string;
}

/** A person at a shell in the practice world; `bin` has the nlbmc that is typed. */
class Person {
  private readonly sandbox: Sandbox;
  bin = bin;
  last: Outcome = { code: null, stdout: '', output: '' };
  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
  }

  /** Types lines; they have to end with `code`. Gives what they wrote to stdout. */
  async type(lines: string, code = 0): Promise<string> {
    this.last = await this.run(lines);
    if (this.last.code !== code)
      throw new Error(`exit ${this.last.code}, not ${code}: ${lines}\n${this.last.output}`);
    return this.last.stdout.trim();
  }

  /** Types the one command that the last output says to type after `words`. */
  async follow(words: string, code = 0, more = ''): Promise<string> {
    const hint = this.last.stdout.split('\n').find((line) => line.trim().startsWith(words));
    const command = hint?.slice(hint.indexOf(words) + words.length).replace(/ {2,}#.*/, '');
    if (!command) throw new Error(`nothing after "${words}" in\n${this.last.output}`);
    return this.type(`${command.trim()}${more}`, code);
  }

  private run(lines: string): Promise<Outcome> {
    const env = {
      ...inside(process.env, this.sandbox.env),
      PATH: `${this.bin}:${process.env['PATH']}`,
    };
    return new Promise((resolve) => {
      const child = spawn('bash', ['-euo', 'pipefail', '-c', lines], { cwd: root, env });
      let [stdout, output] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        output += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
      child.stdin.end();
      child.on('close', (code) => resolve({ code, stdout, output }));
    });
  }
}

// What a Terraform plan for a shared NLB applies: a security group, TLS in front of a TCP group whose
// number is another one than the Service's, attributes, deletion protection. What does not build on
// another is made at the same time, as Terraform does. The last loop is not `aws elbv2 wait`, which
// looks every 15 seconds of real time.
const terraform = `
vpc=$(aws ec2 describe-vpcs --query 'Vpcs[0].VpcId' --output text)
subnets=$(aws ec2 describe-subnets --query 'Subnets[?MapPublicIpOnLaunch].SubnetId' --output text)
sg=$(aws ec2 create-security-group --group-name shared --description shared --vpc-id $vpc --query GroupId --output text)
lb=$(aws elbv2 create-load-balancer --name shared --type network --security-groups $sg --subnets $subnets \\
  --tags Key=ManagedBy,Value=terraform --query 'LoadBalancers[0].LoadBalancerArn' --output text)
tg=$(aws elbv2 create-target-group --name shared-web --protocol TCP --port 8443 --vpc-id $vpc --target-type ip \\
  --tags Key=ManagedBy,Value=terraform --query 'TargetGroups[0].TargetGroupArn' --output text)
aws elbv2 modify-target-group-attributes --target-group-arn $tg \\
  --attributes Key=deregistration_delay.timeout_seconds,Value=60 >/dev/null & attributes=$!
aws elbv2 modify-load-balancer-attributes --load-balancer-arn $lb \\
  --attributes Key=deletion_protection.enabled,Value=true >/dev/null & protection=$!
aws elbv2 create-listener --load-balancer-arn $lb --protocol TLS --port 443 \\
  --certificates CertificateArn=arn:aws:acm:us-east-1:123456789012:certificate/0b5c1e2a-7f3d-4c68-9a41-d2e8f6037b95 \\
  --default-actions Type=forward,TargetGroupArn=$tg >/dev/null
wait $attributes; wait $protection
until [[ $(aws elbv2 describe-load-balancers --query 'LoadBalancers[0].State.Code') == '"active"' ]]; do sleep 1; done`;

const APP = 'kubectl create deployment web --image=nginx --replicas=2 --port=80';
const deploy = (contexts: readonly string[]): string =>
  contexts
    .map((one) => `(${APP} --context ${one}; kubectl expose deployment web --context ${one}) &`)
    .concat('wait')
    .join('\n');

describe('a load balancer from the AWS API that no cluster owns', () => {
  let here: NlbmcHere;
  const clock = new LentClock();
  beforeAll(async () => {
    await quickAws();
    here = await nlbmcHere();
  });
  afterAll(() => here.close());
  withTools(
    'hints lead to three green members, through the replacement of one, and back to nothing',
    async () => {
      const clusters = ['a', 'b', 'c', 'd'];
      // No nginx and no NLB of the primary's: a Deployment without a Service is all that is there.
      const sandbox = await startSandbox({ scenario: 'new-workload', clock, clusters });
      here.enter(sandbox);
      clock.lend(600);
      try {
        const person = new Person(sandbox);
        await person.type(`${terraform}\n${deploy(clusters)}`);
        // The slices of the last Service are made a moment after it.
        sandbox.world.settle();
        const before = inventory(sandbox.world);

        // Nothing is bound yet: verify and show say which command comes first.
        await person.type('nlbmc verify --load-balancer shared --context a,b,c', 3);
        expect(person.last.output).toContain('the first one uses join with --load-balancer');
        // That was the built program, in a process of its own; from here on it runs in this one.
        person.bin = here.bin;
        // The listener has another number: the refusal says the whole command.
        await person.type('nlbmc join web --context a --load-balancer shared', 5);
        await person.follow('next: ');
        await person.follow('next: ');
        expect(person.last.stdout).toContain('Result: ready.');
        for (const context of ['b', 'c']) {
          await person.type(`nlbmc join web --context ${context} --primary a`);
          await person.follow('next: ', context === 'b' ? 0 : 3);
        }
        // The cluster that was not listed is named, with the whole command.
        await person.follow('next: ');
        expect(person.last.stdout).toContain('ready. Every endpoint in 3 clusters');
        expect(endState(sandbox.world).targets).toEqual({
          'shared-web:8443': Array(6).fill(expect.stringMatching(/ healthy$/)),
        });

        // b is replaced by d.
        await person.type('nlbmc leave web --context b --yes');
        await person.type('nlbmc join web --context d --primary a');
        await person.follow('next: ', 3);
        await person.follow('next: ');
        expect(person.last.stdout).toContain('ready. Every endpoint in 3 clusters');
        expect(person.last.stdout).not.toMatch(/^b /m);

        // All leave; the last one is refused until the person accepts what it means.
        await person.type('nlbmc leave web --context d --yes');
        await person.type('nlbmc leave web --context c --yes');
        await person.type('nlbmc leave web --context a --yes', 5);
        expect(person.last.stdout).toContain('clients that connect there get no answer');
        await person.follow('if you accept that these 2 targets are deregistered: ', 0, ' --yes');

        expect(inventory(sandbox.world)).toEqual(before);
        expect(endState(sandbox.world).targets).toEqual({ 'shared-web:8443': [] });
        expect(endState(sandbox.world).loadBalancer['deletion_protection.enabled']).toBe('true');
      } finally {
        clock.takeBack();
        await sandbox.stop();
      }
    },
  );
});
