/** Which of so many shards has what is called so. FNV-1a, 32 bits: it only has to spread, since the names are digests already. */
export function shardOf(name: string, shards: number): string {
	let value = 0x811c9dc5;
	for (let index = 0; index < name.length; index++) value = Math.imul(value ^ name.charCodeAt(index), 0x01000193);
	return `shard-${(value >>> 0) % shards}`;
}
