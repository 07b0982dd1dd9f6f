import { renderCard } from "../../ui/document.tsx";
import { StrongName } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { ToStart } from "../../ui/problem.tsx";

/** For who has signed out here, after they came in through a provider. */
export function stillThereView({ name, signOutUrl }: { readonly name: string; readonly signOutUrl: string }): string {
	return renderCard({
		title: "You are signed out",
		children: (
			<>
				<p>
					Nobody is signed in here in this browser. At <StrongName text={name} /> you still are: whoever uses this
					browser next could come in as you once more.
				</p>
				<p class="row">
					<LinkButton href={signOutUrl} label={`Sign out at ${name} too`} />
				</p>
				<ToStart />
			</>
		),
	});
}
