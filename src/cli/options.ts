import { type Command, Option } from '@commander-js/extra-typings';
import { parseAccepted, parseDuration, parseList, parseNamespace } from './values.ts';

/** How a Service is named on the command line. */
export const SERVICE_FORMS = 'the Service: NAME, svc/NAME or service/NAME';

/** `-o`: how the answer of a command is printed. */
export const answerFormat = () =>
  new Option('-o, --output <format>', 'format of the answer')
    .choices(['table', 'json', 'yaml'] as const)
    .default('table' as const);

/** `-o` of commands whose change can also be written down for somebody else to apply. */
export const manifestFormat = () =>
  new Option('-o, --output <format>', 'format of the answer; manifest implies --dry-run')
    .choices(['table', 'json', 'yaml', 'manifest'] as const)
    .default('table' as const);

// Every command that connects has these, spelled as in kubectl and the aws CLI. The functions are
// generic so that the options declared here arrive, typed, in the action of each command.

/** Options that say with what and as whom to connect. */
export function withConnection<
  A extends unknown[],
  O extends Record<string, unknown>,
  G extends Record<string, unknown>,
>(command: Command<A, O, G>) {
  return command
    .addOption(
      new Option(
        '-n, --namespace <namespace>',
        "namespace of the primary's Service (default: that of the context)",
      ).argParser(parseNamespace),
    )
    .option('--kubeconfig <file>', 'kubeconfig to read (default: $KUBECONFIG, ~/.kube/config)')
    .option('--as <user>', 'user to impersonate in Kubernetes')
    .addOption(
      new Option('--as-group <group>', 'group to impersonate; repeatable').argParser(parseList),
    )
    .option('--profile <name>', 'AWS profile')
    .option(
      '--region <region>',
      'region that the target groups must be in (default: wherever they are)',
    )
    .option('--no-native-eks-token', 'always run the credential plugin that the kubeconfig names')
    .addOption(
      new Option('--request-timeout <duration>', 'time for one request')
        .argParser(parseDuration)
        .default(15_000, '15s'),
    );
}

/** Options that say how the story is told; the answer's format is each command's own. */
export function withStory<
  A extends unknown[],
  O extends Record<string, unknown>,
  G extends Record<string, unknown>,
>(command: Command<A, O, G>) {
  return command
    .addOption(
      new Option('--color <when>', 'colour and live redraw')
        .choices(['auto', 'always', 'never'] as const)
        .default('auto' as const),
    )
    .option('-q, --quiet', 'tell no story on stderr, only the answer')
    .option('-v, --verbose', 'tell every read, retry and wait');
}

/** Options of commands that change something. */
export function withChange<
  A extends unknown[],
  O extends Record<string, unknown>,
  G extends Record<string, unknown>,
>(command: Command<A, O, G>) {
  return command
    .option('--dry-run', 'print the plan; send nothing that can change anything')
    .option('--detailed-exitcode', 'with --dry-run: exit 4 when changes are pending')
    .option('-y, --yes', 'answer questions with yes (but no grave caution)')
    .addOption(
      new Option(
        '--accept <code[=n]>',
        'accept what this code stands for (=n: exactly this number of targets); repeatable',
      ).argParser(parseAccepted),
    )
    .option('--no-input', 'never ask: where a question is open, exit 2');
}
