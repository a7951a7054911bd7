import { readHttp } from '../../src/traffic/http-answer.ts';

const lines = (...words: string[]): string => words.join('\r\n');
const read = (text: string, ended = false) => readHttp(Buffer.from(text), ended);

test.each<[string, string, boolean, string]>([
  ['nothing yet', '', false, 'open'],
  ['a part of the first word', 'HTT', false, 'open'],
  ['a head that goes on', lines('HTTP/1.1 200 OK', 'a: b'), false, 'open'],
  [
    'a body that is all there',
    lines('HTTP/1.1 200 OK', 'content-length: 2', '', 'ok'),
    false,
    'done',
  ],
  ['a body that is cut', lines('HTTP/1.1 200 OK', 'content-length: 3', '', 'ok'), true, 'open'],
  ['no length, and still open', lines('HTTP/1.1 200 OK', '', 'ok'), false, 'open'],
  ['no length, and closed', lines('HTTP/1.0 200 OK', '', 'ok'), true, 'done'],
  ['no body', lines('HTTP/1.1 204 No Content', '', ''), false, 'done'],
  [
    'chunks',
    lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '2', 'ok', '0', '', ''),
    false,
    'done',
  ],
  [
    'chunks without an end',
    lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '2', 'ok', ''),
    true,
    'open',
  ],
  ['another protocol', '-ERR unknown command', false, 'strange'],
  ['a status that is none', lines('HTTP/1.1 OK', '', ''), false, 'strange'],
])('%s', (_, text, ended, kind) => expect(read(text, ended).kind).toBe(kind));

test('headers by their name in lower case, the body whole, interim answers left out', () => {
  const text = lines(
    'HTTP/1.1 103 Early Hints',
    'link: x',
    '',
    lines(
      'HTTP/1.1 404 Not Found',
      'X-Pod:  web-0 ',
      'Transfer-Encoding: chunked',
      '',
      '3',
      'wh\u0061',
      '2;x=y',
      't?',
      '0',
      '',
      '',
    ),
  );
  expect(read(text)).toEqual({
    kind: 'done',
    status: 404,
    answer: {
      headers: { 'x-pod': 'web-0', 'transfer-encoding': 'chunked' },
      body: 'what?',
    },
  });
});

test('of a page without end the beginning is enough', () => {
  const text = `HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n\r\n${'x'.repeat(70_000)}`;
  expect(read(text).kind).toBe('done');
});
