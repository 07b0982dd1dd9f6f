import { startWorker } from "../runners/start-worker.ts";
import { ends, testCrashes } from "./crashes.ts";

testCrashes("workerd", { start: startWorker, ends: ends(3) });
