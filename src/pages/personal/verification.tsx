import { StrongName } from "../../ui/name.tsx";
import { ProofFields, type WaysToProve } from "../../ui/proof-fields.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";

export interface VerificationProps {
	readonly frame: ConsoleFrame;
	readonly email: string;
	readonly ways: WaysToProve;
	readonly error: string | null;
}

/** `GET /console/:slug/settings/profile/email` */
export function verificationView({ frame, email, ways, error }: VerificationProps): string {
	const profile = `${frame.base}/settings/profile`;
	return renderConsolePage({
		frame,
		title: "Verify your e-mail address",
		failed: error !== null,
		children: (
			<FormCard
				action={`${profile}/email`}
				frame={frame}
				errors={error === null ? {} : { password: error }}
				submit="Send me a link"
				cancel={profile}
				intro={
					<p>
						A link goes to <StrongName text={email} />. Open it here, in this browser: applications that may see the
						address are told then that it is yours, and it can bring you back in when you have lost your password.
					</p>
				}
			>
				<ProofFields
					ways={ways}
					hint="So that nobody who finds you signed in makes another address yours."
					error={error}
				/>
			</FormCard>
		),
	});
}
