/**
 * Parameters under their standard names, and whether any stood there under a contract's own camelCase name, which is the
 * dialect to answer in. `twice` names a parameter that is given under both.
 */
export function toStandardNames(
	params: ReadonlyMap<string, string>,
	camelNames: Readonly<Record<string, string>>,
): { camel: boolean; params: ReadonlyMap<string, string> } | { twice: string } {
	// Nearly every request is in the standard's.
	if (![...params.keys()].some((name) => Object.hasOwn(camelNames, name))) return { camel: false, params };
	const read = new Map<string, string>();
	for (const [name, value] of params) {
		const standard = Object.hasOwn(camelNames, name) ? (camelNames[name] ?? name) : name;
		if (read.has(standard)) return { twice: standard };
		read.set(standard, value);
	}
	return { camel: true, params: read };
}
