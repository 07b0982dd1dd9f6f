/**
 * A table that is made by its first write: an object that was only ever asked leaves no storage behind
 * (DESIGN §4.5). What is known of it is kept in memory, so that a call costs no look into the schema.
 */
export class LazyTable {
	readonly #storage: DurableObjectStorage;
	readonly #name: string;
	readonly #definition: string;
	readonly #addition: Addition | null;
	#exists: boolean | null = null;

	constructor(storage: DurableObjectStorage, name: string, definition: string, addition: Addition | null = null) {
		this.#storage = storage;
		this.#name = name;
		this.#definition = definition;
		this.#addition = addition;
	}

	exists(): boolean {
		return (this.#exists ??= this.#look());
	}

	make(): void {
		if (this.exists()) return;
		this.#exec(this.#definition + (this.#addition?.definition ?? ""));
		this.#exists = true;
	}

	/** After a rollback or `deleteAll()`: the table may have gone with it. */
	forget(): void {
		this.#exists = null;
	}

	/** One that an earlier version made gets what it lacks. */
	#look(): boolean {
		const query = "SELECT name FROM sqlite_master WHERE tbl_name = ?";
		const made = this.#storage.sql.exec<{ name: string }>(query, this.#name).toArray();
		if (made.length === 0) return false;
		const addition = this.#addition;
		if (addition && !made.some(({ name }) => name === addition.name)) this.#exec(addition.definition);
		return true;
	}

	/** All of it or nothing. */
	#exec(definition: string): void {
		this.#storage.transactionSync(() => this.#storage.sql.exec(definition));
	}
}

/** What a later version added to the table: the last of it is an index of this name. */
interface Addition {
	readonly name: string;
	readonly definition: string;
}
