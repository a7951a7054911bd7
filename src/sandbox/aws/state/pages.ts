import { AwsError, validationError } from './error.ts';
import type { State } from './state.ts';

const token = (index: number): string => Buffer.from(`from:${index}`).toString('base64url');

function indexOf(text: string | undefined): number | undefined {
  if (text === undefined) return 0;
  const found = /^from:(\d+)$/.exec(Buffer.from(text, 'base64url').toString());
  return found ? Number(found[1]) : undefined;
}

/** One page of an ELBv2 list: PageSize 1-400, Marker in, NextMarker out while there is more. */
export function markerPage<T>(
  state: State,
  items: readonly T[],
  params: { readonly Marker?: string; readonly PageSize?: number },
): { page: T[]; NextMarker?: string } {
  const asked = params.PageSize ?? 400;
  if (!Number.isInteger(asked) || asked < 1 || asked > 400) {
    throw validationError('The page size must be between 1 and 400');
  }
  const from = indexOf(params.Marker);
  if (from === undefined) throw validationError('The specified marker is invalid');
  const to = from + Math.min(asked, state.pageSize ?? 400);
  return {
    page: items.slice(from, to),
    ...(to < items.length ? { NextMarker: token(to) } : {}),
  };
}

/** One page of an EC2 list: MaxResults 5-1000, NextToken in and out. */
export function tokenPage<T>(
  state: State,
  items: readonly T[],
  params: { readonly NextToken?: string; readonly MaxResults?: number },
): { page: T[]; NextToken?: string } {
  const asked = params.MaxResults ?? 1000;
  if (!Number.isInteger(asked) || asked < 5 || asked > 1000) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ( ${asked} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.`,
    );
  }
  const from = indexOf(params.NextToken);
  if (from === undefined) throw new AwsError('InvalidNextToken', 'The specified token is invalid');
  const to = from + Math.min(asked, state.pageSize ?? 1000);
  return {
    page: items.slice(from, to),
    ...(to < items.length ? { NextToken: token(to) } : {}),
  };
}
