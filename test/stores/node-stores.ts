import { expect } from "vitest";
import type { NodePlatform } from "../../src/platform/node/platform.ts";
import type { SqlFile } from "../../src/platform/node/sql-file.ts";
import type { Stores } from "./builders.ts";

export function nodeStores({ platform, files }: NodePlatform): Stores {
	return {
		platform,
		databases: files,
		async damageRow(subject, kind, id, text) {
			const update = "UPDATE rows SET body = ? WHERE subject = ? AND kind = ? AND id = ?";
			expect(files.ledgers.exec(update, text, subject, kind, id).rowsWritten).toBe(1);
		},
		copiedRev: (keyId) =>
			files.register.prepare("SELECT rev FROM key_verdicts WHERE key_id = ?").bind(keyId).first<number>("rev"),
		auditedActions: () => column(files.register, "SELECT action AS value FROM audit"),
		installedGrants: () => column(files.register, "SELECT grant_id AS value FROM installs"),
		eventIds: () => column(files.events, "SELECT id AS value FROM events"),
	};
}

async function column(file: SqlFile, query: string): Promise<readonly string[]> {
	return file
		.exec<{ value: string }>(query)
		.toArray()
		.map(({ value }) => value);
}
