package latchkey;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.junit.jupiter.api.Assertions.assertEquals;

@Drives(value = "Spring Security, resource server", of = JwtDecoder.class,
		needs = "by keys: a `JwtTypeValidator` for `at+jwt` (RFC 9068 §2.1), since its own takes `JWT` alone")
class SpringResourceServerTest {

	/** With no configuration but its properties. */
	@EnableAutoConfiguration
	@EnableMethodSecurity
	@RestController
	static class Api {

		@GetMapping("/")
		String who(Authentication caller) {
			return caller.getName();
		}

		@GetMapping("/orders")
		@PreAuthorize("hasAuthority('SCOPE_orders:read')")
		String orders() {
			return "orders";
		}

		@GetMapping("/orders/cancel")
		@PreAuthorize("hasAuthority('SCOPE_orders:cancel')")
		String cancel() {
			return "cancelled";
		}

	}

	@Configuration
	static class AccessTokens {

		@Bean
		JwtTypeValidator type() {
			return new JwtTypeValidator("at+jwt");
		}

	}

	private static final String jwt = "--spring.security.oauth2.resourceserver.jwt.";

	private static final String identifier = "https://orders.example/api";

	/** Under an id of its own. */
	private static Stage.Client server;
	/** For the API by default: Spring's client sends no `resource`. */
	private static Stage.Client machine;

	@BeforeAll
	static void register() throws Exception {
		server = Stage.newClient(Map.of("scopes", List.of("openid")));
		Stage.newApi(identifier, server, "orders:read", "orders:cancel");
		machine = SpringMachineTest.machine(Map.of("scopes", List.of("orders:read"), "default_resource", identifier));
	}

	@Test
	@DisplayName("an API of one's own, by issuer-uri: its audience, its permissions as authorities, none that was damaged")
	void byKeys() throws Exception {
		String issuer = jwt + "issuer-uri=" + Stage.issuer;
		String token = SpringMachineTest.token(machine, "orders:read");
		try (RunningApi api = new RunningApi(AccessTokens.class, issuer, jwt + "audiences=" + identifier)) {
			api.takes(token);
			assertEquals(401, api.status("/", SpringMachineTest.token("events:read")));
		}
		try (RunningApi another = new RunningApi(AccessTokens.class, issuer, jwt + "audiences=https://another.example")) {
			assertEquals(401, another.status("/", token));
		}
	}

	@Test
	@DisplayName("an API of one's own, by introspection under an id of its own; no token for another API")
	void byIntrospection() throws Exception {
		String opaque = "--spring.security.oauth2.resourceserver.opaquetoken.";
		try (RunningApi api = new RunningApi(Api.class, opaque + "introspection-uri=" + Stage.issuer + "/oauth/introspect",
				opaque + "client-id=" + server.id(), opaque + "client-secret=" + server.secret())) {
			api.takes(SpringMachineTest.token(machine, "orders:read"));
			assertEquals(401, api.status("/", SpringMachineTest.token("events:read")));
		}
	}

	private static final class RunningApi implements AutoCloseable {

		private final ConfigurableApplicationContext context;

		RunningApi(Class<?> configuration, String... properties) {
			context = new SpringApplicationBuilder(Api.class, configuration).properties("server.port=0").run(properties);
		}

		int status(String path, String token) throws Exception {
			int port = ((WebServerApplicationContext) context).getWebServer().getPort();
			return Stage.get("http://127.0.0.1:" + port + path, token).statusCode();
		}

		/** A token of the scope orders:read. */
		void takes(String token) throws Exception {
			assertEquals(200, status("/", token));
			assertEquals(200, status("/orders", token));
			assertEquals(403, status("/orders/cancel", token));
			assertEquals(401, status("/", token.substring(0, token.length() - 8) + "AAAAAAAA"));
			assertEquals(401, status("/", null));
		}

		@Override
		public void close() {
			context.close();
		}

	}

}
