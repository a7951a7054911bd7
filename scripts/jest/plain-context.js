import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

/**
 * jest's own environment, in a VM context without interceptors: with them, each look at a global is a
 * call into Node, which took an isolated file a tenth of its time. See docs/decisions/test-modules.md.
 */
export default class PlainContext extends TestEnvironment {
  constructor(...given) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(...given);
    } finally {
      vm.createContext = createContext;
    }
  }
}
