import type { ComponentChildren } from "preact";
import { FilledFields, useFieldsOf } from "./filled-form.ts";
import { plainText } from "./name.tsx";
import { useWords } from "./words.ts";

export interface PostFormProps {
	readonly action: string;
	readonly csrf: string;
	/** What else it sends that nobody fills in. */
	readonly fields?: Readonly<Record<string, string>>;
	readonly class?: string;
	/** Whether it has a file in it. */
	readonly multipart?: boolean;
	readonly children: ComponentChildren;
}

/** A form of ours. Each carries the token that says so. */
export function PostForm({ action, csrf, fields = {}, children, multipart = false, ...rest }: PostFormProps) {
	return (
		<form method="post" action={action} class={rest.class} enctype={multipart ? "multipart/form-data" : undefined}>
			<HiddenFields fields={{ csrf, ...fields }} />
			<FilledFields.Provider value={useFieldsOf(action)}>{children}</FilledFields.Provider>
		</form>
	);
}

/** Fields of a form that nobody fills in. */
export function HiddenFields({ fields }: { readonly fields: Readonly<Record<string, string>> }) {
	return (
		<>
			{Object.entries(fields).map(([name, value]) => (
				<input type="hidden" name={name} value={value} key={name} />
			))}
		</>
	);
}

interface Labelled {
	readonly label: string;
	/** What tells it apart from those that read alike, for who does not see where it stands: " of Radar". */
	readonly about?: string;
}

export interface PressProps extends Labelled, Pick<PostFormProps, "action" | "csrf" | "fields" | "class"> {}

/** A form that is one button. */
export function Press({ label, about, ...form }: PressProps) {
	return (
		<PostForm {...form}>
			<button type="submit" class="outline secondary small">
				{label}
				<About text={about} />
			</button>
		</PostForm>
	);
}

/** The same, asked for once more: what it does is told before the button shows. */
export function PressTwice({
	label,
	about,
	confirm,
	children,
	...form
}: PressProps & { confirm: string; children: ComponentChildren }) {
	return (
		<details>
			<summary>
				{label}
				<About text={about} />
			</summary>
			<p>{children}</p>
			<Press {...form} label={confirm} {...(about !== undefined && { about })} />
		</details>
	);
}

/** A way to another page that looks like a button. */
export function LinkButton(
	props: Labelled & { readonly href: string; readonly look?: "secondary" | "secondary small" },
) {
	const { label, about, href, look } = props;
	return (
		<a class={look ? `button ${look}` : "button"} href={href}>
			{label}
			<About text={about} />
		</a>
	);
}

/** OIDC Core §4: a way to somebody else's site, which signs the person in from there. */
export function ToApplication({ name, loginUrl }: { readonly name: string; readonly loginUrl: string | null }) {
	return loginUrl === null ? null : (
		<a class="block" href={loginUrl}>
			Go to application
			<About text={` ${name}`} />
		</a>
	);
}

function About({ text }: { readonly text: string | undefined }) {
	return text === undefined ? null : <span class="visually-hidden">{plainText(text)}</span>;
}

export interface SignOutProps {
	readonly action: string;
	readonly csrf: string;
	/** Where to come back to after signing in again. */
	readonly continueTo?: string;
}

/** A form of its own, as signing out changes something: a link would let any page do it. */
export function SignOutForm({ continueTo, ...form }: SignOutProps) {
	const { signOut } = useWords().common;
	return (
		<PostForm class="sign-out" {...form} {...(continueTo !== undefined && { fields: { continue: continueTo } })}>
			<button type="submit" class="outline secondary">
				{signOut}
			</button>
		</PostForm>
	);
}
