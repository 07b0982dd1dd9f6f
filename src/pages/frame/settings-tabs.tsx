import type { ConsoleFrame } from "./frame.ts";
import { Tabs } from "../../ui/tabs.tsx";

/** The parts of the settings. */
export function SettingsTabs({ frame, current }: { readonly frame: ConsoleFrame; readonly current: string }) {
	const base = `${frame.base}/settings`;
	const tabs = [
		...(frame.person.isVouchedFor
			? []
			: [
					{ name: "You", url: base },
					{ name: "Profile", url: `${base}/profile` },
				]),
		{ name: "Account", url: `${base}/account` },
		{ name: "People", url: `${base}/people` },
		// For administrators alone, as what has to do with them is.
		...(frame.permissions.includes("integrations:write")
			? [
					{ name: "Sign-in", url: `${base}/sign-in` },
					{ name: "Trusted issuers", url: `${base}/trusted-issuers` },
				]
			: []),
		...(frame.permissions.includes("webhooks:read") ? [{ name: "Webhooks", url: `${base}/webhooks` }] : []),
		// Contract 004: "Create an API key by navigating to Settings > API Keys".
		...(frame.permissions.includes("keys:read") ? [{ name: "API keys", url: `${frame.base}/keys` }] : []),
	];
	return <Tabs label="Settings" tabs={tabs} current={current} />;
}
