import { get } from 'node:https';

/**
 * Calls `changed` at each event of any Service, until the function it gives back is called. When the
 * server ends the watch, which it does after some time, it begins anew.
 */
export function watchServices(
  server: { readonly url: string; readonly ca: string; readonly token: string },
  changed: () => void,
): () => void {
  let over = false;
  let close = (): void => undefined;
  const begin = (): void => {
    if (over) return;
    const { ca, token } = server;
    const headers = { authorization: `Bearer ${token}` };
    const url = `${server.url}/api/v1/services?watch=true`;
    const asked = get(url, { ca, headers, agent: false }, (answer) => {
      answer.on('data', changed);
      // Cut in the middle: the request's own end, below, follows.
      answer.once('error', () => undefined);
    });
    asked.once('error', () => undefined);
    asked.once('close', () => void setTimeout(begin, 100));
    close = () => void asked.destroy();
  };
  begin();
  return () => {
    over = true;
    close();
  };
}
