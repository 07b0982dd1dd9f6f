import type { Answered } from "../../domain/redirect.ts";
import { renderDocument } from "../../ui/document.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Logo } from "../../ui/logo.tsx";
import { Name, PersonName, StrongName } from "../../ui/name.tsx";
import { PostForm, SignOutForm } from "../../ui/post-form.tsx";
import { ProviderWay, SecondFactorWays } from "../frame/too-weak.tsx";
import { Section, Sentences, Urls } from "../../ui/section.tsx";
import { type AskingDevice, Device } from "./asking-device.tsx";
import { AccountChoice, type AccountToChoose } from "./account-choice.tsx";
import type { Shell } from "../../words/shell.ts";
import { useWords } from "../../ui/words.ts";

export interface ConsentProps {
	readonly shell: Shell;
	readonly action: string;
	readonly csrf: string;
	readonly client: {
		readonly name: string;
		readonly description: string;
		readonly logoUrl: string | null;
		/** Where it says that it comes from; null where somebody here answers for it. */
		readonly unverifiedHost: string | null;
		/** The account that registered it; not looked at where nobody answers for it. */
		readonly ownerName: string;
		/** Of its own: what it does with data, and its terms. Null where it names none. */
		readonly policyUrl: string | null;
		readonly termsUrl: string | null;
	};
	/** What it may do more than it can already, one sentence each: at each API, and (null) otherwise, or here alone. */
	readonly permissions: readonly {
		readonly api: { readonly name: string; readonly place: string } | null;
		readonly sentences: readonly string[];
	}[];
	/** What it asks for elsewhere, which nobody here knows the meaning of. */
	readonly unchecked: readonly string[];
	/** What it learns of the person, one sentence each. */
	readonly identity: readonly string[];
	/** Whose resources that nobody registered its access is for. */
	readonly elsewhere: readonly string[];
	/** The host of the redirect URL that the answer goes to, or its scheme; and who that is. */
	readonly redirectHost: string;
	readonly answered: Answered;
	/** Where it is asked from, if not by a redirect: then nobody is sent anywhere (RFC 8628). */
	readonly device: AskingDevice | null;
	/** Where it can be allowed in; empty where it cannot. */
	readonly accounts: readonly AccountToChoose[];
	/** Why it cannot be allowed anywhere; null where it can. */
	readonly nowhere: "no_account" | "too_weak" | "no_api" | "no_role" | null;
	/** Those that are not offered, for they ask for two factors. */
	readonly tooStrong: readonly { readonly slug: string; readonly name: string; readonly onlyThrough: string | null }[];
	/** The id of the account to choose beforehand, or null. */
	readonly chosenAccount: string | null;
	readonly person: { readonly name: string; readonly username: string };
	readonly verb: "install" | "authorize";
	readonly error: string | null;
	readonly signOut: { readonly action: string; readonly csrf: string; readonly continueTo: string };
}

/** Posts `csrf`, `account` and `decision`, which is `allow` or `deny`. */
export function consentView(props: ConsentProps): string {
	const { shell, client, person, verb, error, signOut } = props;
	const { consent: say, common } = shell.words;
	const isInstall = verb === "install";
	return renderDocument({
		shell,
		title: isInstall ? say.installTab(client.name) : say.allowTab(client.name),
		width: "narrow",
		failed: error !== null,
		children: (
			<div class="card">
				<div class="asker">
					<Logo name={client.name} logoUrl={client.logoUrl} />
					<h1 class="clamp">{(isInstall ? say.installTitle : say.allowTitle)(<Name text={client.name} />)}</h1>
					{client.unverifiedHost === null && (
						<p class="muted clamp">{say.registeredBy(<Name text={client.ownerName} />)}</p>
					)}
				</div>
				{client.unverifiedHost !== null && (
					<Unverified host={client.unverifiedHost} redirectHost={props.device ? null : props.redirectHost} />
				)}
				{client.description !== "" && (
					<p class="about">
						<Name text={client.description} />
					</p>
				)}
				<OwnWords {...client} />
				<ErrorSummary problem={error} />
				<PostForm action={props.action} csrf={props.csrf}>
					{props.accounts.length === 0 ? <NowhereToGo {...props} /> : <Question {...props} />}
				</PostForm>
				<TooStrong {...props} />
				<div class="whoami">
					<p class="clamp">{common.notYou(<PersonName {...person} />)}</p>
					<SignOutForm {...signOut} />
				</div>
			</div>
		),
	});
}

/** A client that nobody vouches for may call itself anything: what can be told of it are hosts. */
function Unverified({ host, redirectHost }: { readonly host: string; readonly redirectHost: string | null }) {
	const { consent: say, signIn } = useWords();
	const goesTo = redirectHost !== null && <StrongName class="host" text={redirectHost} />;
	return (
		<Section class="unverified" id="unverified" title={say.uncheckedTitle}>
			<p>
				{say.itself}{" "}
				{redirectHost === null
					? say.actsInYourName
					: host === redirectHost
						? signIn.answerGoesTo(goesTo)
						: say.saysAndGoes(<StrongName class="host" text={host} />, goesTo)}
			</p>
		</Section>
	);
}

/** OIDC Registration §2: `policy_uri` and `tos_uri` SHOULD be shown. With their hosts, since the words are the client's. */
function OwnWords({ policyUrl, termsUrl }: Pick<ConsentProps["client"], "policyUrl" | "termsUrl">) {
	const { consent: say } = useWords();
	const pages = [
		{ title: say.privacyPolicy, url: policyUrl },
		{ title: say.termsOfService, url: termsUrl },
	];
	return pages.map(({ title, url }) =>
		url === null ? null : (
			<p key={title} class="muted clamp">
				{say.at(
					<a href={url} target="_blank" rel="noopener noreferrer">
						{title}
					</a>,
					<Name text={new URL(url).host} />,
				)}
			</p>
		),
	);
}

/** What can be done at one API; without one, beside that of others. */
function AtApi({ api, sentences, isBeside }: ConsentProps["permissions"][number] & { readonly isBeside: boolean }) {
	const { consent: say } = useWords();
	return (
		<>
			{api && <p class="clamp">{say.atApi(<StrongName text={api.name} />, <span class="host">{api.place}</span>)}</p>}
			{!api && isBeside && <p>{say.and}</p>}
			<Sentences class="permissions" of={sentences} />
		</>
	);
}

function Question({
	redirectHost,
	answered,
	permissions,
	unchecked,
	identity,
	elsewhere,
	accounts,
	chosenAccount,
	device,
	verb,
}: ConsentProps) {
	const { consent: say, common } = useWords();
	const isInstall = verb === "install";
	return (
		<>
			{device && <Device {...device} />}
			{permissions.length > 0 && (
				<Section id="permissions" title={say.ableTo}>
					{permissions.map((each, index) => (
						<AtApi key={each.api?.place ?? ""} {...each} isBeside={index > 0} />
					))}
				</Section>
			)}
			{identity.length > 0 && (
				<Section id="identity" title={say.aboutYou}>
					<Sentences class="permissions" of={identity} />
				</Section>
			)}
			{permissions.length + identity.length + unchecked.length === 0 && (
				<Section id="permissions" title={say.ableTo}>
					<p>{say.nothing}</p>
				</Section>
			)}
			{elsewhere.length > 0 && (
				<Section id="elsewhere" title={say.elsewhereTitle}>
					<p>{say.elsewhere}</p>
					<ul class="permissions">
						{elsewhere.map((host) => (
							<li key={host}>
								<StrongName class="host" text={host} />
							</li>
						))}
					</ul>
					{unchecked.length > 0 && (
						<>
							<p>{say.uncheckedThere}</p>
							<Urls of={unchecked} />
						</>
					)}
				</Section>
			)}
			<AccountChoice accounts={accounts} chosen={chosenAccount} />
			{!device && (
				<Section id="destination" title={common.whereNext}>
					<Destination answered={answered} host={redirectHost} />
				</Section>
			)}
			<div class="actions">
				<button type="submit" name="decision" value="allow">
					{isInstall ? say.install : say.allow}
				</button>
				{/* Who says no need not choose an account first. */}
				<button type="submit" name="decision" value="deny" class="outline secondary" formnovalidate>
					{isInstall ? common.cancel : say.deny}
				</button>
			</div>
		</>
	);
}

/** RFC 8252 §8.6: what is no site may be any program, and only the person knows whether they began it. */
function Destination({ answered, host }: { readonly answered: Answered; readonly host: string }) {
	const to = <StrongName class="host" text={host} />;
	const { toSite, toLoopback, toProgram } = useWords().consent;
	return <p>{(answered === "site" ? toSite : answered === "loopback" ? toLoopback : toProgram)(to)}</p>;
}

/** Beside those that are offered, or in their place. */
function TooStrong({ tooStrong, signOut }: Pick<ConsentProps, "tooStrong" | "signOut">) {
	if (tooStrong.length === 0) return null;
	const weak = tooStrong.filter(({ onlyThrough }) => onlyThrough === null);
	return (
		<Section id="too-strong" title={useWords().consent.tooStrong}>
			{weak[0] && (
				<>
					<ul>
						{weak.map(({ slug, name }) => (
							<li key={slug}>
								<Name text={name} />
							</li>
						))}
					</ul>
					<SecondFactorWays base={`/console/${weak[0].slug}`} continueTo={signOut.continueTo} />
				</>
			)}
			{tooStrong.map(
				({ slug, name, onlyThrough }) =>
					onlyThrough !== null && (
						<ProviderWay key={slug} name={name} providerId={onlyThrough} continueTo={signOut.continueTo} />
					),
			)}
		</Section>
	);
}

function NowhereToGo({ verb, nowhere }: Pick<ConsentProps, "verb" | "nowhere">) {
	const { consent: say } = useWords();
	const isInstall = verb === "install";
	const [title, why] =
		nowhere === "no_api"
			? [say.cannotGive, say.noApi]
			: nowhere === "no_role"
				? [say.cannotGive, isInstall ? say.noRoleInstall : say.noRoleAllow]
				: [say.noAccountTitle, isInstall ? say.noAccountInstall : say.noAccountAllow];
	return (
		<>
			{nowhere !== "too_weak" && (
				<Section id="nowhere" title={title}>
					<p>{why}</p>
				</Section>
			)}
			<div class="actions">
				<button type="submit" name="decision" value="deny" class="outline secondary">
					{say.goBack}
				</button>
			</div>
		</>
	);
}
