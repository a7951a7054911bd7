import { Line } from './line.ts';
import type { Program } from './program.ts';
import { type Name, names, runOn, type Scene } from './scene.ts';

/** The clusters that a person may ask about at the end. */
const asked = [['pri'], ['pri', 'sec'], ['pri', 'ter'], ['pri', 'sec', 'ter']] as const;

const isBound = ({ world }: Scene, name: Name): boolean =>
  world.cluster(name).kube.list('targetgroupbindings.elbv2.k8s.aws', 'default').length > 0;

interface Balancers {
  readonly LoadBalancers: readonly {
    readonly LoadBalancerArn: string;
    readonly LoadBalancerName: string;
  }[];
  readonly TagDescriptions: readonly {
    readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
  }[];
}

/** The load balancer, and the cluster whose Service owns it by its tags; undefined: none. */
function owned({ world: { aws } }: Scene): {
  readonly owner: Name | undefined;
  readonly balancer: string | undefined;
} {
  const ask = (action: string, params: object) =>
    aws.call(`elbv2.${action}`, params, 'records') as Balancers;
  const [found] = ask('DescribeLoadBalancers', {}).LoadBalancers;
  const ResourceArns = found ? [found.LoadBalancerArn] : [];
  const [tags] = found ? ask('DescribeTags', { ResourceArns }).TagDescriptions : [];
  const tag = tags?.Tags.find(({ Key }) => Key === 'elbv2.k8s.aws/cluster')?.Value;
  return { owner: names.find((name) => name === tag), balancer: found?.LoadBalancerName };
}

/** What has nothing to do where verify of these clusters is green. */
function linesFor(scene: Scene, contexts: readonly Name[]): readonly string[] {
  const { owner, balancer } = owned(scene);
  // Who does not list the owner is told so, and cannot name it.
  if (owner !== undefined && !contexts.includes(owner)) return [];
  const members = contexts.filter((name) => name !== owner);
  const others = names.filter((name) => !contexts.includes(name) && !isBound(scene, name));
  // A replacement that is done: the old cluster has left.
  const swaps = (of: readonly Name[], more: string): readonly string[] =>
    others.flatMap((old) =>
      of.slice(0, 1).map((name) => `replace nginx --old ${old} --new ${name} ${more} --no-record`),
    );
  if (owner === undefined)
    return [
      ...contexts.map((member) => `join nginx --context ${member} --load-balancer ${balancer}`),
      `enroll nginx --context ${contexts.join()} --load-balancer ${balancer}`,
      ...swaps(contexts, `--context ${contexts.join()}`),
    ];
  return [
    `enable nginx --context ${owner}`,
    ...members.map((member) => `join nginx --context ${member} --primary ${owner}`),
    ...(members.length > 0 ? [`enroll nginx --context ${members.join()} --primary ${owner}`] : []),
    ...swaps(members, `--primary ${owner}`),
  ];
}

/**
 * Where verify is green, no command that makes or moves an enrollment would refuse or change anything
 * (law 9): what speaks against that, at the end of a schedule, when the world is at rest. The same with
 * the document that a person has kept.
 */
export async function disagreementsIn(scene: Scene, program: Program): Promise<readonly string[]> {
  const run = (words: string) =>
    runOn(program, new Line(scene.world, { write: () => true }), words.split(' '), scene.kept.text);
  const byDocument = (['sec', 'ter'] as const).map((name) => ({
    verify: `verify nginx --context ${name} --from - --max-age 24h`,
    // A document of this cluster alone has nothing that it could join.
    lines: names.some((other) => other !== name && scene.kept.text.includes(`context: ${other}\n`))
      ? [`join nginx --context ${name} --from - --max-age 24h`]
      : [],
  }));
  const all = [
    ...asked.map((contexts) => ({
      verify: `verify nginx --context ${contexts.join()}`,
      lines: linesFor(scene, contexts),
    })),
    ...(scene.kept.text === '' ? [] : byDocument),
  ];
  const found: string[] = [];
  for (const { verify, lines } of all) {
    if ((await run(verify)).code !== 0) continue;
    for (const line of lines) {
      const { code, text } = await run(`${line} --dry-run --detailed-exitcode`);
      if (code !== 0)
        found.push(`${verify} is green, and ${line} would end with ${code}:\n${text}`);
    }
  }
  return found;
}
