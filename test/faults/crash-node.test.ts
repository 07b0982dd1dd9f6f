import { startOnNode } from "../runners/start-serve.ts";
import { ends, testCrashes } from "./crashes.ts";

testCrashes("Node", { start: startOnNode, ends: [...ends(20), "stop", "stop", "stop", "stop"] });
