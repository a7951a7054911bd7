/** Measures a row of a table; gives nothing where that was not possible. */
export type Row = <T>(what: string, measure: () => Promise<T>) => Promise<readonly T[]>;

/** Rows until `end` (of performance.now()). What fails, and what there is no time for, is told to `skip`. */
export const rowsUntil =
  (end: number, skip: (why: string) => void): Row =>
  async (what, measure) => {
    if (performance.now() >= end) {
      skip(`Not measured: ${what}: the time was over.`);
      return [];
    }
    try {
      return [await measure()];
    } catch (error) {
      skip(`Not measured: ${what}: ${(error as Error).message.split('\n')[0]}`);
      return [];
    }
  };
