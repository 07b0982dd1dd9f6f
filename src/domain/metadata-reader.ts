/** Null for what may stand there, else what is wrong with it: the rest of a sentence that begins with the member's name. */
export type Rule = (text: string) => string | null;

/** The longest list that a client may send. */
const mostMembers = 20;

/** A JSON object that a stranger wrote, member by member. What is wrong is gathered, so that it can be mended at once. */
export class MetadataReader {
	readonly problems: string[] = [];
	readonly #sent: Readonly<Record<string, unknown>>;

	constructor(sent: Readonly<Record<string, unknown>>) {
		this.#sent = sent;
	}

	/** RFC 7591 §2: a member that is null is as one that is left out. */
	member(name: string): unknown {
		return Object.hasOwn(this.#sent, name) ? (this.#sent[name] ?? undefined) : undefined;
	}

	text(name: string, rule: Rule): string | undefined {
		const value = this.member(name);
		if (value === undefined) return undefined;
		if (typeof value !== "string") return this.#wrong(name, "must be a string");
		const problem = rule(value);
		return problem === null ? value : this.#wrong(name, problem);
	}

	oneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
		const value = this.member(name);
		if (value === undefined) return undefined;
		const chosen = choices.find((each) => each === value);
		return chosen ?? this.#wrong(name, `must be one of ${choices.join(", ")}`);
	}

	texts(name: string, rule: Rule = () => null): readonly string[] | undefined {
		const value = this.member(name);
		if (value === undefined) return undefined;
		if (!Array.isArray(value) || !value.every((each) => typeof each === "string")) {
			return this.#wrong(name, "must be a list of strings");
		}
		if (value.length > mostMembers) return this.#wrong(name, `may have ${mostMembers} members`);
		for (const each of value) {
			const problem = rule(each);
			if (problem !== null) return this.#wrong(name, `has a member that ${problem}`);
		}
		return value;
	}

	seconds(name: string): number | undefined {
		const value = this.member(name);
		if (value === undefined) return undefined;
		const isGood = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
		return isGood ? value : this.#wrong(name, "must be whole seconds");
	}

	/** For a member that would promise what is not done here. */
	refuse(name: string, detail: string): void {
		if (this.member(name) !== undefined) this.#wrong(name, detail);
	}

	add(problem: string): void {
		this.problems.push(problem);
	}

	#wrong(name: string, problem: string): undefined {
		this.problems.push(`${name} ${problem}`);
		return undefined;
	}
}
