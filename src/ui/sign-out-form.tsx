export interface SignOutProps {
	readonly action: string;
	readonly csrf: string;
	/** Where to come back to after signing in again, or null. */
	readonly continueTo: string | null;
	readonly label: string;
}

/** A form of its own, as signing out changes something: a link would let any page do it. */
export function SignOutForm({ action, csrf, continueTo, label }: SignOutProps) {
	return (
		<form class="sign-out" method="post" action={action}>
			<input type="hidden" name="csrf" value={csrf} />
			{continueTo !== null && <input type="hidden" name="continue" value={continueTo} />}
			<button type="submit" class="outline secondary">
				{label}
			</button>
		</form>
	);
}
