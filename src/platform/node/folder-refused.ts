type Reason = "not_writable" | "locked" | "other_version" | "migration_failed";

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
	other_version: "holds a file that is no database",
} as const;

// https://www.sqlite.org/rescode.html: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN, NOTADB.
const reasons = new Map<unknown, keyof typeof words>([
	[5, "locked"],
	[6, "locked"],
	[8, "not_writable"],
	[10, "not_writable"],
	[13, "not_writable"],
	[14, "not_writable"],
	[26, "other_version"],
]);

function reasonOf(error: Error): keyof typeof words | null {
	// An extended code has the primary one in its last byte.
	const code: unknown = Reflect.get(error, "errcode");
	if (typeof code === "number") return reasons.get(code & 0xff) ?? null;
	return typeof Reflect.get(error, "syscall") === "string" ? "not_writable" : null;
}
