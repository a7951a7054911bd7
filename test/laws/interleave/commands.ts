import { type Layout, type Name, names } from './scene.ts';

/** A command line, and where it may be tried. */
interface Line {
  /** Where it may be tried; without it, everywhere. */
  readonly on?: readonly Name[];
  /** The words after `nlbmc`; `n` (0 to 999) picks among options. */
  readonly line: (cluster: Name, n: number) => string;
}

/** A command of nlbmc as it is tried now and then. */
export interface Command extends Line {
  readonly weight: number;
  /** About how many requests it takes: it dies after one of them. */
  readonly requests?: number;
  /** The same where no cluster owns the load balancer. */
  readonly ownerless: Line;
}

const some = (n: number, options: readonly string[]): string => options[n % options.length] ?? '';

/** Another cluster than this one. */
const other = (cluster: Name, n: number): string =>
  some(
    n,
    names.filter((name) => name !== cluster),
  );

/** This cluster and others, as a person lists them. */
const listed = (cluster: Name, n: number): string =>
  some(n, [cluster, `${cluster},${other(cluster, n)}`, names.join()]);

/** The member that leaves, and the cluster that takes its place; `pri` may be either where nobody owns the load balancer. */
const swapped = (cluster: Name, n: number): string => `--old ${cluster} --new ${other(cluster, n)}`;

/** Who takes the load balancer from the first cluster, with all others named, and how far it goes. */
const handedTo = (cluster: Name, n: number): string =>
  some(n, [
    `${cluster} --context ${names.join()}`,
    cluster,
    `${cluster} --context ${names.join()} --back`,
    `nobody --context ${names.join()}`,
    `${cluster} --context ${names.join()} --until release`,
    `${cluster} --back`,
    `${cluster} --context ${names.join()} --until retag`,
    `nobody --context ${names.join()} --back`,
    `${cluster} --context ${names.join()} --until restart`,
    `nobody --context ${cluster}`,
    `${cluster} --until adopt`,
    `${cluster} --lost`,
    `${cluster} --accept managed-elsewhere`,
  ]);

const controllerGone = (n: number): string =>
  some(n, ['', '--without-controller', '', '', '--min-healthy 2']);

/** All that nlbmc is asked for, by name. A further command is a line here. `--from -` reads the document that a person keeps. */
export const commands: Readonly<Record<string, Command>> = {
  enable: {
    weight: 4,
    on: ['pri'],
    line: (cluster) => `enable nginx --context ${cluster} --yes --timeout 3m`,
    ownerless: { line: (cluster) => `enable nginx --context ${cluster} --yes --timeout 3m` },
  },
  join: {
    weight: 8,
    on: ['sec', 'ter'],
    line: (cluster, n) =>
      `join nginx --context ${cluster} --primary pri --yes --timeout 4m ${some(n, ['', '--create-service', '--adopt'])}`,
    ownerless: {
      line: (cluster, n) =>
        `join nginx --context ${cluster} ${some(n, ['--load-balancer shared', `--primary ${other(cluster, n)}`])} --yes --timeout 4m ${some(n, ['', '--create-service', '--adopt'])}`,
    },
  },
  enroll: {
    weight: 3,
    on: ['pri'],
    line: (cluster, n) =>
      `enroll nginx --primary ${cluster} --context ${some(n, ['sec,ter', 'ter,sec', 'sec'])} --yes --timeout 4m ${some(n, ['', '--create-service'])}`,
    ownerless: {
      line: (cluster, n) =>
        `enroll nginx --load-balancer shared --context ${listed(cluster, n)} --yes --timeout 4m`,
    },
  },
  replace: {
    weight: 4,
    on: ['sec', 'ter'],
    line: (cluster, n) =>
      `replace nginx --primary pri --old ${cluster} --new ${cluster === 'sec' ? 'ter' : 'sec'} --yes --no-record --timeout 5m ${some(n, ['', '--delete-service', '', '--create-service', '--min-healthy 2'])}`,
    ownerless: {
      line: (cluster, n) =>
        `replace nginx ${swapped(cluster, n)} --context ${names.join()} --yes --no-record --timeout 5m`,
    },
  },
  show: {
    weight: 3,
    on: ['pri'],
    line: (cluster, n) => `show nginx --context ${listed(cluster, n)} -o yaml`,
    ownerless: { line: (cluster, n) => `show nginx --context ${listed(cluster, n)} -o yaml` },
  },
  'join by a document': {
    weight: 5,
    on: ['sec', 'ter'],
    line: (cluster, n) =>
      `join nginx --context ${some(n, [cluster, cluster, 'sec,ter'])} --from - --yes --timeout 4m ${some(n, ['', '--max-age 24h', '--max-age 5m'])}`,
    ownerless: {
      line: (cluster, n) =>
        `join nginx --context ${some(n, [cluster, cluster, `${cluster},${other(cluster, n)}`])} --from - --yes --timeout 4m ${some(n, ['', '--max-age 24h', '--max-age 5m'])}`,
    },
  },
  'verify by a document': {
    weight: 3,
    on: ['sec', 'ter'],
    line: (cluster, n) =>
      `verify nginx --context ${some(n, [cluster, 'sec,ter'])} --from - --max-age 24h`,
    ownerless: {
      line: (cluster, n) => `verify nginx --context ${listed(cluster, n)} --from - --max-age 24h`,
    },
  },
  'join several': {
    weight: 3,
    on: ['sec'],
    line: (_, n) =>
      `join nginx --context sec,ter --primary pri --yes --timeout 4m ${some(n, ['', '--create-service'])}`,
    ownerless: {
      line: (cluster, n) =>
        `join nginx --context ${listed(cluster, n)} --load-balancer shared --yes --timeout 4m`,
    },
  },
  'leave several': {
    weight: 2,
    on: ['sec'],
    line: (_, n) => `leave nginx --context sec,ter --primary pri --yes ${controllerGone(n)}`,
    ownerless: {
      line: (cluster, n) =>
        `leave nginx --context ${listed(cluster, n)} --load-balancer shared --yes ${controllerGone(n)}`,
    },
  },
  leave: {
    weight: 6,
    on: ['sec', 'ter'],
    line: (cluster, n) =>
      `leave nginx --context ${cluster} ${some(n, ['--primary pri', '--delete-service', '--from -', '--primary pri'])} --yes ${controllerGone(n)}`,
    ownerless: {
      line: (cluster, n) =>
        `leave nginx --context ${cluster} ${some(n, ['--load-balancer shared', '--delete-service', '--from -', `--primary ${other(cluster, n)}`])} --yes ${controllerGone(n)}`,
    },
  },
  disable: {
    weight: 3,
    on: ['pri', 'pri', 'pri', 'sec'],
    // A person who lists the primary alone is asked whether there are others, and may be wrong in it.
    line: (cluster, n) =>
      cluster === 'pri'
        ? `disable nginx --yes --context ${some(n, [
            'pri,sec,ter --exclusive',
            'pri --exclusive --accept unlisted-members',
            'pri,sec --exclusive',
            'pri --accept unlisted-members',
            'pri,sec,ter',
            'pri --allow-deletion',
            'pri --exclusive',
          ])}`
        : `disable nginx --yes --context ${cluster} --exclusive --accept unlisted-members`,
    ownerless: {
      line: (cluster, n) =>
        `disable nginx --yes --context ${listed(cluster, n)} --exclusive --accept unlisted-members`,
    },
  },
  // Never with --accept-removing: what a person names is theirs.
  purge: {
    weight: 4,
    on: ['pri'],
    line: (_, n) =>
      `purge nginx --context ${some(n, ['pri', 'pri,sec', 'pri,sec,ter', 'pri,sec --departed ter --from -'])} --yes`,
    ownerless: {
      line: (cluster, n) =>
        `purge ${some(n, ['nginx', '--load-balancer shared'])} --context ${listed(cluster, n)} --yes`,
    },
  },
  handover: {
    weight: 25,
    requests: 600,
    on: ['sec', 'sec', 'ter'],
    line: (cluster, n) =>
      `handover nginx --old pri --new ${handedTo(cluster, n)} --yes --timeout 5m`,
    ownerless: {
      line: (cluster, n) =>
        `handover nginx --old ${cluster} --new ${other(cluster, n)} --context ${names.join()} --yes --timeout 5m`,
    },
  },
  repair: {
    weight: 6,
    on: ['pri'],
    line: (_, n) =>
      `repair nginx --context ${some(n, ['pri,sec', 'pri,sec', 'pri,ter', 'pri,sec,ter'])} --yes`,
    ownerless: { line: (cluster, n) => `repair nginx --context ${listed(cluster, n)} --yes` },
  },
};

/** How a command is typed in a layout. */
export const lineIn = (layout: Layout, command: Command): Line =>
  layout === 'no-owner' ? command.ownerless : command;
