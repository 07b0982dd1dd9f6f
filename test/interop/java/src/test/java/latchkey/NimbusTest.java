package latchkey;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.GrantType;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.PushedAuthorizationRequest;
import com.nimbusds.oauth2.sdk.PushedAuthorizationResponse;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenIntrospectionRequest;
import com.nimbusds.oauth2.sdk.TokenIntrospectionResponse;
import com.nimbusds.oauth2.sdk.TokenIntrospectionSuccessResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.TokenRevocationRequest;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.dpop.DPoPProofFactory;
import com.nimbusds.oauth2.sdk.dpop.DefaultDPoPProofFactory;
import com.nimbusds.oauth2.sdk.dpop.JWKThumbprintConfirmation;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.oauth2.sdk.token.AccessTokenType;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.oauth2.sdk.token.BearerTokenError;
import com.nimbusds.oauth2.sdk.token.DPoPAccessToken;
import com.nimbusds.oauth2.sdk.token.DPoPTokenError;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.AuthenticationResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientInformation;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientInformationResponse;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientMetadata;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientRegistrationRequest;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientRegistrationResponseParser;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Drives(value = "Nimbus OAuth 2.0 SDK", of = TokenRequest.class)
class NimbusTest {

	private static OIDCProviderMetadata metadata;

	@BeforeAll
	static void discover() throws Exception {
		metadata = OIDCProviderMetadata.resolve(new Issuer(Stage.issuer));
	}

	@Test
	@DisplayName("discovery, code with nonce alone, id_token, UserInfo, refresh, introspection, revocation")
	void withoutPkce() throws Exception {
		Stage.Client made = application(Map.of());
		journey(new ClientSecretBasic(new ClientID(made.id()), new Secret(made.secret())), null);
	}

	@Test
	@DisplayName("the same with PKCE and client_secret_post")
	void withPkce() throws Exception {
		Stage.Client made = application(Map.of());
		journey(new ClientSecretPost(new ClientID(made.id()), new Secret(made.secret())), new CodeVerifier());
	}

	@Test
	@DisplayName("the same with private_key_jwt, its audience the token endpoint")
	void byKey() throws Exception {
		journey(keyed(Map.of()), new CodeVerifier());
	}

	@Test
	@DisplayName("registers itself (RFC 7591), and logs in")
	void registers() throws Exception {
		OIDCClientMetadata wanted = new OIDCClientMetadata();
		wanted.setRedirectionURI(URI.create(Stage.callback));
		wanted.setName("Interop");
		wanted.setGrantTypes(Set.of(GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN));
		wanted.setScope(new Scope("openid", "profile", "email", "offline_access"));
		OIDCClientRegistrationRequest request = new OIDCClientRegistrationRequest(metadata.getRegistrationEndpointURI(), wanted, null);
		OIDCClientInformation made = ((OIDCClientInformationResponse) OIDCClientRegistrationResponseParser
			.parse(request.toHTTPRequest().send())).getOIDCClientInformation();
		journey(new ClientSecretBasic(made.getID(), made.getSecret()), new CodeVerifier());
	}

	@Test
	@DisplayName("pushes its request (RFC 9126), and logs in")
	void pushesItsRequest() throws Exception {
		Stage.Client made = application(Map.of());
		Authentication authentication = () -> new ClientSecretBasic(new ClientID(made.id()), new Secret(made.secret()));
		journey(authentication, new CodeVerifier(), (request) -> pushed(authentication, request));
	}

	@Test
	@DisplayName("the same where it has to, by private_key_jwt, and no request that it did not push")
	void mustPush() throws Exception {
		Authentication authentication = keyed(Map.of("require_pushed_authorization_requests", true));
		AuthenticationRequest unpushed = request(authentication.next().getClientID(), new CodeVerifier()).build();
		AuthenticationResponse answer = answered(unpushed, unpushed.toURI());
		assertFalse(answer.indicatesSuccess());
		assertEquals(OAuth2Error.INVALID_REQUEST, answer.toErrorResponse().getErrorObject());
		journey(authentication, new CodeVerifier(), (request) -> pushed(authentication, request));
	}

	@Test
	@DisplayName("DPoP: code, refresh and UserInfo by its key, which introspection names; not by another, nor as a bearer token")
	void withProofs() throws Exception {
		Stage.Client made = application(Map.of());
		Authentication authentication = () -> new ClientSecretBasic(new ClientID(made.id()), new Secret(made.secret()));
		ECKey key = new ECKeyGenerator(Curve.P_256).generate();
		JWKThumbprintConfirmation thumbprint = JWKThumbprintConfirmation.of(key);
		DPoPProofFactory proofs = new DefaultDPoPProofFactory(key, JWSAlgorithm.ES256);
		DPoPProofFactory others = new DefaultDPoPProofFactory(new ECKeyGenerator(Curve.P_256).generate(), JWSAlgorithm.ES256);

		CodeVerifier verifier = new CodeVerifier();
		AuthenticationRequest asked = request(new ClientID(made.id()), verifier).dPoPJWKThumbprintConfirmation(thumbprint).build();
		AuthorizationCode code = allowed(asked, asked.toURI());
		OIDCTokens tokens = tokens(authentication, new AuthorizationCodeGrant(code, URI.create(Stage.callback), verifier), proofs)
			.getOIDCTokens();
		OIDCTokens next = tokens(authentication, new RefreshTokenGrant(tokens.getRefreshToken()), proofs).getOIDCTokens();

		for (DPoPAccessToken token : List.of(tokens.getDPoPAccessToken(), next.getDPoPAccessToken())) {
			UserInfoResponse info = userInfo(token, proofs);
			assertEquals("ada@acme.example", info.toSuccessResponse().getUserInfo().getEmailAddress());
			UserInfoResponse byAnother = userInfo(token, others);
			assertEquals(DPoPTokenError.INVALID_TOKEN, byAnother.toErrorResponse().getErrorObject());
			UserInfoResponse asBearer = userInfo(new BearerAccessToken(token.getValue()), null);
			assertEquals(BearerTokenError.INVALID_TOKEN, asBearer.toErrorResponse().getErrorObject());

			TokenIntrospectionSuccessResponse told = introspected(authentication, token);
			assertTrue(told.isActive());
			assertEquals(AccessTokenType.DPOP, told.getTokenType());
			assertEquals(thumbprint, told.getJWKThumbprintConfirmation());
			assertEquals(thumbprint, JWKThumbprintConfirmation.parse(verified(token.getValue())));
		}
	}

	/** An assertion can be sent once: there is a new one for each request. */
	@FunctionalInterface
	private interface Authentication {

		ClientAuthentication next() throws Exception;

	}

	/** What a person is sent with, for a request. */
	@FunctionalInterface
	private interface Link {

		URI of(AuthenticationRequest request) throws Exception;

	}

	private void journey(ClientAuthentication authentication, CodeVerifier verifier) throws Exception {
		journey(() -> authentication, verifier);
	}

	private void journey(Authentication authentication, CodeVerifier verifier) throws Exception {
		journey(authentication, verifier, AuthenticationRequest::toURI);
	}

	private void journey(Authentication authentication, CodeVerifier verifier, Link link) throws Exception {
		ClientID id = authentication.next().getClientID();
		AuthenticationRequest request = request(id, verifier).build();
		AuthorizationCode code = allowed(request, link.of(request));
		OIDCTokenResponse tokens = tokens(authentication, new AuthorizationCodeGrant(code, URI.create(Stage.callback), verifier));
		IDTokenClaimsSet claims = new IDTokenValidator(metadata.getIssuer(), id, JWSAlgorithm.RS256, metadata.getJWKSetURI().toURL())
			.validate(tokens.getOIDCTokens().getIDToken(), request.getNonce());
		assertEquals("Ada Lovelace", claims.getStringClaim("name"));

		AccessToken accessToken = tokens.getOIDCTokens().getAccessToken();
		UserInfoResponse info = userInfo(accessToken, null);
		assertEquals(claims.getSubject(), info.toSuccessResponse().getUserInfo().getSubject());
		assertEquals("ada@acme.example", info.toSuccessResponse().getUserInfo().getEmailAddress());
		assertEquals(claims.getSubject().getValue(), verified(accessToken.getValue()).getSubject());

		RefreshToken refreshToken = tokens.getOIDCTokens().getRefreshToken();
		OIDCTokenResponse next = tokens(authentication, new RefreshTokenGrant(refreshToken));
		assertNotEquals(accessToken, next.getOIDCTokens().getAccessToken());

		assertTrue(introspected(authentication, accessToken).isActive());
		AccessToken last = next.getOIDCTokens().getAccessToken();
		new TokenRevocationRequest(metadata.getRevocationEndpointURI(), authentication.next(), last).toHTTPRequest().send()
			.ensureStatusCode(200);
		assertFalse(introspected(authentication, last).isActive());
		RefreshToken current = next.getOIDCTokens().getRefreshToken();
		new TokenRevocationRequest(metadata.getRevocationEndpointURI(), authentication.next(), current).toHTTPRequest().send()
			.ensureStatusCode(200);
		assertThrows(AssertionError.class, () -> tokens(authentication, new RefreshTokenGrant(current)));
	}

	private static AuthenticationRequest.Builder request(ClientID id, CodeVerifier verifier) {
		AuthenticationRequest.Builder request = new AuthenticationRequest.Builder(ResponseType.CODE,
				new Scope("openid", "profile", "email", "offline_access"), id, URI.create(Stage.callback))
			.endpointURI(metadata.getAuthorizationEndpointURI())
			.state(new State())
			.nonce(new Nonce());
		return verifier == null ? request : request.codeChallenge(verifier, CodeChallengeMethod.S256);
	}

	/** The link to a request that was pushed says nothing of it. */
	private static URI pushed(Authentication authentication, AuthenticationRequest request) throws Exception {
		PushedAuthorizationResponse answer = PushedAuthorizationResponse
			.parse(new PushedAuthorizationRequest(metadata.getPushedAuthorizationRequestEndpointURI(), authentication.next(), request)
				.toHTTPRequest()
				.send());
		assertTrue(answer.indicatesSuccess(), () -> answer.toErrorResponse().getErrorObject().toString());
		return new AuthorizationRequest.Builder(answer.toSuccessResponse().getRequestURI(), request.getClientID())
			.endpointURI(metadata.getAuthorizationEndpointURI())
			.build()
			.toURI();
	}

	private static AuthorizationCode allowed(AuthenticationRequest request, URI link) throws Exception {
		AuthenticationResponse answer = answered(request, link);
		assertTrue(answer.indicatesSuccess(), () -> answer.toErrorResponse().getErrorObject().toString());
		return answer.toSuccessResponse().getAuthorizationCode();
	}

	private static AuthenticationResponse answered(AuthenticationRequest request, URI link) throws Exception {
		Stage.Visit visit = Stage.visit("nimbus", link.toString());
		AuthenticationResponse answer = AuthenticationResponseParser.parse(URI.create(visit.url()));
		assertEquals(request.getState(), answer.getState(), visit.url());
		assertEquals(metadata.getIssuer(), answer.getIssuer());
		return answer;
	}

	/** As its guide has it for access tokens: any algorithm that the keys are for, RFC 9068's type. */
	private static JWTClaimsSet verified(String token) throws Exception {
		DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
		processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt")));
		processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.ES256,
				JWKSourceBuilder.create(metadata.getJWKSetURI().toURL()).build()));
		processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(Stage.issuer,
				new JWTClaimsSet.Builder().issuer(Stage.issuer).build(), Set.of("sub", "iat", "exp", "client_id", "jti")));
		return processor.process(token, null);
	}

	private static OIDCTokenResponse tokens(Authentication authentication, AuthorizationGrant grant) throws Exception {
		return tokens(authentication, grant, null);
	}

	private static OIDCTokenResponse tokens(Authentication authentication, AuthorizationGrant grant, DPoPProofFactory proofs)
			throws Exception {
		HTTPRequest request = new TokenRequest.Builder(metadata.getTokenEndpointURI(), authentication.next(), grant).build()
			.toHTTPRequest();
		if (proofs != null) {
			request.setDPoP(proofs.createDPoPJWT(request.getMethod().name(), request.getURI()));
		}
		TokenResponse answer = OIDCTokenResponseParser.parse(request.send());
		assertTrue(answer.indicatesSuccess(), () -> answer.toErrorResponse().getErrorObject().toString());
		return (OIDCTokenResponse) answer.toSuccessResponse();
	}

	private static UserInfoResponse userInfo(AccessToken token, DPoPProofFactory proofs) throws Exception {
		HTTPRequest request = new UserInfoRequest(metadata.getUserInfoEndpointURI(), token).toHTTPRequest();
		if (proofs != null) {
			request.setDPoP(proofs.createDPoPJWT(request.getMethod().name(), request.getURI(), token));
		}
		return UserInfoResponse.parse(request.send());
	}

	private static TokenIntrospectionSuccessResponse introspected(Authentication authentication, AccessToken token) throws Exception {
		return TokenIntrospectionResponse
			.parse(new TokenIntrospectionRequest(metadata.getIntrospectionEndpointURI(), authentication.next(), token)
				.toHTTPRequest()
				.send())
			.toSuccessResponse();
	}

	/** Of a client that has a key in the place of a secret, and whatever else is said here. */
	private static Authentication keyed(Map<String, Object> members) throws Exception {
		ECKey key = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
		Map<String, Object> all = new java.util.HashMap<>(
				Map.of("authentication", "private_key_jwt", "jwks", Map.of("keys", List.of(key.toPublicJWK().toJSONObject()))));
		all.putAll(members);
		Stage.Client made = application(all);
		return () -> new PrivateKeyJWT(new ClientID(made.id()), metadata.getTokenEndpointURI(), JWSAlgorithm.ES256,
				key.toECPrivateKey(), "one", null);
	}

	private static Stage.Client application(Map<String, Object> members) throws Exception {
		Map<String, Object> all = new java.util.HashMap<>(Map.of("scopes", List.of("openid", "profile", "email", "offline_access")));
		all.putAll(members);
		return Stage.newClient(all);
	}

}
