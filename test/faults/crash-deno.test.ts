import { startOnDeno } from "../runners/start-serve.ts";
import { testCrashes } from "./crashes.ts";

testCrashes("Deno", { start: startOnDeno, ends: ["kill", "stop", "kill"] });
