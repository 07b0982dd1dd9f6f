import { SelectField } from "../../ui/field.tsx";
import { Name } from "../../ui/name.tsx";
import { type ProofAgain, ProofAgainFields } from "../../ui/proof-fields.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";

export interface RotateSecretProps {
	readonly frame: ConsoleFrame;
	readonly name: string;
	readonly action: string;
	readonly cancelUrl: string;
	readonly seed: string;
	/** Days. */
	readonly overlap: string;
	readonly error: string | null;
	readonly proof: ProofAgain | null;
}

const overlaps = [
	{ value: "0", label: "Not at all: it ends now" },
	{ value: "1", label: "1 day" },
	{ value: "7", label: "7 days" },
	{ value: "14", label: "14 days" },
	{ value: "30", label: "30 days" },
];

export function rotateSecretView(props: RotateSecretProps): string {
	const { frame, name, action, cancelUrl, seed, overlap, error, proof } = props;
	return renderConsolePage({
		frame,
		title: "Replace the secret",
		about: name,
		failed: error !== null || proof?.error != null,
		children: (
			<FormCard
				frame={frame}
				action={action}
				fields={{ seed }}
				errors={{ overlap: error, password: proof?.error }}
				submit="Create a new secret"
				cancel={cancelUrl}
				intro={
					<p>
						<Name text={name} /> gets a second secret, which is shown once. Both are good for as long as you choose, so
						that you can give the new one to one server after the other; then the older one expires by itself. If the
						older secret has leaked, let it end now: a server that still uses it is refused within 30 seconds.
					</p>
				}
			>
				<SelectField
					name="overlap"
					label="The older secret stays good for"
					options={overlaps}
					chosen={overlap}
					error={error}
				/>
				<ProofAgainFields proof={proof} />
			</FormCard>
		),
	});
}
