import type { LabCluster, LabStage } from '../stage.ts';

/** A point of a handover at which the controller of NEW is killed. */
export interface Point {
  readonly name: string;
  /** Whether the handover has come to it. */
  reached(): Promise<boolean>;
  /** The next run waits until the controller is back, so that nothing of it counts as a restart after a later note. */
  readonly waits?: true;
}

/** Far more than a handover has. */
const MOST_WRITES = 40;
/** A controller that is starting lets no run go on: its webhook does not answer yet. */
const REFUSED_PAUSE_MS = 2_000;
const MOST_REFUSALS_IN_A_ROW = 60;

/**
 * Hands over by runs each of which dies at the next write, until none is left. At each point, in their order,
 * the controller of `fresh` is killed, too, while the next run goes on. A run that is refused meanwhile has
 * written nothing: after `rest`, which waits until all is well again, and a pause the next one is tried. Gives the
 * number of writes.
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
    const point = (await points[0]?.reached()) ? points.shift() : undefined;
    const crashed = point && o.fresh.controller.crash();
    if (point?.waits) await crashed;
    const [outcome] = await Promise.all([stage.killedAtWrite(line, writes), crashed]);
    if (!outcome) {
      refusals = 0;
      continue;
    }
    if (outcome.code === 0 && points.length === 0) return writes.size;
    refusals += 1;
    if (outcome.code === 0 || refusals > MOST_REFUSALS_IN_A_ROW) {
      const left = points.map(({ name }) => name).join(', ');
      throw new Error(
        `nlbmc ${line} ended with ${outcome.code}; never: ${left}\n${outcome.stdout}`,
      );
    }
    await o.rest();
    await stage.pass(REFUSED_PAUSE_MS);
  }
  throw new Error(`nlbmc ${line} wrote ${writes.size} times, and had not come to its end`);
}
