import type { ComponentChildren } from "preact";
import { renderCard } from "../../ui/document.tsx";
import { PasskeyPart } from "../../ui/passkey-part.tsx";
import { HiddenFields } from "../../ui/post-form.tsx";
import type { Shell } from "../../words/shell.ts";

export interface MakePasskeyProps {
	readonly shell: Shell;
	readonly action: string;
	/** What was said before, and is sent once more with the passkey. */
	readonly fields: Readonly<Record<string, string>>;
	/** WebAuthn's, as JSON. */
	readonly options: string;
	/** What it is for. */
	readonly intro: ComponentChildren;
	/** Fields that are filled in before it is made. */
	readonly children?: ComponentChildren;
}

/** The second of two pages: what the passkey is called in its device is said on the first. Posts `new_passkey` with the fields. */
export function makePasskeyView({ shell, action, fields, options, intro, children }: MakePasskeyProps): string {
	return renderCard({
		shell,
		title: "Make your passkey",
		children: (
			<>
				{intro}
				<p class="muted">
					Your device asks for your finger, your face or its PIN, and keeps the passkey. There is nothing to remember,
					and nothing that somebody could read off you.
				</p>
				<form method="post" action={action}>
					<HiddenFields fields={fields} />
					{children}
					<PasskeyPart does="create" options={options} label="Make the passkey" look="primary" />
				</form>
			</>
		),
	});
}

/** Beside the button that takes a password. */
export function GoOnByPasskey() {
	return (
		<button type="submit" name="with" value="passkey" formNoValidate class="outline secondary">
			Use a passkey instead
		</button>
	);
}
