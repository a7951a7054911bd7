/** Milliseconds since the epoch of an ISO 8601 instant. Reads a text, not a clock: it stays pure. */
export const millisOf = (iso: string): number =>
  // oxlint-disable-next-line no-restricted-globals -- parses what it is given
  Date.parse(iso);
