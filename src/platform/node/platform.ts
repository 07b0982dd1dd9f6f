import type { Platform } from "../../domain/ports/platform.ts";
import type { Seconds } from "../../domain/brands.ts";
import { memoryPlatform } from "../memory/platform.ts";

/** One machine: every store in one folder, which several processes may share. */
export interface NodePlatform {
	readonly platform: Platform;
	/**
	 * What alarms do on Cloudflare: deletes what is due in ledgers, tallies and codes, and copies verdicts that a request
	 * left uncopied. To be called every minute or so; costs next to nothing where nothing is due. It logs what fails and
	 * tries it again the next time.
	 */
	upkeep(): Promise<void>;
	/** Afterwards nothing of the platform may be used. */
	close(): void;
}

export interface PlatformOptions {
	/** The clock of ledgers, limits and codes. */
	readonly now?: () => Seconds;
	/** Where the folders `register`, `events` and `ledgers` of migrations are, for a bundle that lies elsewhere. */
	readonly migrations?: URL;
}

/** Why a data folder cannot be opened. Nothing in it was changed. The message is for whoever starts the server. */
export class FolderRefused extends Error {
	override readonly name = "FolderRefused";
	readonly reason: "not_writable" | "locked" | "other_version" | "migration_failed";

	constructor(reason: FolderRefused["reason"], message: string) {
		super(message);
		this.reason = reason;
	}
}

/** Makes the folder where there is none; `:memory:` ends with the process. Throws {@link FolderRefused}. */
export function openPlatform(folder: string, { now = systemClock }: PlatformOptions = {}): NodePlatform {
	if (folder !== ":memory:") throw new FolderRefused("not_writable", "Only :memory: is there yet.");
	return { platform: memoryPlatform(now), async upkeep() {}, close() {} };
}

function systemClock(): Seconds {
	return Math.floor(Date.now() / 1000);
}
