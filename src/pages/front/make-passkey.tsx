import type { ComponentChildren } from "preact";
import { renderCard } from "../../ui/document.tsx";
import { PasskeyPart } from "../../ui/passkey-part.tsx";
import { HiddenFields } from "../../ui/post-form.tsx";
import type { Shell } from "../../words/shell.ts";
import { useWords } from "../../ui/words.ts";

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
	const { passkey: say } = shell.words;
	return renderCard({
		shell,
		title: say.title,
		children: (
			<>
				{intro}
				<p class="muted">{say.intro}</p>
				<form method="post" action={action}>
					<HiddenFields fields={fields} />
					{children}
					<PasskeyPart does="create" options={options} label={say.make} look="primary" />
				</form>
			</>
		),
	});
}

/** Beside the button that takes a password. */
export function GoOnByPasskey() {
	return (
		<button type="submit" name="with" value="passkey" formNoValidate class="outline secondary">
			{useWords().passkey.use}
		</button>
	);
}
