import type { Code } from '../model/codes.ts';

const rejections: ReadonlySet<Code> = new Set<Code>([
  'api-forbidden',
  'admission-denied',
  'webhook-unreachable',
  'object-changed',
  'object-missing',
  'crd-missing',
  'aws-denied',
  'field-conflict',
  'field-stripped',
  'service-missing',
]);

/** Whether a problem with a write is the server's word that nothing was changed. */
export const isRejection = (code: Code): boolean => rejections.has(code);
