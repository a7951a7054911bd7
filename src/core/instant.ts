/** Milliseconds since the epoch of an ISO 8601 instant. Reads a text, not a clock: it stays pure. */
export const millisOf = (iso: string): number =>
  // oxlint-disable-next-line no-restricted-globals -- parses what it is given
  Date.parse(iso);

/** The instant of so many milliseconds since the epoch, in ISO 8601. Pure: it reads no clock. */
export const instantOf = (millis: number): string =>
  // oxlint-disable-next-line no-restricted-globals -- writes what it is given
  new Date(millis).toISOString();
