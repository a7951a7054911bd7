// The step of action.yml: runs nlbmc through npx with the inputs, keeps its JSON report in a file, and
// prints each finding of it as an annotation. It ends with the exit code of nlbmc.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';

const { env } = process;
/** An input; undefined: it was left out. */
const input = (name) => env[`NLBMC_${name}`]?.trim() || undefined;

// https://docs.github.com/actions/reference/workflow-commands: what ends a command is escaped.
const data = (text) =>
  String(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
const annotation = (level, title, message) =>
  `::${level} title=${property(title)}::${data(message)}`;

function wordsOf() {
  const command = input('COMMAND');
  const more = (input('ARGS') ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (!command || !/^[a-z]+$/.test(command))
    throw new Error('The input command is missing or no command.');
  // What follows --during is a command of its own.
  const during = more.findIndex((word) => word === '--during');
  const own = during < 0 ? more : more.slice(0, during);
  if (own.some((word) => /^(-[qvy]*o|--output$|--output=)/.test(word))) {
    throw new Error('The action reads the report as JSON: leave -o out of args.');
  }
  const two = own.find((word) => /^-[^=]*\s/.test(word));
  if (two !== undefined) {
    throw new Error(`In args, each line is one word: write --option=value instead of ${two}.`);
  }
  const option = (name, value) => (value === undefined ? [] : [`--${name}=${value}`]);
  const service = input('SERVICE');
  if (service?.startsWith('-')) throw new Error('The input service is the name of a Service.');
  return [
    command,
    ...(service === undefined ? [] : [service]),
    ...option('context', input('CONTEXT')),
    ...option('primary', input('PRIMARY')),
    ...option('load-balancer', input('LOAD_BALANCER')),
    '--output=json',
    ...more,
  ];
}

/** Runs a program without a shell: progress goes to the log, the result comes back. */
const run = (program, words) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    const parts = [];
    child.stdout.on('data', (part) => parts.push(part));
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({
        code: code ?? (signal === 'SIGINT' ? 130 : 143),
        stdout: Buffer.concat(parts).toString(),
      }),
    );
  });

/** The annotations of a report: what is wrong, what to know, and what was not read. */
function annotationsOf({ problems = [], cautions = [], notes = [], skips = [] }) {
  const lines = (level, found) =>
    found.map(({ code, message, hints = [] }) =>
      annotation(level, `nlbmc ${code}`, [message, ...hints.map(({ text }) => text)].join('\n')),
    );
  return [
    ...lines('error', problems),
    ...lines('warning', cautions),
    ...lines('notice', [...notes, ...skips]),
  ];
}

/** The package in the words of npx: a version or a tag, and no other place to get it from. */
function packageName() {
  const version = input('VERSION') ?? 'latest';
  if (!/^[0-9a-z][0-9a-z.+-]*$/i.test(version)) {
    throw new Error('The input version is a version, such as 0.1.0, or a tag, such as latest.');
  }
  return `nlbmc@${version}`;
}

/** The report; undefined: stdout is none, such as the help, or nothing because npx has failed. */
function reportIn(stdout) {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

async function main() {
  const words = ['--yes', packageName(), ...wordsOf()];
  const file = input('OUTPUT') ?? 'nlbmc-report.json';
  // Before anything is changed: a report that cannot be kept must not turn up afterwards.
  writeFileSync(file, '');
  const token = randomUUID();
  // Names from the clusters are in the progress: none of it is a command to the runner.
  process.stdout.write(`::stop-commands::${token}\n`);
  const { code, stdout } = await run('npx', words).finally(() =>
    process.stdout.write(`::${token}::\n`),
  );
  writeFileSync(file, stdout);
  const report = reportIn(stdout);
  if (report === undefined) {
    const message = `nlbmc ended with exit code ${code} and without a report. The log of this step says why.`;
    process.stdout.write(`${annotation('error', 'nlbmc', message)}\n`);
    // Nothing was said of what was asked, so it is no success.
    process.exitCode = code || 2;
    return;
  }
  for (const line of annotationsOf(report)) process.stdout.write(`${line}\n`);
  const result = `${report.result ?? report.kind ?? ''}`;
  const summary = `nlbmc ${input('COMMAND')}: ${result}. ${report.message ?? ''} (exit ${code})`;
  process.stdout.write(`${summary.replaceAll(/\s+/g, ' ')}\n`);
  if (env.GITHUB_OUTPUT) {
    const outputs = { result, 'exit-code': code, report: file };
    for (const [name, value] of Object.entries(outputs)) {
      appendFileSync(env.GITHUB_OUTPUT, `${name}<<${token}\n${value}\n${token}\n`);
    }
  }
  process.exitCode = code;
}

main().catch((error) => {
  process.stdout.write(`${annotation('error', 'nlbmc', error.message)}\n`);
  process.exitCode = 2;
});
