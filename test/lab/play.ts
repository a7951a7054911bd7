import { whatIsLeft, type Left, type Run } from './left.ts';
import { openSandboxStage } from './sandbox-stage.ts';
import type { LabStage, NlbmcOutcome, Scenario } from './stage.ts';

/** Plays a scenario and looks at what it leaves. Throws where something did not happen that must. */
export async function playOn(stage: LabStage, scenario: Scenario): Promise<Left> {
  const runs: Run[] = [];
  const noted = (line: string, outcome: NlbmcOutcome): NlbmcOutcome => {
    runs.push({ line, code: outcome.code, report: outcome.report });
    return outcome;
  };
  await scenario.play({
    kind: stage.kind,
    namespace: stage.namespace,
    clusters: stage.clusters,
    aws: stage.aws,
    pass: (ms) => stage.pass(ms),
    always: (look) => stage.always(look),
    until: (what, ok, withinMs) => stage.until(what, ok, withinMs),
    acts: () => stage.acts(),
    killedAtWrite: (line, survives) => stage.killedAtWrite(line, survives),
    killed: (line, when) => stage.killed(line, when),
    nlbmc: async (line, input) => noted(line, await stage.nlbmc(line, input)),
    meanwhile: async (line, act) => noted(line, await stage.meanwhile(line, act)),
  });
  // Whatever is on its way arrives.
  await stage.pass(10_000);
  return whatIsLeft(stage, runs);
}

/** Plays it in a sandbox of its own, with controllers of that version. */
export async function playInSandbox(
  scenario: Scenario,
  o: Parameters<typeof openSandboxStage>[1],
): Promise<Left> {
  const stage = await openSandboxStage(scenario, o);
  try {
    return await playOn(stage, scenario);
  } finally {
    await stage.close();
  }
}
