import { BlockList } from "node:net";

/** As a resolver answers. */
export interface Address {
	readonly address: string;
	readonly family: number;
}

/** Whether everybody reaches the same there. */
export function isPublic(each: Address): boolean {
	return !isIn(special, each) && (each.family === 4 || isIn(globalUnicast, each));
}

export function isOfThisMachine(each: Address): boolean {
	return isIn(loopbacks, each);
}

/** RFC 6890 and the registries that it made: what is reached from here alone, and never by everybody. */
const special = listOf(
	["0.0.0.0", 8],
	["10.0.0.0", 8],
	["100.64.0.0", 10],
	["127.0.0.0", 8],
	["169.254.0.0", 16],
	["172.16.0.0", 12],
	["192.0.0.0", 24],
	["192.0.2.0", 24],
	["192.88.99.0", 24],
	["192.168.0.0", 16],
	["198.18.0.0", 15],
	["198.51.100.0", 24],
	["203.0.113.0", 24],
	["224.0.0.0", 3],
	// Teredo, documentation and 6to4: the first and the last carry an IPv4 address inside.
	["2001::", 23],
	["2001:db8::", 32],
	["2002::", 16],
	["3fff::", 20],
);

/** RFC 4291 §2.4: of IPv6, only this is given out as global unicast. What maps or translates IPv4 (RFC 4038, RFC 6052) is not in it. */
const globalUnicast = listOf(["2000::", 3]);

const loopbacks = listOf(["127.0.0.0", 8], ["::1", 128]);

function isIn(list: BlockList, { address, family }: Address): boolean {
	return list.check(address, family === 4 ? "ipv4" : "ipv6");
}

function listOf(...subnets: readonly (readonly [network: string, prefix: number])[]): BlockList {
	const list = new BlockList();
	for (const [network, prefix] of subnets) list.addSubnet(network, prefix, network.includes(":") ? "ipv6" : "ipv4");
	return list;
}
