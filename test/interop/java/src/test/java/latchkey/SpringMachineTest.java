package latchkey;

import java.util.List;
import java.util.Map;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ClientCredentialsOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.endpoint.NimbusJwtClientAuthenticationParametersConverter;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;

import static org.junit.jupiter.api.Assertions.assertEquals;

@Drives(value = "Spring Security, client credentials", of = ClientRegistration.class)
class SpringMachineTest {

	@Test
	@DisplayName("client_secret_basic, with the scope that it has and without any")
	void basic() throws Exception {
		assertEquals("events:read", claims(token("events:read")).getStringClaim("scope"));
		assertEquals("events:read", claims(token()).getStringClaim("scope"));
	}

	@Test
	@DisplayName("private_key_jwt by an RSA key, its audience the token endpoint")
	void byRsaKey() throws Exception {
		byKey(new RSAKeyGenerator(2048).keyID("rsa").generate());
	}

	@Test
	@DisplayName("private_key_jwt by an EC key")
	void byEcKey() throws Exception {
		byKey(new ECKeyGenerator(Curve.P_256).keyID("ec").generate());
	}

	/** With a secret, as it comes. */
	static String token(String... scopes) throws Exception {
		return token(machine(Map.of()), scopes);
	}

	static String token(Stage.Client made, String... scopes) {
		return token(registration(made, scopes).clientSecret(made.secret()).build(),
				OAuth2AuthorizedClientProviderBuilder.builder().clientCredentials().build());
	}

	private static void byKey(JWK key) throws Exception {
		Stage.Client made = machine(
				Map.of("authentication", "private_key_jwt", "jwks", Map.of("keys", List.of(key.toPublicJWK().toJSONObject()))));
		// As the reference has it.
		RestClientClientCredentialsTokenResponseClient answers = new RestClientClientCredentialsTokenResponseClient();
		answers.addParametersConverter(new NimbusJwtClientAuthenticationParametersConverter<>((registration) -> key));
		ClientCredentialsOAuth2AuthorizedClientProvider provider = new ClientCredentialsOAuth2AuthorizedClientProvider();
		provider.setAccessTokenResponseClient(answers);
		String token = token(registration(made, "events:read")
			.clientAuthenticationMethod(ClientAuthenticationMethod.PRIVATE_KEY_JWT)
			.build(), provider);
		assertEquals(made.id(), claims(token).getStringClaim("client_id"));
	}

	static Stage.Client machine(Map<String, Object> members) throws Exception {
		Map<String, Object> all = new java.util.HashMap<>(Map.of("acts_for_itself", true, "scopes", List.of("events:read")));
		all.putAll(members);
		return Stage.newClient(all);
	}

	private static ClientRegistration.Builder registration(Stage.Client made, String... scopes) {
		ClientRegistration.Builder builder = ClientRegistrations.fromIssuerLocation(Stage.issuer)
			.registrationId("latchkey")
			.clientId(made.id())
			.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS);
		return scopes.length == 0 ? builder : builder.scope(scopes);
	}

	private static String token(ClientRegistration registration, OAuth2AuthorizedClientProvider provider) {
		InMemoryClientRegistrationRepository clients = new InMemoryClientRegistrationRepository(registration);
		AuthorizedClientServiceOAuth2AuthorizedClientManager manager = new AuthorizedClientServiceOAuth2AuthorizedClientManager(
				clients, new InMemoryOAuth2AuthorizedClientService(clients));
		manager.setAuthorizedClientProvider(provider);
		return manager.authorize(OAuth2AuthorizeRequest.withClientRegistrationId("latchkey").principal("machine").build())
			.getAccessToken()
			.getTokenValue();
	}

	private static JWTClaimsSet claims(String token) throws Exception {
		return SignedJWT.parse(token).getJWTClaimsSet();
	}

}
