import type { Context } from './context.ts';
import { eksCommand } from './eks-command.ts';
import { execConfigOf } from './exec-config.ts';

/** The region in `https://ID.gr7.us-east-1.eks.amazonaws.com`. */
export const regionOfServer = (server: string): string | undefined =>
  /\.([a-z]{2}(?:-[a-z]+)+-\d+)\.eks\.amazonaws\.com(?:\.cn)?(?::\d+)?$/.exec(server)?.[1];

/** The region of an EKS cluster, as its context tells: by its credential plugin, or by its server. */
export function regionOfContext({ user, server }: Context): string | undefined {
  const exec = execConfigOf(user);
  return (exec && eksCommand(exec)?.region) ?? regionOfServer(server);
}
