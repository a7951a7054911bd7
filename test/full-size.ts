/**
 * Whether the proofs that take minutes are played in full: in CI. Otherwise they are smaller, which
 * scripts/jest-summary.js says at the end of a run.
 */
export const fullSize = process.env['CI'] === 'true';
