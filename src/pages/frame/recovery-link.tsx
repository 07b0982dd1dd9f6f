import { Copyable } from "../../ui/copyable.tsx";
import { type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Instant } from "../../ui/instant.tsx";
import { StrongName } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { ProofFields, type WaysToProve } from "../../ui/proof-fields.tsx";
import { renderConsolePage } from "./console-frame.tsx";
import type { Frame } from "./frame.ts";
import { FormCard } from "./form-card.tsx";

export interface AskForLinkProps {
	readonly frame: Frame;
	readonly action: string;
	readonly cancel: string;
	/** Whom it is for; null where the form asks. */
	readonly name: string | null;
	/** As it was typed; null where nobody is asked. */
	readonly username: string | null;
	readonly ways: WaysToProve;
	readonly errors: FieldErrors<"username" | "password">;
}

/** Whoever lets somebody else in gives their own password first. */
export function askForLinkView({ frame, action, cancel, name, username, ways, errors }: AskForLinkProps): string {
	return renderConsolePage({
		frame,
		title: "Let somebody back in",
		about: name ?? undefined,
		failed: isWrong(errors),
		children: (
			<FormCard
				frame={frame}
				action={action}
				errors={errors}
				submit="Create a link"
				cancel={cancel}
				intro={
					<p>
						Creates a link by which{" "}
						{name === null ? (
							"they choose"
						) : (
							<>
								<StrongName text={name} /> chooses
							</>
						)}{" "}
						a new way in: once, within 24 hours. It ends their sign-ins and login sessions, and every account that they
						belong to is alerted. Be sure that it is they who ask, and tell it to nobody else.
					</p>
				}
			>
				{username !== null && (
					<Field name="username" label="Their user name" value={username} error={errors.username} />
				)}
				<ProofFields
					ways={ways}
					label="Your own password"
					hint="Asked for again, because whoever has the link has their name. The audit log notes it."
					error={errors.password}
				/>
			</FormCard>
		),
	});
}

export interface LinkMadeProps {
	readonly frame: Frame;
	readonly url: string;
	readonly expiresAt: number;
	readonly back: string;
}

/** Answered to the form itself: the link is on no page again. */
export function linkMadeView({ frame, url, expiresAt, back }: LinkMadeProps): string {
	return renderConsolePage({
		frame,
		title: "A link back in",
		children: (
			<div class="card">
				<p>Tell it to them in a safe way. It is shown only now.</p>
				<Copyable id="recovery-link" text={url} label="Copy link" />
				<p class="muted">
					It is good once, and ends <Instant at={expiresAt} now={frame.now} />, or as soon as their password changes.
				</p>
				<div class="row">
					<LinkButton href={back} label="I have noted it" />
				</div>
			</div>
		),
	});
}
