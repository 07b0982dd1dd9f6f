import { renderCard } from "../../ui/document.tsx";
import { PersonName, StrongName } from "../../ui/name.tsx";
import { PostForm } from "../../ui/post-form.tsx";
import type { Shell } from "../../words/shell.ts";

export interface VerifyProps {
	readonly shell: Shell;
	readonly action: string;
	readonly csrf: string;
	readonly email: string;
	readonly person: { readonly name: string; readonly username: string };
}

/** `GET /verify/:token` */
export function verifyView({ shell, action, csrf, email, person }: VerifyProps): string {
	return renderCard({
		shell,
		title: "Is this your address?",
		children: (
			<>
				<p>
					<StrongName text={email} />
				</p>
				<p>
					Applications that may see it are told that it is that of <PersonName {...person} />, and it can bring them
					back in when their password is lost.
				</p>
				<PostForm action={action} csrf={csrf}>
					<button type="submit">Yes, it is mine</button>
				</PostForm>
				<p class="aside">
					<a href="/">No, it is not</a>
				</p>
			</>
		),
	});
}
