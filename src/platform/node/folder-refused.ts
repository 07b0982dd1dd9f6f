type Reason = "not_writable" | "locked" | "damaged" | "other_version" | "migration_failed" | "incomplete";

/** Why a data folder cannot be opened. Nothing in it was changed. The message is for whoever starts the server. */
export class FolderRefused extends Error {
	override readonly name = "FolderRefused";
	readonly reason: Reason;

	constructor(reason: Reason, message: string) {
		super(message);
		this.reason = reason;
	}
}

/** The refusal that an error of SQLite or of the file system stands for; null where nobody expects it. */
export function refusalOf(error: unknown, folder: string): FolderRefused | null {
	if (error instanceof FolderRefused) return error;
	if (!(error instanceof Error)) return null;
	const reason = reasonOf(error);
	return reason && new FolderRefused(reason, `${folder} ${words[reason]}: ${error.message}`);
}

const words = {
	not_writable: "cannot be written",
	locked: "is locked by another process",
	damaged: "holds a file that is damaged",
	other_version: "holds a file that is no database",
} as const;

// How SQLite words BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN, CORRUPT and NOTADB (https://www.sqlite.org/rescode.html). Their
// numbers would do on Node; on Deno an error of exec() or of opening has none (findings/deno-errors-of-exec-have-no-code).
const reasons: readonly (readonly [RegExp, keyof typeof words])[] = [
	[/^database (table |schema )?is locked/, "locked"],
	[
		/^(attempt to write a readonly database|disk I\/O error|database or disk is full|unable to open database file)/,
		"not_writable",
	],
	[/^database disk image is malformed/, "damaged"],
	[/^file is not a database/, "other_version"],
];

function reasonOf(error: Error): keyof typeof words | null {
	if (Reflect.get(error, "code") === "ERR_SQLITE_ERROR") {
		return reasons.find(([wording]) => wording.test(error.message))?.[1] ?? null;
	}
	// What Deno was not started for: --allow-write of the folder.
	if (error.name === "NotCapable") return "not_writable";
	return typeof Reflect.get(error, "syscall") === "string" ? "not_writable" : null;
}
