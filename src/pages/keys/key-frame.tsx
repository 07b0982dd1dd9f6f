import type { ComponentChildren } from "preact";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { Press } from "../../ui/post-form.tsx";
import { Tabs } from "../../ui/tabs.tsx";

/** What every tab of a key's editor shows of it. */
export interface EditedKey {
	readonly id: string;
	readonly name: string;
	readonly tags: readonly string[];
	readonly isIntegration: boolean;
	readonly isOn: boolean;
	readonly createdAt: number;
	/** Of a linked key: who owns it, and who has switched it off; null for the account's own. */
	readonly link: { readonly owner: string; readonly offByUs: boolean; readonly offByOwner: boolean } | null;
}

export interface KeyFrameProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	readonly tab: "Details" | "Policies" | "Limits" | "Access codes" | "Sessions" | "Links" | "Usage";
	readonly said?: Readonly<Record<string, string>>;
	readonly notice?: string;
	/** Where the switch is that was pressed, if one was: one more press takes it back. */
	readonly undo?: string | null;
	readonly failed?: boolean;
	readonly children: ComponentChildren;
}

const elsewhere = "A linked key is used with the access codes of its owner.";

/** A tab of a key's editor. */
export function renderKeyPage(props: KeyFrameProps): string {
	const { frame, key, tab, undo = null, children, ...rest } = props;
	const base = keyUrl(frame, key);
	const isSwitch = frame.done === "disabled" || frame.done === "enabled";
	const ofOwner = (name: string, path: string, why: string) =>
		key.link ? { name, url: null, why } : { name, url: `${base}/${path}` };
	return renderConsolePage({
		frame,
		title: key.name,
		tab,
		...rest,
		children: (
			<>
				{undo !== null && isSwitch && (
					<Press
						action={undo}
						csrf={frame.csrf}
						fields={{ enabled: frame.done === "disabled" ? "on" : "off" }}
						class="row"
						label="Undo"
					/>
				)}
				<Tabs
					label="Parts of this API key"
					current={tab}
					tabs={[
						{ name: "Details", url: base },
						{ name: "Policies", url: `${base}/policies` },
						ofOwner("Limits", "limits", "Its owner says what its use is limited to."),
						ofOwner("Access codes", "codes", elsewhere),
						ofOwner("Sessions", "sessions", "Only its owner sees who is logged in by it."),
						ofOwner("Links", "links", "Only its owner sees where a key is linked."),
						{ name: "Usage", url: `${base}/usage` },
					]}
				/>
				{key.link && <p class="muted">Access codes: {elsewhere} Ask the owner for one.</p>}
				{children}
			</>
		),
	});
}

export function keyUrl({ base }: ConsoleFrame, { id }: Pick<EditedKey, "id">): string {
	return `${base}/keys/${id}`;
}
