/**
 * Eight regions, and how long a packet is on its way between two of them and back, in milliseconds: the means of what `ping` said
 * between the regions of Google Cloud (us-east4, us-west1, southamerica-east1, europe-west3, asia-south1, asia-southeast1,
 * asia-northeast1, australia-southeast1) for "State-Machine Replication for Planet-Scale Systems" (EuroSys 2020), of both
 * directions: https://github.com/vitorenesduarte/fantoch/tree/1a67529d955fec2103d8bef14d594e242526edf3/latency
 * Within a region it was 0.2 to 0.4 ms, for which no timer waits.
 */
const milliseconds = {
	IAD: [0, 59, 129, 87, 269, 208, 146, 196],
	PDX: [59, 0, 177, 144, 211, 159, 88, 161],
	GRU: [129, 177, 0, 215, 383, 322, 259, 304],
	FRA: [87, 144, 215, 0, 355, 294, 232, 282],
	BOM: [269, 211, 383, 355, 0, 60, 127, 227],
	SIN: [208, 159, 322, 294, 60, 0, 67, 170],
	NRT: [146, 88, 259, 232, 127, 67, 0, 104],
	SYD: [196, 161, 304, 282, 227, 170, 104, 0],
} as const;

export type Region = keyof typeof milliseconds;

export const regions = Object.keys(milliseconds) as Region[];

/** Where all that there is one of lies: ledgers, register, limiter, key rings. */
export const home: Region = "IAD";

export function roundTrip(from: Region, to: Region): number {
	return milliseconds[from][regions.indexOf(to)] ?? Number.NaN;
}

/** A colo of a region beside others: `FRA` itself, then `QDB`, `QDC` and so on, as no airport is called. */
export function coloIn(region: Region, index: number): string {
	return index === 0 ? region : `Q${letter(regions.indexOf(region))}${letter(index)}`;
}

export function regionOf(colo: string): Region {
	const found = regions.find((region, index) => region === colo || colo.startsWith(`Q${letter(index)}`));
	if (!found) throw new Error(`${colo} is in no region`);
	return found;
}

function letter(index: number): string {
	return String.fromCharCode(65 + index);
}
