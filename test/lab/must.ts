/** Throws unless `holds`: `what` is a sentence that should be true. */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not so: ${what}`);
}
