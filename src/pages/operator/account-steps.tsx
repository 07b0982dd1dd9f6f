import { Copyable } from "../../ui/copyable.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Instant } from "../../ui/instant.tsx";
import { StrongName } from "../../ui/name.tsx";
import { LinkButton, PostForm } from "../../ui/post-form.tsx";
import { type ProofAgain, ProofAgainFields } from "../../ui/proof-fields.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { OperatorFrame } from "../frame/frame.ts";
import type { AccountOfOperator } from "./accounts.tsx";

// What stands between an account's page and what is done about the account: a link to hand over, and what is asked once more.

interface Confirmed {
	readonly frame: OperatorFrame;
	readonly account: AccountOfOperator;
}

/** Answered to the form itself: the link is on no page again. */
export function firstLinkView({
	frame,
	account,
	url,
	expiresAt,
}: Confirmed & { readonly url: string; readonly expiresAt: number }): string {
	return renderConsolePage({
		frame,
		title: "A link for its administrator",
		about: account.name,
		notice: "Copy the link now: it is shown this once.",
		children: (
			<div class="card">
				<p>
					Whoever opens it first administers <StrongName text={account.name} />. Hand it to the one person that it is
					for, in a way that nobody else reads.
				</p>
				<Copyable id="invitation-link" text={url} label="Copy link" />
				<p class="muted">
					It ends <Instant at={expiresAt} now={frame.now} />.
				</p>
				<div class="row">
					<LinkButton href={`/operator/accounts/${account.slug}`} label="I have copied it" />
				</div>
			</div>
		),
	});
}

export function suspendView({ frame, account }: Confirmed): string {
	return confirmationView({
		frame,
		title: "Suspend this account?",
		about: account.name,
		children: (
			<p>
				<StrongName text={account.name} />: within 30 seconds its people, API keys, public keys, integrations and
				applications open nothing any more, here and in the accounts that have linked or installed them. Reinstated, all
				of it works again.
			</p>
		),
		action: `/operator/accounts/${account.slug}/suspend`,
		confirm: "Suspend this account",
		cancelUrl: `/operator/accounts/${account.slug}`,
	});
}

export interface DeletionProps extends Confirmed {
	readonly days: string;
	readonly typed: string;
	readonly errors: { readonly days?: string; readonly slug?: string };
	readonly proof: ProofAgain | null;
}

export function deletionView({ frame, account, days, typed, errors, proof }: DeletionProps): string {
	const base = `/operator/accounts/${account.slug}`;
	return renderConsolePage({
		frame,
		title: "Delete this account?",
		about: account.name,
		failed: Object.keys(errors).length > 0 || proof?.error != null,
		children: (
			<div class="card danger-zone">
				<ErrorSummary errors={{ ...errors, password: proof?.error }} />
				<p>
					<StrongName text={account.name} />: on that day its keys, integrations, applications and APIs go, with what
					they were allowed; its memberships, and the people who belong to nothing else; its events and its audit log.
					Until then it can be taken back, and downloaded.
				</p>
				<PostForm action={`${base}/delete`} csrf={frame.csrf}>
					<Field name="days" label="In how many days" value={days} hint="From 7 to 366." error={errors.days} />
					<Field
						name="slug"
						label="The account's short name, once more"
						value={typed}
						hint={`To be sure that it is this one: ${account.slug}`}
						error={errors.slug}
					/>
					<ProofAgainFields proof={proof} />
					<div class="row">
						<LinkButton look="secondary" href={base} label="Cancel" />
						<button type="submit" class="danger">
							Delete it then
						</button>
					</div>
				</PostForm>
			</div>
		),
	});
}
