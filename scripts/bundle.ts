import { build, type BuildOptions } from "esbuild";

/** The server in one file: Node reads no JSX, and a deployment need not carry node_modules. */
export async function bundle(entry: string, outfile: string, options: BuildOptions = {}): Promise<void> {
	await build({
		entryPoints: [entry],
		outfile,
		bundle: true,
		platform: "node",
		target: "node22.13",
		format: "esm",
		sourcemap: "linked",
		logLevel: "warning",
		...options,
	});
}
