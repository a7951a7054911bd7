import type { LabCluster, LabStage } from '../stage.ts';

/** A point of a handover at which the controller of NEW is killed. */
export interface Point {
  readonly name: string;
  /** Whether the handover has come to it. */
  reached(): Promise<boolean>;
}

/** Far more than a handover has. */
const MOST_WRITES = 40;
const MOST_REFUSALS = 10;

/**
 * Hands over by runs each of which dies at the next write, until none is left. At each point, in their order,
 * the controller of `fresh` is killed, too, while the next run goes on. A run that is refused meanwhile has
 * written nothing: `rest` waits until all is well again. Gives the number of writes.
 */
export async function handsOverByWrites(
  stage: LabStage,
  line: string,
  o: {
    readonly fresh: LabCluster;
    readonly points: readonly Point[];
    readonly rest: () => Promise<void>;
  },
): Promise<number> {
  const points = [...o.points];
  const writes = new Set<string>();
  for (let refusals = 0; writes.size < MOST_WRITES;) {
    const isThere = await points[0]?.reached();
    if (isThere) points.shift();
    const [outcome] = await Promise.all([
      stage.killedAtWrite(line, writes),
      isThere ? o.fresh.controller.crash() : undefined,
    ]);
    if (!outcome) continue;
    if (outcome.code === 0 && points.length === 0) return writes.size;
    refusals += 1;
    if (outcome.code === 0 || refusals > MOST_REFUSALS) {
      const left = points.map(({ name }) => name).join(', ');
      throw new Error(
        `nlbmc ${line} ended with ${outcome.code}; never: ${left}\n${outcome.stdout}`,
      );
    }
    await o.rest();
  }
  throw new Error(`nlbmc ${line} wrote ${writes.size} times, and had not come to its end`);
}
