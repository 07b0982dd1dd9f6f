/** The parts of it that are used: its own types are a package with sixteen others behind it. */
declare module "oidc-provider" {
	import type { RequestListener } from "node:http";

	export class Provider {
		constructor(issuer: string, configuration: object);
		callback(): RequestListener;
	}
}
