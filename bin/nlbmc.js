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
} else {
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
