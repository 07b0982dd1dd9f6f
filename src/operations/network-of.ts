/** What limits go by: whoever has one IPv6 address has the whole /64. */
export function networkOf(address: string): string {
	if (!address.includes(":")) return address;
	// RFC 4291 §2.2: `::` stands for as many zero groups as are missing.
	const [before = [], after = []] = address
		.toLowerCase()
		.split("::")
		.map((part) => part.split(":").filter(Boolean));
	const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
	const groups = address.includes("::") ? [...before, ...zeros, ...after] : before;
	return groups
		.slice(0, 4)
		.map((group) => group.replace(/^0+(?=.)/, ""))
		.join(":");
}
