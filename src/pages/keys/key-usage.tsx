import type { ConsoleFrame } from "../frame/frame.ts";
import { Usage, type UsageProps } from "../frame/usage.tsx";
import { type EditedKey, renderKeyPage } from "./key-frame.tsx";

interface KeyUsageProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	readonly usage: UsageProps;
}

/** `GET /console/:slug/keys/:id/usage` */
export function keyUsageView({ frame, key, usage }: KeyUsageProps): string {
	return renderKeyPage({
		frame,
		key,
		tab: "Usage",
		children: (
			<>
				<p class="muted">
					{key.link ? "What it did in this account." : "What it did, in this account and where it is linked."} A check
					is an access code, or a token that it got, that was found good.
				</p>
				<Usage usage={usage} of={["login", "check"]} />
			</>
		),
	});
}
