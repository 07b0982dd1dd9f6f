import { renderConsolePage } from "./console-frame.tsx";
import type { Frame } from "./frame.ts";

export interface RefusalProps {
	readonly frame: Frame;
	readonly title: string;
	readonly detail: string;
}

/** What cannot be shown or done, where the person finds on from it. */
export function refusalView({ frame, title, detail }: RefusalProps): string {
	return renderConsolePage({
		frame,
		title,
		failed: true,
		children: (
			<div class="card">
				<p>{detail}</p>
				<p>Go back, or on by the navigation, which leads to everything that there is.</p>
			</div>
		),
	});
}
