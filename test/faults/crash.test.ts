import { startWorker } from "../runners/start-worker.ts";
import { testCrashes } from "./crashes.ts";

testCrashes("workerd", { start: startWorker, ends: ["kill", "kill", "kill"] });
