package latchkey;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.RefreshTokenOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.annotation.RegisteredOAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.util.matcher.RegexRequestMatcher;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

@Drives(value = "Spring Security, login", of = ClientRegistration.class)
class SpringLoginTest {

	/** With no configuration but its properties. */
	@EnableAutoConfiguration
	@RestController
	static class Site {

		@GetMapping("/")
		Map<String, Object> who(@AuthenticationPrincipal OidcUser user,
				@RegisteredOAuth2AuthorizedClient("latchkey") OAuth2AuthorizedClient client) {
			Map<String, Object> told = new LinkedHashMap<>(user.getClaims());
			told.put("access_token", client.getAccessToken().getTokenValue());
			return told;
		}

		@GetMapping("/bye")
		String bye() {
			return "Bye";
		}

	}

	/** Its access tokens have always expired: each request refreshes. */
	@Configuration
	static class InAnHour {

		@Bean
		OAuth2AuthorizedClientProvider refreshing() {
			RefreshTokenOAuth2AuthorizedClientProvider provider = new RefreshTokenOAuth2AuthorizedClientProvider();
			provider.setClock(Clock.offset(Clock.systemUTC(), Duration.ofHours(2)));
			return provider;
		}

	}

	/** As the reference has it for RP-Initiated Logout, by a link that the visitor can follow. */
	@Configuration
	static class WithLogout {

		@Bean
		SecurityFilterChain chain(HttpSecurity http, ClientRegistrationRepository clients) throws Exception {
			OidcClientInitiatedLogoutSuccessHandler handler = new OidcClientInitiatedLogoutSuccessHandler(clients);
			handler.setPostLogoutRedirectUri("{baseUrl}/bye");
			return http.authorizeHttpRequests((requests) -> requests.requestMatchers("/bye").permitAll().anyRequest().authenticated())
				.oauth2Login((login) -> {
				})
				.logout((logout) -> logout.logoutRequestMatcher(new RegexRequestMatcher("/logout", "GET"))
					.logoutSuccessHandler(handler))
				.build();
		}

	}

	@Test
	@DisplayName("a login by nothing but issuer-uri, client id and secret: claims reach the site")
	void login() throws Exception {
		try (RunningSite site = new RunningSite("openid,profile,email")) {
			Map<String, Object> told = Stage.visit("spring", site.origin).json();
			assertEquals("Ada Lovelace", told.get("name"));
			assertEquals("ada@acme.example", told.get("email"));
			assertEquals("ada", told.get("preferred_username"));
			// Its session is enough now.
			assertEquals(told, Stage.visit("spring", site.origin).json());
		}
	}

	@Test
	@DisplayName("client_secret_post, and a refresh when the access token has expired")
	void refresh() throws Exception {
		try (RunningSite site = new RunningSite("openid,offline_access",
				List.of("--spring.security.oauth2.client.registration.latchkey.client-authentication-method=client_secret_post"),
				InAnHour.class)) {
			Map<String, Object> first = Stage.visit("refreshing", site.origin).json();
			Map<String, Object> next = Stage.visit("refreshing", site.origin).json();
			assertEquals(first.get("sub"), next.get("sub"));
			assertNotEquals(first.get("access_token"), next.get("access_token"));
		}
	}

	@Test
	@DisplayName("RP-Initiated Logout")
	void logout() throws Exception {
		try (RunningSite site = new RunningSite("openid", List.of(), WithLogout.class)) {
			Stage.visit("leaving", site.origin).json();
			assertEquals(site.origin + "/bye", Stage.visit("leaving", site.origin + "/logout", "Sign out").url());
		}
	}

	private static final class RunningSite implements AutoCloseable {

		final String origin;

		private final ConfigurableApplicationContext context;

		RunningSite(String scope) throws Exception {
			this(scope, List.of());
		}

		RunningSite(String scope, List<String> more, Class<?>... configuration) throws Exception {
			int port = Stage.freePort();
			origin = "http://127.0.0.1:" + port;
			Stage.Client made = Stage.newClient(Map.of("redirect_urls", List.of(origin + "/login/oauth2/code/latchkey"),
					"post_logout_redirect_urls", List.of(origin + "/bye"), "scopes",
					List.of("openid", "profile", "email", "offline_access")));
			String registration = "--spring.security.oauth2.client.registration.latchkey.";
			List<String> properties = List.of("--server.port=" + port,
					"--spring.security.oauth2.client.provider.latchkey.issuer-uri=" + Stage.issuer,
					registration + "client-id=" + made.id(), registration + "client-secret=" + made.secret(),
					registration + "scope=" + scope);
			context = new SpringApplicationBuilder(Stream.concat(Stream.of(Site.class), Stream.of(configuration)).toArray(Class<?>[]::new))
				.run(Stream.concat(properties.stream(), more.stream()).toArray(String[]::new));
		}

		@Override
		public void close() {
			context.close();
		}

	}

}
