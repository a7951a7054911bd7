/**
 * A span in the words of kubectl's AGE column. Source: apimachinery pkg/util/duration/duration.go.
 */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return both(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return both(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 192) return both(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.trunc(days / 365);
  return days < 2920 ? both(years, 'y', days % 365, 'd') : `${years}y`;
}

function both(large: number, unit: string, small: number, smaller: string): string {
  return small === 0 ? `${large}${unit}` : `${large}${unit}${small}${smaller}`;
}

/** How long ago an RFC 3339 time was; `<unknown>` without one. */
export function ageOf(time: string | undefined, now: Date): string {
  return time ? humanDuration(now.getTime() - Date.parse(time)) : '<unknown>';
}
