package latchkey;

import java.util.Map;

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
		needs = "by keys: a `JwtTypeValidator` for `at+jwt` (RFC 9068 §2.1), since its own takes `JWT` alone; "
				+ "by introspection the id of the client that gets the tokens: under one of its own, those of clients that send no `resource` are not active")
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

		@GetMapping("/events")
		@PreAuthorize("hasAuthority('SCOPE_events:read')")
		String events() {
			return "events";
		}

		@GetMapping("/audit")
		@PreAuthorize("hasAuthority('SCOPE_audit:read')")
		String audit() {
			return "audit";
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

	@Test
	@DisplayName("access tokens by issuer-uri: the audience, scopes as authorities, none that was damaged")
	void byKeys() throws Exception {
		String issuer = jwt + "issuer-uri=" + Stage.issuer;
		try (RunningApi api = new RunningApi(AccessTokens.class, issuer, jwt + "audiences=" + Stage.issuer)) {
			api.takes(SpringMachineTest.token("events:read"));
		}
		try (RunningApi another = new RunningApi(AccessTokens.class, issuer, jwt + "audiences=https://another.example")) {
			assertEquals(401, another.status("/", SpringMachineTest.token("events:read")));
		}
	}

	@Test
	@DisplayName("access tokens by introspection")
	void byIntrospection() throws Exception {
		Stage.Client machine = SpringMachineTest.machine(Map.of());
		String opaque = "--spring.security.oauth2.resourceserver.opaquetoken.";
		try (RunningApi api = new RunningApi(Api.class, opaque + "introspection-uri=" + Stage.issuer + "/oauth/introspect",
				opaque + "client-id=" + machine.id(), opaque + "client-secret=" + machine.secret())) {
			api.takes(SpringMachineTest.token(machine, "events:read"));
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

		/** A token of the scope events:read. */
		void takes(String token) throws Exception {
			assertEquals(200, status("/", token));
			assertEquals(200, status("/events", token));
			assertEquals(403, status("/audit", token));
			assertEquals(401, status("/", token.substring(0, token.length() - 8) + "AAAAAAAA"));
			assertEquals(401, status("/", null));
		}

		@Override
		public void close() {
			context.close();
		}

	}

}
