import { Name, StrongName } from "../../ui/name.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { Allowed, myAccessUrl, type ShownConsent, type ShownGrant } from "./my-access.tsx";

// What is asked before a grant, a consent, or all of them ends.

interface Asked {
	readonly frame: ConsoleFrame;
}

export function revokeGrantView({ frame, grant }: Asked & { readonly grant: ShownGrant }): string {
	return confirmationView({
		frame,
		title: "Revoke this grant?",
		about: grant.name,
		children: (
			<>
				<p>
					<StrongName text={grant.name} /> loses what you allowed it in <Name text={grant.accountName} />: its tokens
					are refused everywhere, at once. It can ask you again.
				</p>
				<Allowed allowed={grant.permissions} elsewhere={grant.elsewhere} as="permissions" />
			</>
		),
		action: `${myAccessUrl(frame)}/grants/${grant.id}/revoke`,
		confirm: "Revoke this grant",
		cancelUrl: myAccessUrl(frame),
	});
}

export function withdrawConsentView({ frame, consent }: Asked & { readonly consent: ShownConsent }): string {
	return confirmationView({
		frame,
		title: "Revoke this consent?",
		about: consent.name,
		children: (
			<>
				<p>
					You allowed <StrongName text={consent.name} /> this in <Name text={consent.accountName} />, and are not asked
					again:
				</p>
				<Allowed {...consent} as="permissions" />
				<p>
					If you revoke it, you are asked the next time. All that it was given ends, in every account: its tokens are
					refused everywhere, at once. You stay signed in there until that application signs you out.
				</p>
			</>
		),
		action: consent.url,
		confirm: "Revoke this consent",
		cancelUrl: myAccessUrl(frame),
	});
}

export function revokeAllView({ frame, names }: Asked & { readonly names: readonly string[] }): string {
	return confirmationView({
		frame,
		title: "Revoke all grants?",
		children: (
			<>
				<p>
					All that you allowed ends, in every account, your own API tokens too: their tokens are refused everywhere, at
					once.
				</p>
				<ul>
					{names.map((name, index) => (
						<li key={index}>
							<Name text={name} />
						</li>
					))}
				</ul>
			</>
		),
		action: `${myAccessUrl(frame)}/grants/revoke-all`,
		confirm: "Revoke all grants",
		cancelUrl: myAccessUrl(frame),
	});
}
