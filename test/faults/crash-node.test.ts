import { startOnNode } from "../runners/start-serve.ts";
import { testCrashes } from "./crashes.ts";

const ends = Array.from({ length: 24 }, (_, round) => (round % 6 === 5 ? "stop" : "kill"));

testCrashes("Node", { start: startOnNode, ends });
