import { openSandboxStage } from './sandbox-stage.ts';
import { scenarios } from './scenarios/all.ts';

describe('the scripts of the lab, in the sandbox', () => {
  for (const scenario of scenarios) {
    test(`${scenario.name}: ${scenario.title}`, async () => {
      const stage = await openSandboxStage(scenario);
      try {
        await scenario.play(stage);
      } finally {
        await stage.close();
      }
    });
  }
});
