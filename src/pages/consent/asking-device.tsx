import { Ago } from "../../ui/instant.tsx";
import { Section } from "../../ui/section.tsx";

/** Where a question comes from that no redirect brought (RFC 8628). */
export interface AskingDevice {
	/** As the device shows it. */
	readonly userCode: string;
	/** In words of ours: nothing of what it says of itself. */
	readonly program: string;
	readonly address: string | null;
	/** In English; null where nobody knows. */
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
	return (
		<Section id="device" title="On which device">
			<p>Does your device show this code? If it shows another, or you have no device before you, choose Deny.</p>
			<p class="user-code">
				<strong>{userCode}</strong>
			</p>
			<p>
				{program} asked <Ago at={askedAt} now={now} />
				{address !== null && (
					<>
						{" "}
						from <span class="host">{address}</span>
						{country !== null && <>, {country}</>}
					</>
				)}
				.{" "}
				{isNear ? "That is the network that you are in, too." : "That is another network than the one that you are in."}
			</p>
			<p>
				Go on only if you have just started this yourself. Whoever else gave you the code or the link would act in your
				name.
			</p>
		</Section>
	);
}
