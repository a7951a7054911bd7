#!/usr/bin/env node
// A shim that any Node can parse: it speaks up on an old one instead of dying of a syntax error.
'use strict';
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    'nlbmc needs Node.js 20.19 or newer, and this is ' +
      process.versions.node +
      ' (' +
      process.execPath +
      ').\n',
  );
  process.exitCode = 2;
} else if (!tellsFixed()) {
  // The AWS SDK announces the end of Node 20 on stderr at every run. When nlbmc drops Node 20 is
  // nlbmc's decision (the SDK is bundled and pinned), and no news for the person at the terminal.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  Promise.resolve(
    process.getBuiltinModule ? process.getBuiltinModule('module') : import('node:module'),
  )
    .then(function (module) {
      // The program takes Node's modules from here; Node 21 and the first versions of 22 have it not.
      if (!process.getBuiltinModule) {
        process.getBuiltinModule = module.createRequire(process.argv[1]);
      }
      // Node 22 and newer keep the compiled bundle: a quarter off the start-up. Node 20 has it not.
      if (module.enableCompileCache) module.enableCompileCache();
      return import('../dist/main.js');
    })
    .then(function (program) {
      return program.main();
    })
    .catch(function (error) {
      const isBuilt = !error || error.code !== 'ERR_MODULE_NOT_FOUND';
      process.stderr.write(
        isBuilt
          ? 'nlbmc cannot start: ' + ((error && error.stack) || error) + '\n'
          : 'nlbmc is not built in this checkout. Type: npm install && npm run build\n',
      );
      process.exitCode = 1;
    });
}

/**
 * Prints the help or the version from a file that the build made of the program's own answer. False: it was
 * asked for something else, the terminal has another width, or the answer could not be written; then the
 * program does it, or says why it cannot.
 */
function tellsFixed() {
  const help = ['--help', '-h', 'help'];
  const word = process.argv[2] || '';
  const isKnown = help.concat('--version', '-V').includes(word) && process.argv.length === 3;
  // As kubectl's plugin the program has another name, which the help repeats.
  if (!isKnown || !process.getBuiltinModule || /[\\/]kubectl-[^\\/]*$/.test(process.argv[1])) {
    return false;
  }
  const fs = process.getBuiltinModule('fs');
  try {
    const fixed = JSON.parse(
      fs.readFileSync(new URL('../dist/fixed.json', import.meta.url), 'utf8'),
    );
    const columns = process.getBuiltinModule('tty').isatty(1) ? process.stdout.columns : 80;
    const text = help.includes(word) ? fixed[Math.min(columns, 100)] : fixed.version + '\n';
    if (!text) return false;
    return fs.writeSync(1, text) === Buffer.byteLength(text);
  } catch {
    return false;
  }
}
