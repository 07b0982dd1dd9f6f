import { ConfigError } from "../config.ts";
import { type AddressSource, readAddressSource } from "./client-address.ts";

/** What a server decides beside what every deployment does (config.ts). */
export interface Settings {
	/** Where all storage is. Servers on one machine may share it. */
	readonly folder: string;
	readonly host: string;
	/** 0: whichever is free. */
	readonly port: number;
	readonly clientAddress: AddressSource;
}

/** Every variable that is read here. */
export const settingNames = ["DATA_FOLDER", "HOST", "PORT", "CLIENT_ADDRESS"] as const;

/** Throws a {@link ConfigError} that names the first variable that is wrong. */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): Settings {
	const text = (name: (typeof settingNames)[number]) => variables[name] || null;
	const folder = text("DATA_FOLDER");
	if (folder === null) throw new ConfigError("DATA_FOLDER", "is missing: the folder that holds all storage");
	return {
		folder,
		// A proxy on the same machine reaches it, and nobody else who might write that proxy's headers.
		host: text("HOST") ?? "127.0.0.1",
		port: readPort(text("PORT") ?? "8787"),
		clientAddress: readAddressSource(text("CLIENT_ADDRESS") ?? "socket"),
	};
}

function readPort(value: string): number {
	if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) throw new ConfigError("PORT", "must be a number, 0 to 65535");
	return Number(value);
}
