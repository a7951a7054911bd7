import { Line } from './line.ts';
import type { Program } from './program.ts';
import { runOn, type Scene } from './scene.ts';

/** The clusters that a person may ask about at the end. */
const asked = [['pri'], ['pri', 'sec'], ['pri', 'ter'], ['pri', 'sec', 'ter']] as const;

/**
 * Where verify is green, enable by the owner and join of each member would neither refuse nor change
 * anything (law 9): what speaks against that, at the end of a schedule, when the world is at rest.
 */
export async function disagreementsIn(scene: Scene, program: Program): Promise<readonly string[]> {
  const run = (words: string) =>
    runOn(program, new Line(scene.world, { write: () => true }), words.split(' '));
  const found: string[] = [];
  for (const contexts of asked) {
    const verify = `verify nginx --context ${contexts.join()}`;
    if ((await run(verify)).code !== 0) continue;
    const [owner, ...members] = contexts;
    const lines =
      scene.layout === 'no-owner'
        ? contexts.map((member) => `join nginx --context ${member} --load-balancer shared`)
        : [
            `enable nginx --context ${owner}`,
            ...members.map((member) => `join nginx --context ${member} --primary ${owner}`),
          ];
    for (const line of lines) {
      const { code, text } = await run(`${line} --dry-run --detailed-exitcode`);
      if (code !== 0)
        found.push(`${verify} is green, and ${line} would end with ${code}:\n${text}`);
    }
  }
  return found;
}
