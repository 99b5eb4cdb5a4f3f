// Writes to a file store until it is killed. Arguments: the folder, the rollout, the writer's name.
import { RolloutController } from "../controller/rollout-controller.ts";
import { definePolicy } from "../policy/define-policy.ts";
import { createFileStore } from "./file-store.ts";

const [folder = "", rollout = "", replica = ""] = process.argv.slice(2);
const policy = definePolicy({ seed: "kill", unguarded: true, stages: [{ weight: 0.5, holdMs: null }] });
const controller = new RolloutController({
  rollout,
  replica,
  store: createFileStore({ folder }),
  guardrails: [],
  stable: "1",
});
process.stdout.write("ready\n");
for (;;) {
  const { run } = await controller.refresh();
  if (run === null) await controller.start("2", policy, replica);
  else if (run.phase === "paused")
    await controller.command({ type: "resume", actor: replica }).catch(() => {});
  else await controller.command({ type: "pause", actor: replica, reason: "again" }).catch(() => {});
  process.stdout.write(`${controller.state.revision}\n`);
}
