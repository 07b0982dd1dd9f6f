import { ConfigError } from "../config.ts";
import { type FileName, fileNames } from "../platform/node/data-folder.ts";
import { type AddressSource, readAddressSource } from "./client-address.ts";

/** What a server decides beside what every deployment does (config.ts). */
export interface Settings {
	/** Where all storage is. Servers on one machine may share it. */
	readonly folder: string;
	readonly host: string;
	/** 0: whichever is free. */
	readonly port: number;
	readonly clientAddress: AddressSource;
	/** Files of the folder that are gone for good, and are made anew beside the others: said once, by whoever lost them. */
	readonly lostFiles: readonly FileName[];
	/** The server that mail is sent by, with the password for it. */
	readonly smtp: URL | null;
}

/** Every variable that is read here. */
export const settingNames = ["DATA_FOLDER", "HOST", "PORT", "CLIENT_ADDRESS", "LOST_FILES", "SMTP_URL"] as const;

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
		lostFiles: readLostFiles(text("LOST_FILES") ?? ""),
		smtp: readSmtp(text("SMTP_URL")),
	};
}

/** A query would be options of the library's, with which its certificate need not be good. */
function readSmtp(value: string | null): URL | null {
	if (value === null) return null;
	const url = URL.canParse(value) ? new URL(value) : null;
	const isPlain =
		url !== null && url.hostname !== "" && ["", "/"].includes(url.pathname) && url.search + url.hash === "";
	if (!isPlain || !["smtp:", "smtps:"].includes(url.protocol) || !canDecode(url.username + url.password)) {
		throw new ConfigError("SMTP_URL", "must be smtps://user:password@host or smtp://…, with a port or without");
	}
	return url;
}

function canDecode(text: string): boolean {
	try {
		return decodeURIComponent(text) !== null;
	} catch {
		return false;
	}
}

function readLostFiles(value: string): readonly FileName[] {
	return value
		.split(",")
		.filter((word) => word !== "")
		.map((word) => {
			const name = fileNames.find((each) => each === word.trim());
			if (!name) throw new ConfigError("LOST_FILES", `must be of ${fileNames.join(", ")}`);
			return name;
		});
}

function readPort(value: string): number {
	if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) throw new ConfigError("PORT", "must be a number, 0 to 65535");
	return Number(value);
}
