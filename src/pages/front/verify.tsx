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
	const { verify: say } = shell.words;
	return renderCard({
		shell,
		title: say.title,
		children: (
			<>
				<p>
					<StrongName text={email} />
				</p>
				<p>{say.why(<PersonName {...person} />)}</p>
				<PostForm action={action} csrf={csrf}>
					<button type="submit">{say.yes}</button>
				</PostForm>
				<p class="aside">
					<a href="/">{say.no}</a>
				</p>
			</>
		),
	});
}
