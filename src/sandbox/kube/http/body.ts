import type { IncomingMessage } from 'node:http';
import { load } from 'js-yaml';
import { badRequest, tooLarge, unsupportedMediaType } from '../status-error.ts';
import { parseProtobuf, PROTOBUF } from './protobuf.ts';

// Source: apiserver pkg/server/config.go, MaxRequestBodyBytes.
const LIMIT = 3 * 1024 * 1024;

/** The whole body. Raises 413 beyond three megabytes. */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    // What is too much is still read, so that the answer reaches the client; it is not kept.
    if (size <= LIMIT) chunks.push(chunk);
  }
  if (size > LIMIT) throw tooLarge(`Request entity too large: limit is ${LIMIT}`);
  return Buffer.concat(chunks);
}

/** What the body says, by its media type; undefined for an empty one. Raises 400 and 415. */
export function parseBody(body: Buffer, contentType: string): unknown {
  if (body.length === 0) return undefined;
  if (contentType === PROTOBUF) return parseProtobuf(body);
  if (contentType !== '' && !/[/+](json|yaml)$/.test(contentType))
    throw unsupportedMediaType(['application/json', 'application/yaml']);
  const text = body.toString();
  if (text.trim() === '') return undefined;
  try {
    return contentType.endsWith('yaml') ? load(text) : JSON.parse(text);
  } catch (error) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${contentType}): ${(error as Error).message}`,
    );
  }
}
