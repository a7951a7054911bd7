/** Clusters that are listed instead of one that a page names. */
export type Instead = Readonly<Record<string, readonly string[]>>;

/**
 * A block of a page as its reader types it for more clusters: nlbmc takes a list, kubectl one context after the
 * other, and so does -o manifest.
 */
export const forMany = (text: string, instead: Instead): string =>
  text
    .split('\n')
    .flatMap((line) => {
      const context = /--context[ =](\S+)/.exec(line)?.[1];
      if (context === undefined) return [line];
      const names = context.split(',').flatMap((name) => instead[name] ?? [name]);
      const one = /(?:^|\s)kubectl |-o manifest/.test(line);
      return (one ? names : [names.join(',')]).map((name) =>
        line.replace(/(--context[ =])\S+/, `$1${name}`),
      );
    })
    .join('\n');
