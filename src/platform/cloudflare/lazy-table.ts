/**
 * A table that is made by its first write: an object that was only ever asked leaves no storage behind
 * (DESIGN §4.5). What is known of it is kept in memory, so that a call costs no look into the schema.
 */
export class LazyTable {
	readonly #sql: SqlStorage;
	readonly #name: string;
	readonly #definition: string;
	#exists: boolean | null = null;

	constructor(sql: SqlStorage, name: string, definition: string) {
		this.#sql = sql;
		this.#name = name;
		this.#definition = definition;
	}

	exists(): boolean {
		this.#exists ??= this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = ?", this.#name).toArray().length > 0;
		return this.#exists;
	}

	make(): void {
		if (this.exists()) return;
		this.#sql.exec(this.#definition);
		this.#exists = true;
	}

	/** After a rollback or `deleteAll()`: the table may have gone with it. */
	forget(): void {
		this.#exists = null;
	}
}
