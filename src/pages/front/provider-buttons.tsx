import { HiddenFields } from "../../ui/post-form.tsx";
import { Name } from "../../ui/name.tsx";
import { useWords } from "../../ui/words.ts";

interface ProviderButtonsProps {
	readonly providers: readonly { readonly id: string; readonly name: string }[];
	/** Where the person goes afterwards. */
	readonly continueTo: string;
	/** Whether the provider is to ask them, whoever is signed in there. */
	readonly anew: boolean;
	/** What the person typed to say who they are, for the provider not to ask once more. */
	readonly loginHint?: string;
	readonly look?: "outline";
}

/** A way in that is somebody else's, each a form of its own. */
export function ProviderButtons({ providers, continueTo, anew, loginHint, look }: ProviderButtonsProps) {
	const { continueWith } = useWords().signIn;
	return (
		<>
			{providers.map(({ id, name }) => (
				<form method="post" action={`/sign-in/with/${id}`} key={id}>
					<HiddenFields
						fields={{ continue: continueTo, ...asked(anew), ...(loginHint && { login_hint: loginHint }) }}
					/>
					<div class="actions">
						<button type="submit" class={look}>
							{continueWith(<Name text={name} />)}
						</button>
					</div>
				</form>
			))}
		</>
	);
}

/** What a form says of it, which posts to where it matters. */
export function asked(anew: boolean): { readonly anew?: string } {
	return anew ? { anew: "yes" } : {};
}
