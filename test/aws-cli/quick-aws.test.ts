import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quickAws } from './quick-aws.ts';

const version = spawnSync('aws', ['--version'], { encoding: 'utf8' });
// Version 2 brings its own Python, in which no server can be started.
const loadable = `${version.stdout}${version.stderr}`.startsWith('aws-cli/1.');
const wanted = process.env['CI'] === 'true' || loadable;

(wanted ? describe : describe.skip)('aws in a fork of a process that has loaded it', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'aws-')));
  afterAll(() => rmSync(folder, { recursive: true }));
  const real = process.env['PATH'];
  let quick: string | undefined;
  beforeAll(async () => {
    await quickAws();
    quick = process.env['PATH'];
    process.env['PATH'] = real;
  });

  const ran = (PATH: string | undefined, line: string, more: Record<string, string> = {}) => {
    const env = {
      HOME: folder,
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_MAX_ATTEMPTS: '1',
      ...more,
      PATH,
    };
    const { status, stdout, stderr } = spawnSync('bash', ['-c', line], {
      cwd: folder,
      env,
      input: '{"Names": ["from the input"]}',
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  test('is in use here', () => {
    expect(quick).not.toBe(real);
    expect(ran(quick, 'head -c 2 "$(which aws)"; grep -c _socket "$(which aws)"').stdout).toMatch(
      /^#!\d/,
    );
  });

  // The endpoint is in the message of a call: environment, arguments and streams of each are its own.
  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ['ec2 describe-vpcs', { AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:1' }],
    [`elbv2 describe-load-balancers --names "" 'c\nd' --query "a b"`, {}],
    ['elbv2 describe-tags --cli-input-json file:///dev/stdin', { AWS_ACCESS_KEY_ID: '' }],
    ['configure set region over-there --profile new && cat .aws/config', {}],
    ['configure list', { AWS_PROFILE: 'ä' }],
  ])('says the same as the program itself: aws %s %j', (line, more) => {
    expect(ran(quick, `aws ${line}`, more)).toEqual(ran(real, `aws ${line}`, more));
  });

  test('its output goes where the shell says, and its exit code to the shell', () => {
    const line =
      'aws --version >a 2>&1; aws ec2 describe-nothing 2>b; echo $?; aws --version | wc -l';
    expect(ran(quick, line)).toEqual(ran(real, line));
  });
});
