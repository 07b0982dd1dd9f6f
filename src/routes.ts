import * as alertConsole from "./pages/account/alerts.ts";
import { generateTokensPage, apiAccessPage } from "./pages/pairs/api-access.ts";
import * as accountConsole from "./pages/account/account-settings.ts";
import { auditPage, exportAuditPage } from "./pages/account/audit.ts";
import { overviewPage as accountOverviewPage } from "./pages/account/overview.ts";
import { deleteEventPage, eventDeletionPage, eventsPage } from "./pages/account/events.ts";
import { brandStyleEndpoint } from "./pages/front/brand-style.ts";
import { chooseLanguagePage } from "./pages/front/language.ts";
import { consolePage } from "./pages/front/entrance.ts";
import * as environmentConsole from "./pages/environments/environments.ts";
import { homePage } from "./pages/front/home.ts";
import { mailPage } from "./pages/front/mail.ts";
import { nothingPage } from "./pages/frame/visit.ts";
import * as keyCodePages from "./pages/keys/key-codes.ts";
import * as keyLimitPages from "./pages/keys/key-limits.ts";
import * as keySessionPages from "./pages/keys/key-sessions.ts";
import * as keyRotationPages from "./pages/keys/key-rotation.ts";
import * as keyPages from "./pages/keys/key-editor.ts";
import * as keyLinkPages from "./pages/keys/key-links.ts";
import { keyUsagePage } from "./pages/keys/key-usage.ts";
import * as keySecretPages from "./pages/keys/key-secret.ts";
import * as keyListPages from "./pages/keys/keys.ts";
import * as withProvider from "./pages/front/with-provider.ts";
import * as myProviders from "./pages/personal/providers.ts";
import * as myAccess from "./pages/personal/my-access.ts";
import * as myPassword from "./pages/personal/my-password.ts";
import * as passkeyPages from "./pages/personal/passkeys.ts";
import * as security from "./pages/personal/security.ts";
import * as invitations from "./pages/people/invitations.ts";
import * as people from "./pages/people/people.ts";
import { verifiedEmailPage } from "./pages/people/verified-email.ts";
import * as policyPages from "./pages/keys/policies.ts";
import { verificationPage } from "./pages/personal/verification.ts";
import { leaveAccountPage } from "./pages/personal/leave-account.ts";
import { profilePage } from "./pages/personal/profile.ts";
import { settingsPage } from "./pages/personal/settings.ts";
import * as installed from "./pages/integrations/installed.ts";
import * as integrationEnd from "./pages/integrations/integration-end.ts";
import * as integrationRegistration from "./pages/integrations/integration-registration.ts";
import * as integrationSecret from "./pages/integrations/integration-secret.ts";
import * as integrationTokens from "./pages/integrations/integration-tokens.ts";
import * as integrationPages from "./pages/integrations/integrations.ts";
import { answerJoinPage, joinPage } from "./pages/front/join.ts";
import { recoverPage, takeRecoverPage } from "./pages/front/recover.ts";
import { recoveryLinkPage, takeRecoveryLinkPage } from "./pages/front/recovery-link.ts";
import { memberRecoveryPage } from "./pages/people/recovery-link.ts";
import { changeCodesPage, oneTimeCodesPage } from "./pages/personal/one-time-codes.ts";
import { recoveryCodesPage } from "./pages/personal/recovery-codes.ts";
import { operatorRecoveryPage } from "./pages/operator/recovery.ts";
import { setupPage, takeSetupPage } from "./pages/front/setup.ts";
import { secondFactorPage, takeSecondFactorPage } from "./pages/front/second-factor.ts";
import { signInPage, signOutPage, takePasskeyPage, takeSignInPage } from "./pages/front/sign-in.ts";
import { takeVerifyPage, verifyPage } from "./pages/front/verify.ts";
import { deleteEventEndpoint } from "./api/events/delete-event.ts";
import { postLogsEndpoint, postTracesEndpoint } from "./api/otlp/export.ts";
import {
	deleteChangeEventEndpoint,
	getChangeEventsEndpoint,
	putChangeEventsEndpoint,
} from "./api/pairs/change-events.ts";
import {
	acknowledgeAllEndpoint,
	acknowledgeEndpoint,
	listAlertsEndpoint,
	reopenAlertEndpoint,
} from "./api/events/alerts.ts";
import { postAlertSearchEndpoint, postEventSearchEndpoint } from "./api/events/search.ts";
import { protectedResourceAtEndpoint, protectedResourceEndpoint } from "./oauth/protected-resource.ts";
import { environmentsEndpoint } from "./api/environments/environments.ts";
import { listSessionsEndpoint, revokeSessionEndpoint } from "./login/sessions.ts";
import { registerEndpoint } from "./oauth/register.ts";
import {
	deleteRegistrationEndpoint,
	readRegistrationEndpoint,
	replaceRegistrationEndpoint,
} from "./oauth/registration.ts";
import { authorizeEndpoint, postAuthorizeEndpoint } from "./oauth/authorize.ts";
import { parEndpoint } from "./oauth/par.ts";
import { consentEndpoint, returnToRequestEndpoint } from "./oauth/consent.ts";
import { answerDevicePage, devicePage } from "./oauth/device.ts";
import { deviceAuthorizationEndpoint } from "./oauth/device-authorization.ts";
import { answerLogout, logoutEndpoint, postLogoutEndpoint } from "./oauth/logout.ts";
import { answerInstallEndpoint, installEndpoint } from "./oauth/install.ts";
import { logoEndpoint } from "./api/clients/logo.ts";
import * as docs from "./pages/docs/docs.ts";
import { openapiEndpoint } from "./pages/docs/openapi.ts";
import { healthzEndpoint } from "./api/operator/healthz.ts";
import { securityTxtEndpoint } from "./pages/front/security-txt.ts";
import {
	changeEnvironmentEndpoint,
	createEnvironmentEndpoint,
	listEnvironmentsEndpoint,
	rotateKeyEndpoint,
} from "./api/environments/manage-environments.ts";
import { writeVerifiedEmailEndpoint } from "./api/account/verified-email.ts";
import { makePasskeyChallengeEndpoint } from "./api/account/passkey-challenges.ts";
import { listMyProvidersEndpoint, unlinkProviderEndpoint } from "./api/account/providers.ts";
import { listPasskeysEndpoint, removePasskeyEndpoint, renamePasskeyEndpoint } from "./api/account/passkeys.ts";
import { removePasswordEndpoint, writePasswordEndpoint } from "./api/account/password.ts";
import {
	endSignInEndpoint,
	endSignInsEndpoint,
	listRecentSignInsEndpoint,
	listSignInsEndpoint,
} from "./api/account/sign-ins.ts";
import { readProfileEndpoint, verifyEmailEndpoint, writeProfileEndpoint } from "./api/account/profile.ts";
import {
	createInvitationEndpoint,
	listInvitationsEndpoint,
	revokeInvitationEndpoint,
} from "./api/people/invitations.ts";
import { listMemberProvidersEndpoint, unlinkMemberEndpoint } from "./api/people/member-providers.ts";
import { changeRoleEndpoint, endMembershipEndpoint, listPeopleEndpoint } from "./api/people/people.ts";
import {
	offerOneTimeCodesEndpoint,
	readOneTimeCodesEndpoint,
	changeOneTimeCodesEndpoint,
	turnOffOneTimeCodesEndpoint,
	turnOnOneTimeCodesEndpoint,
} from "./api/account/one-time-codes.ts";
import {
	makeAnybodysLinkEndpoint,
	makeMemberLinkEndpoint,
	makeRecoveryCodesEndpoint,
	readRecoveryCodesEndpoint,
} from "./api/account/recovery.ts";
import {
	listSigningKeysEndpoint,
	rotateSigningKeyEndpoint,
	withdrawSigningKeyEndpoint,
} from "./api/operator/signing-keys.ts";
import { readAlertMailEndpoint, writeAlertMailEndpoint } from "./api/account/alert-mail.ts";
import { readSecondFactorEndpoint, writeSecondFactorEndpoint } from "./api/account/second-factor.ts";
import {
	exportAuditEndpoint,
	exportDeploymentAuditEndpoint,
	listAuditEndpoint,
	listDeploymentAuditEndpoint,
} from "./api/account/audit.ts";
import { usageEndpoint } from "./api/account/usage.ts";
import {
	changeIntegrationEndpoint,
	createIntegrationEndpoint,
	endIntegrationEndpoint,
	listIntegrationsEndpoint,
	readIntegrationEndpoint,
} from "./api/clients/integrations.ts";
import { endRegistrationTokenEndpoint } from "./api/clients/integration-registration.ts";
import { endTokensEndpoint } from "./api/clients/integration-tokens.ts";
import { endKeyTokensEndpoint } from "./api/keys/key-tokens.ts";
import { endSecretEndpoint, rotateSecretEndpoint } from "./api/clients/integration-secrets.ts";
import { endInstallEndpoint, listInstallsEndpoint } from "./api/clients/installs.ts";
import {
	createKeyEndpoint,
	deleteKeyEndpoint,
	editKeyEndpoint,
	listKeysEndpoint,
	readKeyEndpoint,
} from "./api/keys/keys.ts";
import { endKeySessionEndpoint, listKeySessionsEndpoint } from "./api/keys/sessions.ts";
import {
	createCodeEndpoint,
	deleteCodeEndpoint,
	editCodeEndpoint,
	listCodesEndpoint,
	rotateCodeEndpoint,
} from "./api/keys/codes.ts";
import { downloadKeyFileEndpoint, revealCodeEndpoint } from "./api/keys/reveal.ts";
import {
	createLinkEndpoint,
	deleteKeyLinkEndpoint,
	deleteLinkEndpoint,
	editKeyLinkEndpoint,
	editLinkEndpoint,
	listKeyLinksEndpoint,
} from "./api/keys/links.ts";
import {
	createPolicyEndpoint,
	deletePolicyEndpoint,
	editPolicyEndpoint,
	listPoliciesEndpoint,
	readPolicyEndpoint,
} from "./api/keys/policies.ts";
import { endClientEndpoint, listClientsEndpoint, readClientEndpoint } from "./api/operator/clients.ts";
import { addOperatorEndpoint, listOperatorsEndpoint, removeOperatorEndpoint } from "./api/operator/operators.ts";
import {
	cancelDeletionEndpoint,
	exportAccountEndpoint,
	firstAdministratorEndpoint,
	reinstateAccountEndpoint,
	scheduleDeletionEndpoint,
	suspendAccountEndpoint,
} from "./api/operator/account-ends.ts";
import {
	createAccountEndpoint,
	listAccountsEndpoint,
	readAccountEndpoint,
	renameAccountEndpoint,
} from "./api/operator/accounts.ts";
import * as signingKeys from "./pages/operator/signing-keys.ts";
import * as deploymentClients from "./pages/operator/clients.ts";
import * as accountsConsole from "./pages/operator/accounts.ts";
import { newAccountPage } from "./pages/operator/new-account.ts";
import * as operatorConsole from "./pages/operator/operators.ts";
import { operatorAuditPage, operatorExportPage, overviewPage } from "./pages/operator/overview.ts";
import { nothingForOperatorsPage } from "./pages/frame/visit-as-operator.ts";
import * as accountDomains from "./pages/operator/account-domains.ts";
import * as domains from "./pages/people/account-domains.ts";
import * as providers from "./pages/people/sign-in-providers.ts";
import * as issuers from "./pages/people/trusted-issuers.ts";
import * as apiConsole from "./pages/apis/apis.ts";
import { permissionsPage, removePermissionPage } from "./pages/apis/permissions.ts";
import { newServerPage, serversPage } from "./pages/apis/servers.ts";
import {
	confirmDomainEndpoint,
	listAccountDomainsEndpoint,
	listDomainsEndpoint,
	nameDomainEndpoint,
	removeAccountDomainEndpoint,
	removeDomainEndpoint,
	verifyDomainEndpoint,
} from "./api/people/account-domains.ts";
import {
	addDeploymentProviderEndpoint,
	addSignInProviderEndpoint,
	editDeploymentProviderEndpoint,
	editSignInProviderEndpoint,
	listDeploymentProvidersEndpoint,
	listSignInProvidersEndpoint,
	readDeploymentProviderEndpoint,
	readSignInProviderEndpoint,
	removeDeploymentProviderEndpoint,
	removeSignInProviderEndpoint,
} from "./api/people/sign-in-providers.ts";
import {
	distrustIssuerEndpoint,
	editTrustedIssuerEndpoint,
	listTrustedIssuersEndpoint,
	readTrustedIssuerEndpoint,
	trustIssuerEndpoint,
} from "./api/people/trusted-issuers.ts";
import { testDeploymentProviderEndpoint, testSignInProviderEndpoint } from "./api/people/test-sign-in-provider.ts";
import { testProviderPage } from "./pages/people/provider-test.ts";
import * as webhookPages from "./pages/webhooks/webhooks.ts";
import * as deliveries from "./api/webhooks/deliveries.ts";
import * as webhooks from "./api/webhooks/webhooks.ts";
import { readApiMetadataEndpoint } from "./api/apis/api-metadata.ts";
import {
	createApiEndpoint,
	deleteApiEndpoint,
	editApiEndpoint,
	listApisEndpoint,
	readApiEndpoint,
} from "./api/apis/apis.ts";
import {
	createDeploymentApiEndpoint,
	deleteDeploymentApiEndpoint,
	editDeploymentApiEndpoint,
	listDeploymentApisEndpoint,
	readDeploymentApiEndpoint,
} from "./api/apis/deployment-apis.ts";
import type { PageRoute, Route } from "./endpoint/route.ts";
import { firstRoutes } from "./first-routes.ts";

// All of it is evaluated at the first request for what is not among the first routes.

/** What programs call. Each is documented, or it does not compile. */
export const routes: readonly Route[] = [
	...firstRoutes,
	{ path: "/v1/events/:id", DELETE: deleteEventEndpoint },
	{ path: "/v1/logs", POST: postLogsEndpoint },
	{ path: "/v1/traces", POST: postTracesEndpoint },

	{ path: "/api/v4/organizations/:org/change_events", GET: getChangeEventsEndpoint, PUT: putChangeEventsEndpoint },
	{ path: "/api/v4/organizations/:org/change_events/:id", DELETE: deleteChangeEventEndpoint },
	{ path: "/api/public/event/search", POST: postEventSearchEndpoint },
	{ path: "/api/public/alert/search", POST: postAlertSearchEndpoint },

	{ path: "/.well-known/oauth-protected-resource", GET: protectedResourceEndpoint },
	{ path: "/.well-known/oauth-protected-resource/:resource+", GET: protectedResourceAtEndpoint },
	{ path: "/oauth/environments", GET: environmentsEndpoint },
	{ path: "/auth/sessions", GET: listSessionsEndpoint },
	{ path: "/auth/sessions/:id", DELETE: revokeSessionEndpoint },

	{ path: "/oauth/register", POST: registerEndpoint },
	{
		path: "/oauth/register/:client_id",
		GET: readRegistrationEndpoint,
		PUT: replaceRegistrationEndpoint,
		DELETE: deleteRegistrationEndpoint,
	},
	{ path: "/oauth/authorize", GET: authorizeEndpoint, POST: postAuthorizeEndpoint },
	{ path: "/oauth/par", POST: parEndpoint },
	{ path: "/oauth/consent", GET: returnToRequestEndpoint, POST: consentEndpoint },
	{ path: "/oauth/device_authorization", POST: deviceAuthorizationEndpoint },
	{ path: "/oauth/logout", GET: logoutEndpoint, POST: postLogoutEndpoint },
	{ path: "/integrations/:client_id", GET: installEndpoint, POST: answerInstallEndpoint },
	{ path: "/integrations/:client_id/logo.svg", GET: logoEndpoint },
	{ path: "/openapi.json", GET: openapiEndpoint },
	{ path: "/.well-known/security.txt", GET: securityTxtEndpoint },
	{ path: "/healthz", GET: healthzEndpoint },
	{ path: "/brand.css", GET: brandStyleEndpoint },

	{ path: "/v1/environments", GET: listEnvironmentsEndpoint, POST: createEnvironmentEndpoint },
	{ path: "/v1/environments/:id", PATCH: changeEnvironmentEndpoint },
	{ path: "/v1/environments/:id/rotate_key", POST: rotateKeyEndpoint },
	{ path: "/v1/profile", GET: readProfileEndpoint, PUT: writeProfileEndpoint },
	{ path: "/v1/profile/verify_email", POST: verifyEmailEndpoint },
	{ path: "/v1/people", GET: listPeopleEndpoint },
	{ path: "/v1/people/:id", PATCH: changeRoleEndpoint, DELETE: endMembershipEndpoint },
	{ path: "/v1/people/:id/providers", GET: listMemberProvidersEndpoint },
	{ path: "/v1/people/:id/providers/:provider", DELETE: unlinkMemberEndpoint },
	{ path: "/v1/people/:id/verified_email", PUT: writeVerifiedEmailEndpoint },
	{ path: "/v1/invitations", GET: listInvitationsEndpoint, POST: createInvitationEndpoint },
	{ path: "/v1/invitations/:id", DELETE: revokeInvitationEndpoint },
	{ path: "/v1/profile/passkeys", GET: listPasskeysEndpoint },
	{ path: "/v1/profile/passkeys/:id", PATCH: renamePasskeyEndpoint, DELETE: removePasskeyEndpoint },
	{ path: "/v1/profile/passkey_challenges", POST: makePasskeyChallengeEndpoint },
	{ path: "/v1/profile/providers", GET: listMyProvidersEndpoint },
	{ path: "/v1/profile/providers/:id", DELETE: unlinkProviderEndpoint },
	{ path: "/v1/profile/recovery_codes", GET: readRecoveryCodesEndpoint, POST: makeRecoveryCodesEndpoint },
	{
		path: "/v1/profile/one_time_codes",
		GET: readOneTimeCodesEndpoint,
		POST: offerOneTimeCodesEndpoint,
		PUT: turnOnOneTimeCodesEndpoint,
	},
	{ path: "/v1/profile/one_time_codes/change", POST: changeOneTimeCodesEndpoint },
	{ path: "/v1/profile/one_time_codes/turn_off", POST: turnOffOneTimeCodesEndpoint },
	{ path: "/v1/profile/password", PUT: writePasswordEndpoint },
	{ path: "/v1/profile/password/remove", POST: removePasswordEndpoint },
	{ path: "/v1/profile/sign_ins", GET: listSignInsEndpoint, DELETE: endSignInsEndpoint },
	{ path: "/v1/profile/sign_ins/:id", DELETE: endSignInEndpoint },
	{ path: "/v1/profile/recent_sign_ins", GET: listRecentSignInsEndpoint },
	{ path: "/v1/people/:id/recovery_links", POST: makeMemberLinkEndpoint },
	{ path: "/v1/recovery_links", POST: makeAnybodysLinkEndpoint },
	{ path: "/v1/second_factor", GET: readSecondFactorEndpoint, PUT: writeSecondFactorEndpoint },
	{ path: "/v1/alerts", GET: listAlertsEndpoint },
	{ path: "/v1/alerts/acknowledge", POST: acknowledgeAllEndpoint },
	{ path: "/v1/alerts/:id/acknowledgement", PUT: acknowledgeEndpoint, DELETE: reopenAlertEndpoint },
	{ path: "/v1/alerts/mail", GET: readAlertMailEndpoint, PUT: writeAlertMailEndpoint },
	{ path: "/v1/audit", GET: listAuditEndpoint },
	{ path: "/v1/audit/export", GET: exportAuditEndpoint },
	{ path: "/v1/usage", GET: usageEndpoint },
	{ path: "/v1/deployment/audit", GET: listDeploymentAuditEndpoint },
	{ path: "/v1/deployment/audit/export", GET: exportDeploymentAuditEndpoint },
	{ path: "/v1/accounts", GET: listAccountsEndpoint, POST: createAccountEndpoint },
	{ path: "/v1/accounts/:slug", GET: readAccountEndpoint, PATCH: renameAccountEndpoint },
	{ path: "/v1/accounts/:slug/suspend", POST: suspendAccountEndpoint },
	{ path: "/v1/accounts/:slug/reinstate", POST: reinstateAccountEndpoint },
	{ path: "/v1/accounts/:slug/deletion", PUT: scheduleDeletionEndpoint, DELETE: cancelDeletionEndpoint },
	{ path: "/v1/clients", GET: listClientsEndpoint },
	{ path: "/v1/clients/:client_id", GET: readClientEndpoint, DELETE: endClientEndpoint },
	{ path: "/v1/accounts/:slug/first_administrator", POST: firstAdministratorEndpoint },
	{ path: "/v1/accounts/:slug/export", GET: exportAccountEndpoint },
	{ path: "/v1/operators", GET: listOperatorsEndpoint, POST: addOperatorEndpoint },
	{ path: "/v1/operators/:id", DELETE: removeOperatorEndpoint },
	{ path: "/v1/signing-keys", GET: listSigningKeysEndpoint },
	{ path: "/v1/signing-keys/:kid", DELETE: withdrawSigningKeyEndpoint },
	{ path: "/v1/signing-keys/:alg/rotate", POST: rotateSigningKeyEndpoint },

	{ path: "/v1/integrations", GET: listIntegrationsEndpoint, POST: createIntegrationEndpoint },
	{
		path: "/v1/integrations/:client_id",
		GET: readIntegrationEndpoint,
		PATCH: changeIntegrationEndpoint,
		DELETE: endIntegrationEndpoint,
	},
	{ path: "/v1/integrations/:client_id/secrets", POST: rotateSecretEndpoint },
	{ path: "/v1/integrations/:client_id/secrets/previous", DELETE: endSecretEndpoint },
	{ path: "/v1/integrations/:client_id/tokens", DELETE: endTokensEndpoint },
	{ path: "/v1/integrations/:client_id/registration_token", DELETE: endRegistrationTokenEndpoint },
	{ path: "/v1/installs", GET: listInstallsEndpoint },
	{ path: "/v1/installs/:grant_id", DELETE: endInstallEndpoint },
	{ path: "/v1/keys", GET: listKeysEndpoint, POST: createKeyEndpoint },
	{ path: "/v1/keys/:id", GET: readKeyEndpoint, PATCH: editKeyEndpoint, DELETE: deleteKeyEndpoint },
	{ path: "/v1/keys/:id/tokens", DELETE: endKeyTokensEndpoint },
	{ path: "/v1/keys/:id/sessions", GET: listKeySessionsEndpoint },
	{ path: "/v1/keys/:id/sessions/:sessionId", DELETE: endKeySessionEndpoint },
	{ path: "/v1/keys/:id/codes", GET: listCodesEndpoint, POST: createCodeEndpoint },
	{ path: "/v1/keys/:id/codes/:codeId", PATCH: editCodeEndpoint, DELETE: deleteCodeEndpoint },
	{ path: "/v1/keys/:id/codes/:codeId/rotate", POST: rotateCodeEndpoint },
	{ path: "/v1/keys/:id/codes/:codeId/reveal", POST: revealCodeEndpoint },
	{ path: "/v1/keys/:id/codes/:codeId/key-file", POST: downloadKeyFileEndpoint },
	{ path: "/v1/keys/:id/links", GET: listKeyLinksEndpoint },
	{ path: "/v1/keys/:id/links/:linker", PATCH: editKeyLinkEndpoint, DELETE: deleteKeyLinkEndpoint },
	{ path: "/v1/links", POST: createLinkEndpoint },
	{ path: "/v1/links/:keyId", PATCH: editLinkEndpoint, DELETE: deleteLinkEndpoint },
	{ path: "/v1/policies", GET: listPoliciesEndpoint, POST: createPolicyEndpoint },
	{ path: "/v1/policies/:id", GET: readPolicyEndpoint, PATCH: editPolicyEndpoint, DELETE: deletePolicyEndpoint },
	{ path: "/v1/apis", GET: listApisEndpoint, POST: createApiEndpoint },
	{ path: "/v1/apis/:id", GET: readApiEndpoint, PATCH: editApiEndpoint, DELETE: deleteApiEndpoint },
	{ path: "/v1/apis/:id/metadata", GET: readApiMetadataEndpoint },
	{ path: "/v1/sign-in-providers", GET: listSignInProvidersEndpoint, POST: addSignInProviderEndpoint },
	{
		path: "/v1/sign-in-providers/:id",
		GET: readSignInProviderEndpoint,
		PATCH: editSignInProviderEndpoint,
		DELETE: removeSignInProviderEndpoint,
	},
	{ path: "/v1/sign-in-providers/:id/test", POST: testSignInProviderEndpoint },
	{
		path: "/v1/deployment/sign-in-providers",
		GET: listDeploymentProvidersEndpoint,
		POST: addDeploymentProviderEndpoint,
	},
	{
		path: "/v1/deployment/sign-in-providers/:id",
		GET: readDeploymentProviderEndpoint,
		PATCH: editDeploymentProviderEndpoint,
		DELETE: removeDeploymentProviderEndpoint,
	},
	{ path: "/v1/deployment/sign-in-providers/:id/test", POST: testDeploymentProviderEndpoint },
	{ path: "/v1/domains", GET: listDomainsEndpoint },
	{ path: "/v1/domains/:domain", PUT: nameDomainEndpoint, DELETE: removeDomainEndpoint },
	{ path: "/v1/domains/:domain/verify", POST: verifyDomainEndpoint },
	{ path: "/v1/accounts/:slug/domains", GET: listAccountDomainsEndpoint },
	{ path: "/v1/accounts/:slug/domains/:domain", DELETE: removeAccountDomainEndpoint },
	{ path: "/v1/accounts/:slug/domains/:domain/confirm", POST: confirmDomainEndpoint },
	{ path: "/v1/webhooks", GET: webhooks.listWebhooksEndpoint, POST: webhooks.createWebhookEndpoint },
	{
		path: "/v1/webhooks/:id",
		GET: webhooks.readWebhookEndpoint,
		PATCH: webhooks.editWebhookEndpoint,
		DELETE: webhooks.deleteWebhookEndpoint,
	},
	{ path: "/v1/webhooks/:id/secrets", POST: webhooks.rotateWebhookSecretEndpoint },
	{ path: "/v1/webhooks/:id/test", POST: deliveries.sendTestEndpoint },
	{ path: "/v1/webhooks/:id/deliveries", GET: deliveries.listDeliveriesEndpoint },
	{ path: "/v1/webhooks/:id/deliveries/:delivery_id", GET: deliveries.readDeliveryEndpoint },
	{ path: "/v1/webhooks/:id/deliveries/:delivery_id/send", POST: deliveries.sendAgainEndpoint },
	{ path: "/v1/trusted-issuers", GET: listTrustedIssuersEndpoint, POST: trustIssuerEndpoint },
	{
		path: "/v1/trusted-issuers/:id",
		GET: readTrustedIssuerEndpoint,
		PATCH: editTrustedIssuerEndpoint,
		DELETE: distrustIssuerEndpoint,
	},
	{ path: "/v1/deployment/apis", GET: listDeploymentApisEndpoint, POST: createDeploymentApiEndpoint },
	{
		path: "/v1/deployment/apis/:id",
		GET: readDeploymentApiEndpoint,
		PATCH: editDeploymentApiEndpoint,
		DELETE: deleteDeploymentApiEndpoint,
	},
];

/** What people see and fill in. A page explains itself, so it is in no document. */
export const pages: readonly PageRoute[] = [
	{ path: "/", GET: homePage },
	{ path: "/language", POST: chooseLanguagePage },
	{ path: "/sign-in", GET: signInPage, POST: takeSignInPage },
	{ path: "/sign-in/with/:provider", POST: withProvider.leaveForProviderPage },
	{ path: "/sign-in/with/:provider/callback", GET: withProvider.backFromProviderPage },
	{ path: "/sign-in/with/:provider/signed-out", GET: withProvider.signedOutOfHerePage },
	{ path: "/sign-in/with/:provider/sign-out", GET: withProvider.signOutAtProviderPage },
	{ path: "/sign-in/second-factor", GET: secondFactorPage, POST: takeSecondFactorPage },
	{ path: "/sign-in/passkey", POST: takePasskeyPage },
	{ path: "/sign-out", POST: signOutPage },
	{ path: "/oauth/logout/confirm", POST: answerLogout },
	{ path: "/device", GET: devicePage, POST: answerDevicePage },
	{ path: "/console/:slug/api-access", GET: apiAccessPage, POST: generateTokensPage },
	{ path: "/console/:slug/alerts", GET: alertConsole.alertsPage },
	{ path: "/console/:slug/alerts/acknowledge", POST: alertConsole.acknowledgeAllPage },
	{ path: "/console/:slug/alerts/:id/acknowledge", POST: alertConsole.acknowledgePage },
	{ path: "/console/:slug/alerts/:id/reopen", POST: alertConsole.reopenPage },
	{ path: "/join/:invitation", GET: joinPage, POST: answerJoinPage },
	{ path: "/recover", GET: recoverPage, POST: takeRecoverPage },
	{ path: "/recover/:link", GET: recoveryLinkPage, POST: takeRecoveryLinkPage },
	{ path: "/setup", GET: setupPage, POST: takeSetupPage },
	{ path: "/docs", GET: docs.overviewPage },
	{ path: "/docs/search", GET: docs.searchPage },
	{ path: "/docs/errors", GET: docs.errorsPage },
	{ path: "/docs/errors/:code", GET: docs.errorPage },
	{ path: "/docs/guides/:name", GET: docs.guidePage },
	{ path: "/docs/api/:subject", GET: docs.subjectPage },
	{ path: "/mail", GET: mailPage },
	{ path: "/verify/:token", GET: verifyPage, POST: takeVerifyPage },
	{ path: "/console", GET: consolePage },
	{ path: "/console/:slug", GET: accountOverviewPage },
	{ path: "/console/:slug/environments", GET: environmentConsole.environmentsPage },
	{
		path: "/console/:slug/environments/new",
		GET: environmentConsole.newEnvironmentPage,
		POST: environmentConsole.newEnvironmentPage,
	},
	{ path: "/console/:slug/environments/:id/enabled", POST: environmentConsole.switchEnvironmentPage },
	{
		path: "/console/:slug/environments/:id/rotate_key",
		GET: environmentConsole.replaceKeyPage,
		POST: environmentConsole.replaceKeyPage,
	},
	{ path: "/console/:slug/events", GET: eventsPage },
	{ path: "/console/:slug/events/:id/delete", GET: eventDeletionPage, POST: deleteEventPage },
	{ path: "/console/:slug/audit", GET: auditPage },
	{ path: "/console/:slug/audit/export", POST: exportAuditPage },
	{ path: "/console/:slug/my-access", GET: myAccess.myAccessPage },
	{ path: "/console/:slug/my-access/sessions/:id/end", POST: myAccess.endSessionPage },
	{
		path: "/console/:slug/my-access/grants/revoke-all",
		GET: myAccess.revokeGrantsPage,
		POST: myAccess.revokeGrantsPage,
	},
	{ path: "/console/:slug/my-access/grants/:id/revoke", GET: myAccess.revokeGrantPage, POST: myAccess.revokeGrantPage },
	{
		path: "/console/:slug/my-access/consents/withdraw",
		GET: myAccess.withdrawConsentPage,
		POST: myAccess.withdrawConsentPage,
	},
	{ path: "/console/:slug/security", GET: security.securityPage },
	{ path: "/console/:slug/security/password", GET: myPassword.passwordPage, POST: myPassword.passwordPage },
	{
		path: "/console/:slug/security/password/remove",
		GET: myPassword.removePasswordPage,
		POST: myPassword.removePasswordPage,
	},
	{ path: "/console/:slug/security/wrong-passwords", POST: security.seenWrongPasswordsPage },
	{ path: "/console/:slug/security/sign-ins/:id/end", POST: security.endSignInPage },
	{
		path: "/console/:slug/security/providers/:id/link",
		GET: myProviders.linkProviderPage,
		POST: myProviders.linkProviderPage,
	},
	{ path: "/console/:slug/security/providers/:id/unlink", POST: myProviders.unlinkProviderPage },
	{
		path: "/console/:slug/security/passkeys/new",
		GET: passkeyPages.newPasskeyPage,
		POST: passkeyPages.newPasskeyPage,
	},
	{
		path: "/console/:slug/security/passkeys/:id",
		GET: passkeyPages.renamePasskeyPage,
		POST: passkeyPages.renamePasskeyPage,
	},
	{
		path: "/console/:slug/security/passkeys/:id/remove",
		GET: passkeyPages.removePasskeyPage,
		POST: passkeyPages.removePasskeyPage,
	},
	{
		path: "/console/:slug/security/sign-out-everywhere",
		GET: security.signOutEverywherePage,
		POST: security.signOutEverywherePage,
	},
	{ path: "/console/:slug/settings", GET: settingsPage, POST: settingsPage },
	{ path: "/console/:slug/settings/leave", GET: leaveAccountPage, POST: leaveAccountPage },
	{ path: "/console/:slug/security/recovery-codes", GET: recoveryCodesPage, POST: recoveryCodesPage },
	{ path: "/console/:slug/security/one-time-codes", GET: oneTimeCodesPage, POST: oneTimeCodesPage },
	{ path: "/console/:slug/security/one-time-codes/change", GET: changeCodesPage, POST: changeCodesPage },
	{ path: "/console/:slug/settings/profile", GET: profilePage, POST: profilePage },
	{ path: "/console/:slug/settings/profile/email", GET: verificationPage, POST: verificationPage },
	{ path: "/console/:slug/settings/account", GET: accountConsole.accountPage, POST: accountConsole.changeAccountPage },
	{
		path: "/console/:slug/settings/account/forbid-reveal",
		GET: accountConsole.forbidRevealPage,
		POST: accountConsole.forbidRevealPage,
	},
	{ path: "/console/:slug/settings/sign-in", GET: providers.signInProvidersPage.inAccount },
	{
		path: "/console/:slug/settings/sign-in/new",
		GET: providers.newProviderPage.inAccount,
		POST: providers.newProviderPage.inAccount,
	},
	{ path: "/console/:slug/settings/sign-in/new-domain", GET: domains.newDomainPage, POST: domains.newDomainPage },
	{ path: "/console/:slug/settings/sign-in/domains/:domain", GET: domains.domainPage, POST: domains.domainPage },
	{ path: "/console/:slug/settings/sign-in/domains/:domain/verify", POST: domains.verifyDomainPage },
	{
		path: "/console/:slug/settings/sign-in/domains/:domain/delete",
		GET: domains.removeDomainPage,
		POST: domains.removeDomainPage,
	},
	{
		path: "/console/:slug/settings/sign-in/:id",
		GET: providers.providerPage.inAccount,
		POST: providers.providerPage.inAccount,
	},
	{ path: "/console/:slug/settings/sign-in/:id/test", POST: testProviderPage.inAccount },
	{
		path: "/console/:slug/settings/sign-in/:id/delete",
		GET: providers.removeProviderPage.inAccount,
		POST: providers.removeProviderPage.inAccount,
	},
	{ path: "/console/:slug/settings/webhooks", GET: webhookPages.webhooksPage },
	{
		path: "/console/:slug/settings/webhooks/new",
		GET: webhookPages.newWebhookPage,
		POST: webhookPages.newWebhookPage,
	},
	{ path: "/console/:slug/settings/webhooks/:id", GET: webhookPages.webhookPage, POST: webhookPages.webhookPage },
	{ path: "/console/:slug/settings/webhooks/:id/log", GET: webhookPages.webhookLogPage },
	{ path: "/console/:slug/settings/webhooks/:id/log/:delivery_id/send", POST: webhookPages.sendAgainPage },
	{ path: "/console/:slug/settings/webhooks/:id/test", POST: webhookPages.testWebhookPage },
	{
		path: "/console/:slug/settings/webhooks/:id/secret",
		GET: webhookPages.rotateWebhookPage,
		POST: webhookPages.rotateWebhookPage,
	},
	{
		path: "/console/:slug/settings/webhooks/:id/delete",
		GET: webhookPages.deleteWebhookPage,
		POST: webhookPages.deleteWebhookPage,
	},
	{ path: "/console/:slug/settings/trusted-issuers", GET: issuers.trustedIssuersPage },
	{
		path: "/console/:slug/settings/trusted-issuers/new",
		GET: issuers.newTrustedIssuerPage,
		POST: issuers.newTrustedIssuerPage,
	},
	{
		path: "/console/:slug/settings/trusted-issuers/:id",
		GET: issuers.trustedIssuerPage,
		POST: issuers.trustedIssuerPage,
	},
	{
		path: "/console/:slug/settings/trusted-issuers/:id/delete",
		GET: issuers.distrustIssuerPage,
		POST: issuers.distrustIssuerPage,
	},
	{ path: "/console/:slug/settings/people", GET: people.peoplePage },
	{ path: "/console/:slug/settings/people/new", GET: invitations.newInvitationPage, POST: invitations.invitePage },
	{
		path: "/console/:slug/settings/people/invitations/:id/revoke",
		GET: invitations.revokeInvitationPage,
		POST: invitations.revokeInvitationPage,
	},
	{ path: "/console/:slug/settings/people/:id", GET: people.memberPage, POST: people.memberPage },
	{ path: "/console/:slug/settings/people/:id/email", GET: verifiedEmailPage, POST: verifiedEmailPage },
	{ path: "/console/:slug/settings/people/:id/recovery", GET: memberRecoveryPage, POST: memberRecoveryPage },
	{ path: "/console/:slug/settings/people/:id/providers/:provider/unlink", POST: people.unlinkMemberPage },
	{ path: "/console/:slug/settings/people/:id/remove", GET: people.removeMemberPage, POST: people.removeMemberPage },
	{
		path: "/console/:slug/integrations",
		GET: integrationPages.integrationsPage,
		POST: integrationPages.searchIntegrationsPage,
	},
	{
		path: "/console/:slug/integrations/new",
		GET: integrationPages.newIntegrationPage,
		POST: integrationPages.createIntegrationPage,
	},
	{ path: "/console/:slug/integrations/:client_id", GET: integrationPages.integrationPage },
	{
		path: "/console/:slug/integrations/:client_id/edit",
		GET: integrationPages.integrationFormPage,
		POST: integrationPages.editIntegrationPage,
	},
	{
		path: "/console/:slug/integrations/:client_id/secret",
		GET: integrationSecret.newSecretPage,
		POST: integrationSecret.rotateSecretPage,
	},
	{
		path: "/console/:slug/integrations/:client_id/secret/end",
		GET: integrationSecret.secretEndPage,
		POST: integrationSecret.endSecretPage,
	},
	{
		path: "/console/:slug/integrations/:client_id/registration/end",
		GET: integrationRegistration.registrationEndPage,
		POST: integrationRegistration.endRegistrationPage,
	},
	{
		path: "/console/:slug/integrations/:client_id/tokens/end",
		GET: integrationTokens.tokensEndPage,
		POST: integrationTokens.endTokensPage,
	},
	{
		path: "/console/:slug/integrations/:client_id/delete",
		GET: integrationEnd.integrationEndPage,
		POST: integrationEnd.endIntegrationPage,
	},
	{ path: "/console/:slug/installed", GET: installed.installedPage, POST: installed.searchInstalledPage },
	{ path: "/console/:slug/installed/:grant_id/revoke", GET: installed.revocationPage, POST: installed.revokePage },
	{ path: "/console/:slug/apis", GET: apiConsole.apisPage.inAccount },
	{ path: "/console/:slug/apis/new", GET: apiConsole.newApiPage.inAccount, POST: apiConsole.newApiPage.inAccount },
	{ path: "/console/:slug/apis/:id", GET: apiConsole.apiPage.inAccount },
	{
		path: "/console/:slug/apis/:id/edit",
		GET: apiConsole.editApiPage.inAccount,
		POST: apiConsole.editApiPage.inAccount,
	},
	{ path: "/console/:slug/apis/:id/permissions", GET: permissionsPage.inAccount, POST: permissionsPage.inAccount },
	{
		path: "/console/:slug/apis/:id/permissions/remove",
		GET: removePermissionPage.inAccount,
		POST: removePermissionPage.inAccount,
	},
	{ path: "/console/:slug/apis/:id/servers", GET: serversPage.inAccount, POST: serversPage.inAccount },
	{ path: "/console/:slug/apis/:id/servers/new", GET: newServerPage.inAccount, POST: newServerPage.inAccount },
	{
		path: "/console/:slug/apis/:id/delete",
		GET: apiConsole.deleteApiPage.inAccount,
		POST: apiConsole.deleteApiPage.inAccount,
	},
	{ path: "/console/:slug/keys", GET: keyListPages.keysPage, POST: keyListPages.searchKeysPage },
	{ path: "/console/:slug/keys/new", GET: keyListPages.newKeyPage, POST: keyListPages.createKeyPage },
	{ path: "/console/:slug/keys/link", GET: keyListPages.newLinkPage, POST: keyListPages.createLinkPage },
	{ path: "/console/:slug/keys/:id", GET: keyPages.keyPage, POST: keyPages.editKeyPage },
	{ path: "/console/:slug/keys/:id/enabled", POST: keyPages.switchKeyPage },
	{ path: "/console/:slug/keys/:id/policies", GET: keyPages.keyPoliciesPage, POST: keyPages.editKeyPoliciesPage },
	{
		path: "/console/:slug/keys/:id/limits",
		GET: keyLimitPages.keyLimitsPage,
		POST: keyLimitPages.editKeyLimitsPage,
	},
	{ path: "/console/:slug/keys/:id/sessions", GET: keySessionPages.keySessionsPage },
	{ path: "/console/:slug/keys/:id/sessions/:session/end", POST: keySessionPages.endKeySessionPage },
	{ path: "/console/:slug/keys/:id/tokens/end", GET: keyPages.keyTokensPage, POST: keyPages.endKeyTokensPage },
	{ path: "/console/:slug/keys/:id/delete", GET: keyPages.keyDeletionPage, POST: keyPages.deleteKeyPage },
	{ path: "/console/:slug/keys/:id/codes", GET: keyCodePages.codesPage, POST: keyCodePages.createCodePage },
	{ path: "/console/:slug/keys/:id/codes/:code", GET: keyCodePages.codePage, POST: keyCodePages.editCodePage },
	{ path: "/console/:slug/keys/:id/codes/:code/enabled", POST: keyCodePages.switchCodePage },
	{
		path: "/console/:slug/keys/:id/codes/:code/rotate",
		GET: keyRotationPages.rotationPage,
		POST: keyRotationPages.rotateCodePage,
	},
	{
		path: "/console/:slug/keys/:id/codes/:code/delete",
		GET: keyCodePages.codeDeletionPage,
		POST: keyCodePages.deleteCodePage,
	},
	{
		path: "/console/:slug/keys/:id/codes/:code/secret",
		GET: keySecretPages.askPasswordPage,
		POST: keySecretPages.revealSecretPage,
	},
	{ path: "/console/:slug/keys/:id/usage", GET: keyUsagePage },
	{ path: "/console/:slug/keys/:id/links", GET: keyLinkPages.linksPage },
	{ path: "/console/:slug/keys/:id/links/:linker/enabled", POST: keyLinkPages.switchLinkPage },
	{
		path: "/console/:slug/keys/:id/links/:linker/delete",
		GET: keyLinkPages.linkCutPage,
		POST: keyLinkPages.cutLinkPage,
	},
	{ path: "/console/:slug/policies", GET: policyPages.policiesPage },
	{ path: "/console/:slug/policies/new", GET: policyPages.newPolicyPage, POST: policyPages.createPolicyPage },
	{ path: "/console/:slug/policies/:id", GET: policyPages.policyPage, POST: policyPages.editPolicyPage },
	{
		path: "/console/:slug/policies/:id/delete",
		GET: policyPages.policyDeletionPage,
		POST: policyPages.deletePolicyPage,
	},
	// After every page of the console: whatever else is asked of it.
	{ path: "/console/:slug/*", GET: nothingPage },
	{ path: "/operator", GET: overviewPage },
	{ path: "/operator/audit", GET: operatorAuditPage },
	{ path: "/operator/audit/export", POST: operatorExportPage },
	{ path: "/operator/recovery", GET: operatorRecoveryPage, POST: operatorRecoveryPage },
	{ path: "/operator/clients", GET: deploymentClients.clientsPage },
	{ path: "/operator/clients/:client_id", GET: deploymentClients.clientPage },
	{
		path: "/operator/clients/:client_id/end",
		GET: deploymentClients.endClientPage,
		POST: deploymentClients.endClientPage,
	},
	{ path: "/operator/signing-keys", GET: signingKeys.signingKeysPage },
	{ path: "/operator/signing-keys/:alg/rotate", GET: signingKeys.rotateKeyPage, POST: signingKeys.rotateKeyPage },
	{ path: "/operator/signing-keys/:kid/withdraw", GET: signingKeys.withdrawKeyPage, POST: signingKeys.withdrawKeyPage },
	{ path: "/operator/accounts", GET: accountsConsole.accountsPage },
	{ path: "/operator/sign-in", GET: providers.signInProvidersPage.forOperators },
	{
		path: "/operator/sign-in/new",
		GET: providers.newProviderPage.forOperators,
		POST: providers.newProviderPage.forOperators,
	},
	{
		path: "/operator/sign-in/:id",
		GET: providers.providerPage.forOperators,
		POST: providers.providerPage.forOperators,
	},
	{ path: "/operator/sign-in/:id/test", POST: testProviderPage.forOperators },
	{
		path: "/operator/sign-in/:id/delete",
		GET: providers.removeProviderPage.forOperators,
		POST: providers.removeProviderPage.forOperators,
	},
	{ path: "/operator/accounts/:slug/domains", GET: accountDomains.accountDomainsPage },
	{ path: "/operator/accounts/:slug/domains/:domain/confirm", POST: accountDomains.confirmDomainPage },
	{
		path: "/operator/accounts/:slug/domains/:domain/remove",
		GET: accountDomains.takeBackDomainPage,
		POST: accountDomains.takeBackDomainPage,
	},
	{ path: "/operator/accounts/:slug", GET: accountsConsole.accountPage, POST: accountsConsole.accountPage },
	{
		path: "/operator/accounts/:slug/suspend",
		GET: accountsConsole.suspendAccountPage,
		POST: accountsConsole.suspendAccountPage,
	},
	{ path: "/operator/accounts/:slug/reinstate", POST: accountsConsole.reinstateAccountPage },
	{
		path: "/operator/accounts/:slug/delete",
		GET: accountsConsole.deleteAccountPage,
		POST: accountsConsole.deleteAccountPage,
	},
	{ path: "/operator/accounts/:slug/export", POST: accountsConsole.exportAccountPage },
	{ path: "/operator/accounts/:slug/first-administrator", POST: accountsConsole.firstAdministratorPage },
	{ path: "/operator/accounts/:slug/keep", POST: accountsConsole.keepAccountPage },
	{ path: "/accounts/new", GET: newAccountPage, POST: newAccountPage },
	{ path: "/operator/operators", GET: operatorConsole.operatorsPage },
	{
		path: "/operator/operators/new",
		GET: operatorConsole.newOperatorPage,
		POST: operatorConsole.newOperatorPage,
	},
	{
		path: "/operator/operators/:id/remove",
		GET: operatorConsole.removeOperatorPage,
		POST: operatorConsole.removeOperatorPage,
	},
	{ path: "/operator/apis", GET: apiConsole.apisPage.forOperators },
	{ path: "/operator/apis/new", GET: apiConsole.newApiPage.forOperators, POST: apiConsole.newApiPage.forOperators },
	{ path: "/operator/apis/:id", GET: apiConsole.apiPage.forOperators },
	{
		path: "/operator/apis/:id/edit",
		GET: apiConsole.editApiPage.forOperators,
		POST: apiConsole.editApiPage.forOperators,
	},
	{ path: "/operator/apis/:id/permissions", GET: permissionsPage.forOperators, POST: permissionsPage.forOperators },
	{
		path: "/operator/apis/:id/permissions/remove",
		GET: removePermissionPage.forOperators,
		POST: removePermissionPage.forOperators,
	},
	{ path: "/operator/apis/:id/servers", GET: serversPage.forOperators, POST: serversPage.forOperators },
	{
		path: "/operator/apis/:id/delete",
		GET: apiConsole.deleteApiPage.forOperators,
		POST: apiConsole.deleteApiPage.forOperators,
	},
	{ path: "/operator/*", GET: nothingForOperatorsPage },
];
