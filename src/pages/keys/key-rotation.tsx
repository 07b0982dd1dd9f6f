import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";
import { RadioChoices } from "../../ui/choices.tsx";
import type { FieldErrors } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Name } from "../../ui/name.tsx";
import { type ProofAgain, ProofAgainFields } from "../../ui/proof-fields.tsx";
import { type EditedKey, keyUrl, renderKeyPage } from "./key-frame.tsx";

export interface KeyRotationProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	/** Makes the form's second submit find what the first one made. */
	readonly nonce: string;
	readonly code: { readonly id: string; readonly description: string; readonly lastUsedAt: number | null };
	/** The key's other code, as long as it is good for something: it goes, or this one does at once. */
	readonly other: { readonly id: string; readonly description: string } | null;
	readonly values: { readonly description: string; readonly days: string };
	readonly errors: FieldErrors<"description" | "days">;
	readonly problem: string | null;
	readonly proof: ProofAgain | null;
}

/** In how many days the old code can end. */
export const daysOffered = ["0", "1", "7", "14", "30"] as const;

/** Posts `nonce`, `other`, `description` and `days`. */
export function keyRotationView(props: KeyRotationProps): string {
	const { frame, key, nonce, code, other, values, errors, problem, proof } = props;
	const base = `${keyUrl(frame, key)}/codes`;
	const mayRemove = !other || frame.permissions.includes("keys:delete");
	const options = daysOffered
		.filter((days) => days === "0" || mayRemove)
		.map((days) => ({ value: days, label: labelOf(days), hint: hintOf(days, other?.description) }));
	return renderKeyPage({
		frame,
		key,
		tab: "Access codes",
		failed: Object.values(errors).some(Boolean) || problem !== null || proof?.error != null,
		children: (
			<>
				<h2>
					Rotate <Name text={code.description || "Without a description"} />
				</h2>
				<FormCard
					action={`${base}/${code.id}/rotate`}
					frame={frame}
					fields={{ nonce, other: other?.id ?? "" }}
					errors={{ ...errors, password: proof?.error }}
					problem={problem}
					submit="Rotate access code"
					cancel={base}
				>
					<p>
						A new access code is created and shown to you. Give it to the programs that use this one, which was last
						used: {code.lastUsedAt === null ? "never" : <Instant at={code.lastUsedAt} now={frame.now} />}.
					</p>
					<Field
						name="description"
						label="Description of the new access code"
						value={values.description}
						hint="Which program will use it. The code is good for 365 days."
						error={errors.description}
					/>
					<RadioChoices
						legend="When does the old access code end?"
						name="days"
						options={options}
						chosen={values.days}
						error={errors.days}
					/>
					<ProofAgainFields proof={proof} />
				</FormCard>
			</>
		),
	});
}

function labelOf(days: string): string {
	return days === "0" ? "Now" : days === "1" ? "In 1 day" : `In ${days} days`;
}

/** Contract 003: at most two codes, so that of three it is said which one goes. */
function hintOf(days: string, other: string | undefined): string {
	const named = other === undefined ? "" : other === "" ? "The other access code" : `“${other}”`;
	if (days === "0") {
		const rest = named === "" ? "" : ` ${named} stays as it is.`;
		return `Whatever uses it stops with its next request, and its sessions end.${rest}`;
	}
	return named === ""
		? "Both are good until then."
		: `Both are good until then. ${named} is deleted now: a key has at most two.`;
}
