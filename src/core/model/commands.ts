import { parseArn } from './arn.ts';
import { hasControls, quotedControls } from './control-characters.ts';
import type { ObjectName } from './kubernetes.ts';
import type { Target } from './target.ts';

/** A word for a POSIX shell: quoted only where it must be, for people to read and paste. */
export const shellWord = (text: string): string =>
  /^[A-Za-z0-9_@%+=:,./…-]+$/.test(text)
    ? text
    : hasControls(text)
      ? quotedControls(text)
      : `'${text.replaceAll("'", "'\\''")}'`;

/** Words of a command as they are typed. */
export const commandText = (words: readonly string[]): string => words.map(shellWord).join(' ');

/** A kubectl command in a context, with a namespace where the object has one. */
export const kubectl = (
  where: { readonly context: string; readonly namespace?: string },
  ...words: readonly string[]
): string =>
  [
    'kubectl',
    '--context',
    where.context,
    ...(where.namespace === undefined ? [] : ['-n', where.namespace]),
    ...words,
  ]
    .map(shellWord)
    .join(' ');

/** An nlbmc command about the primary's Service. */
export const nlbmc = (command: string, service: ObjectName, ...words: readonly string[]): string =>
  ['nlbmc', command, service.name, '-n', service.namespace, ...words].map(shellWord).join(' ');

const regionOf = (arn: string): readonly string[] => {
  const region = parseArn(arn)?.region;
  return region === undefined ? [] : ['--region', region];
};

/** An aws CLI command about targets of a target group, in the group's own region. */
export const targetsCommand = (
  verb: 'register' | 'deregister',
  arn: string,
  targets: readonly Target[],
): string => {
  return [
    'aws',
    'elbv2',
    `${verb}-targets`,
    ...regionOf(arn),
    '--target-group-arn',
    arn,
    '--targets',
    ...targets.map(({ id, port }) => `Id=${id},Port=${port}`),
  ]
    .map(shellWord)
    .join(' ');
};
