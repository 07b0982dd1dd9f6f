import type { TestProject } from "vitest/node";
import { openControl } from "./control.ts";
import { createDeployments } from "./staged-deployments.ts";

/** Serves the Worker for the length of the run: a deployment for each test file, in a workerd of its own. */
export default async function serveWithWorkerd(project: TestProject): Promise<() => Promise<void>> {
	const deployments = await createDeployments();
	const control = await openControl(() => deployments);
	project.provide("control", control.origin);
	return async () => {
		control.close();
		console.log(`${project.name}: ${deployments.scanned()}`);
		await deployments.stopAll();
	};
}
