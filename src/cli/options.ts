import { type Command, Option } from '@commander-js/extra-typings';
import {
  parseAccepted,
  parseDuration,
  parseList,
  parseLoadBalancer,
  parseLocalService,
  parseNamespace,
  parseTargetGroups,
} from './values.ts';

/** How a Service is named on the command line. */
export const SERVICE_FORMS = 'the Service: NAME, svc/NAME or service/NAME';

/** `-o`: how the result of a command is printed. */
export const answerFormat = () =>
  new Option('-o, --output <format>', 'format of the result')
    .choices(['table', 'json', 'yaml'] as const)
    .default('table' as const);

/** `-o` of commands whose change can also be printed as manifests, for another tool to apply. */
export const manifestFormat = () =>
  new Option('-o, --output <format>', 'format of the result; manifest implies --dry-run')
    .choices(['table', 'json', 'yaml', 'manifest'] as const)
    .default('table' as const);

/** `--output-dir`: where commands of several clusters put the manifest of each. */
export const outputDirOption = () =>
  new Option(
    '--output-dir <folder>',
    'with -o manifest: write one file for each cluster into this folder',
  );

/** Targets that a person knows: what `verify`, `repair`, `disable` and `purge` do not ask about. */
export const knownTargetOption = () =>
  new Option(
    '--known-target <target>',
    'ID, ID:PORT or CIDR range of targets that were registered by hand on purpose; repeatable',
  ).argParser(parseList);

/** `--context` of commands that look at a whole enrollment. */
export const membersOption = () =>
  new Option(
    '--context <names>',
    'clusters of the enrollment, comma-separated or repeated (default: the current context)',
  ).argParser(parseList);

/** `--local-service`: the name of the Service in `where`, if it is another one there. */
export const localServiceOption = (where: string) =>
  new Option(
    '--local-service <name>',
    `the Service in the ${where}: [NAMESPACE/]NAME (default: the same name)`,
  ).argParser(parseLocalService);

/** `--timeout` of commands that wait for what a controller does; `text` is `ms` as a person types it. */
export const effectTimeout = (ms: number, text: string, more = '') =>
  new Option('--timeout <duration>', `time to wait for the effect${more}`)
    .argParser(parseDuration)
    .default(ms, text);

/** `--settle-timeout` of commands that wait for a rollout before they change anything. */
export const settleTimeoutOption = () =>
  new Option(
    '--settle-timeout <duration>',
    'time to wait for a rollout to end before the first write',
  )
    .argParser(parseDuration)
    .default(60_000, '1m');

/** A load balancer that is named instead of a Service, or beside one as a claim that is checked. */
export const loadBalancerOption = () =>
  new Option('--load-balancer <name>', 'the load balancer, by its name or ARN').argParser(
    parseLoadBalancer,
  );

/** A document that tells of clusters in which the person has no rights. */
export const fromOption = () =>
  new Option(
    '--from <file>',
    'an Enrollment document of show -o yaml, instead of a connection to the other clusters; - is stdin',
  );

/** How old that document may be. */
export const maxAgeOption = () =>
  new Option(
    '--max-age <duration>',
    'with --from: refuse a document that is older (default: 1h)',
  ).argParser(parseDuration);

/** Target groups that are named instead of a Service, or beside one. */
export const targetGroupOption = () =>
  new Option('--target-group <arn>', 'a target group; repeatable').argParser(parseTargetGroups);

// Every command that connects has these, spelled as in kubectl and the aws CLI. The functions are
// generic so that the options declared here arrive, typed, in the action of each command.

/** Options that say where and with which identity to connect. */
export function withConnection<
  A extends unknown[],
  O extends Record<string, unknown>,
  G extends Record<string, unknown>,
>(
  command: Command<A, O, G>,
  meaning = {
    namespace:
      'namespace of the Service (default: the namespace of the --primary context, or of the first one)',
    region: 'refuse target groups that are in another region',
  },
) {
  return command
    .addOption(
      new Option('-n, --namespace <namespace>', meaning.namespace).argParser(parseNamespace),
    )
    .option('--kubeconfig <file>', 'kubeconfig to read (default: $KUBECONFIG, ~/.kube/config)')
    .option('--as <user>', 'user to impersonate in Kubernetes')
    .addOption(
      new Option('--as-group <group>', 'group to impersonate; repeatable').argParser(parseList),
    )
    .option('--profile <name>', 'AWS profile')
    .option('--region <region>', meaning.region)
    .option('--no-native-eks-token', 'always run the credential plugin of the kubeconfig')
    .addOption(
      new Option('--request-timeout <duration>', 'time limit for one request')
        .argParser(parseDuration)
        .default(15_000, '15s'),
    );
}

/** Options for progress and colour; each command declares the format of its result itself. */
export function withOutput<
  A extends unknown[],
  O extends Record<string, unknown>,
  G extends Record<string, unknown>,
>(command: Command<A, O, G>) {
  return command
    .addOption(
      new Option('--color <when>', 'use colour and live redraw')
        .choices(['auto', 'always', 'never'] as const)
        .default('auto' as const),
    )
    .option('-q, --quiet', 'print no progress, only the result')
    .option('-v, --verbose', 'print every read, write, retry and wait');
}

/** Options of commands that change something. */
export function withChange<
  A extends unknown[],
  O extends Record<string, unknown>,
  G extends Record<string, unknown>,
>(command: Command<A, O, G>) {
  return command
    .option('--dry-run', 'print the plan; change nothing')
    .option('--detailed-exitcode', 'with --dry-run: exit 4 when changes are pending')
    .option('-y, --yes', 'answer questions with yes; grave cautions still need an answer')
    .addOption(
      new Option(
        '--accept <code[=n]>',
        'accept the caution with this code (=n: exactly this number of targets); repeatable',
      ).argParser(parseAccepted),
    )
    .option('--no-input', 'never ask a question; exit 2 when one is open');
}
