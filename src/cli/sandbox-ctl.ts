import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';
import { examplesFor } from './examples.ts';
import { answerFormat } from './options.ts';
import { parseList } from './values.ts';

type Controllers = Readonly<Record<'pause' | 'resume' | 'restart', string>>;

const CONTROLLERS: Controllers = {
  pause:
    'make the controller of a cluster hang: it is ready, answers webhooks, and reconciles nothing',
  resume: 'let a paused controller work again',
  restart: 'restart the controller of a cluster: its memory is empty afterwards',
};

/** Declares `sandbox ctl`, with the commands below it. */
export function addSandboxCtl(
  sandbox: Command<[string[]]>,
  io: Io,
  end: (code: number) => void,
): void {
  const examples = examplesFor(io);
  const load = () => import('../commands/sandbox-ctl.ts');
  const ctl = sandbox
    .command('ctl')
    .summary('change a practice world that runs: faults, controllers')
    .description(
      'Change a practice world while it runs. It is found by NLBMC_SANDBOX_SOCKET, which is set ' +
        'inside the practice world.',
    )
    .helpCommand(false)
    .addHelpText(
      'after',
      examples(
        "sandbox ctl fault 'aws:RegisterTargets@lbc/sec-eks-clu1:status=403'",
        'sandbox ctl list',
        'sandbox ctl fault --remove all',
        'sandbox ctl pause sec-eks-clu1',
      ),
    );
  ctl
    .command('fault')
    .summary('inject faults, or remove them')
    .description('Inject faults into the practice world, or remove them.')
    .argument('[rule...]', 'WORLD:REQUEST:WHAT (see docs/cli.md)')
    .addOption(
      new Option('--remove <numbers>', 'numbers of faults to remove, or all').argParser(
        parseFaults,
      ),
    )
    .addHelpText(
      'after',
      examples(
        "sandbox ctl fault 'aws:DescribeTargetHealth:status=503:times=3'",
        "sandbox ctl fault 'kube/sec-eks-clu1:PATCH .*/targetgroupbindings:cut'",
        "sandbox ctl fault 'aws:RegisterTargets@lbc/sec-eks-clu1:status=403'",
        'sandbox ctl fault --remove 1,2',
      ),
    )
    .action(async (rules, { remove }, command) => {
      if (rules.length === 0 && remove === undefined)
        command.error("error: missing required argument 'rule'");
      end(await (await load()).faultSandbox(rules, remove, io));
    });
  for (const [verb, does] of Object.entries(CONTROLLERS) as [keyof Controllers, string][]) {
    ctl
      .command(verb)
      .summary(does.split(':')[0] ?? does)
      .description(`${does.charAt(0).toUpperCase()}${does.slice(1)}.`)
      .argument('<cluster>', 'context of the cluster')
      .addHelpText('after', examples(`sandbox ctl ${verb} sec-eks-clu1`))
      .action(async (cluster) => {
        end(await (await load()).steerController(verb, cluster, io));
      });
  }
  ctl
    .command('list')
    .summary('list the faults and the controllers with their state')
    .description('List the faults in force and the controllers with their state.')
    .addOption(answerFormat())
    .addHelpText('after', examples('sandbox ctl list', 'sandbox ctl list -o json'))
    .action(async ({ output }) => {
      end(await (await load()).listSandbox(output, io));
    });
}

/** Numbers of faults, or `all`. */
function parseFaults(text: string, previous: readonly number[] | 'all' | undefined) {
  if (text === 'all') return text;
  const words = parseList(text, undefined);
  if (!words.every((word) => /^[1-9]\d{0,5}$/.test(word))) {
    throw new InvalidArgumentError("Write numbers as 'nlbmc sandbox ctl list' shows them, or all.");
  }
  return [...(Array.isArray(previous) ? previous : []), ...words.map(Number)];
}
