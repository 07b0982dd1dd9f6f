/**
 * What limits go by. Whoever has one IPv6 address has the /64 around it, and a whole site, or a tunnel that is had for
 * nothing, has a /48 (RFC 6177 §2). An IPv4 address stands for itself.
 */
export function networksOf(address: string): readonly [narrow: string, site: string | null] {
	// RFC 4291 §2.5.5.2: an IPv4 address, as a socket for both families writes it.
	const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
	if (mapped !== undefined || !address.includes(":")) return [mapped ?? address, null];
	// RFC 4291 §2.2: `::` stands for as many zero groups as are missing.
	const [before = [], after = []] = address
		.toLowerCase()
		.split("::")
		.map((part) => part.split(":").filter(Boolean));
	const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
	const groups = (address.includes("::") ? [...before, ...zeros, ...after] : before).map((group) =>
		group.replace(/^0+(?=.)/, ""),
	);
	return [groups.slice(0, 4).join(":"), groups.slice(0, 3).join(":")];
}
