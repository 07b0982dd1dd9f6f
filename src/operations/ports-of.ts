import type { Platform } from "../domain/ports/platform.ts";

const platform = Symbol("platform");

/** Has the ports with it, out of sight: an endpoint that holds it reaches storage through an operation, or not at all. */
export interface HoldsPorts {
	readonly [platform]: Platform;
}

export function holdPorts(ports: Platform): HoldsPorts {
	return { [platform]: ports };
}

/** For operations alone (a lint rule keeps it). */
export function portsOf({ [platform]: ports }: HoldsPorts): Platform {
	return ports;
}
