import { Ago } from "../../ui/instant.tsx";
import { Section } from "../../ui/section.tsx";
import { useWords } from "../../ui/words.ts";

/** Where a question comes from that no redirect brought (RFC 8628). */
export interface AskingDevice {
	/** As the device shows it. */
	readonly userCode: string;
	/** In words of ours: nothing of what it says of itself. */
	readonly program: string;
	readonly address: string | null;
	/** In the language of the page; null where nobody knows. */
	readonly country: string | null;
	/** Whether its network is that of the browser. */
	readonly isNear: boolean;
	readonly askedAt: number;
	readonly now: number;
}

/**
 * RFC 8628 §3.3.1, §5.4: whoever was sent a link has to see that it is their device's code, and what device that is, before they
 * let it in.
 */
export function Device({ userCode, program, address, country, isNear, askedAt, now }: AskingDevice) {
	const { device: say } = useWords();
	const when = <Ago at={askedAt} now={now} />;
	const from = (
		<>
			<span class="host">{address}</span>
			{country !== null && <>, {country}</>}
		</>
	);
	return (
		<Section id="device" title={say.onWhich}>
			<p>{say.sameCode}</p>
			<p class="user-code">
				<strong>{userCode}</strong>
			</p>
			<p>
				{address === null ? say.asked(program, when) : say.askedFrom(program, when, from)}{" "}
				{isNear ? say.isNear : say.isFar}
			</p>
			<p>{say.onlyIf}</p>
		</Section>
	);
}
