#!/usr/bin/env bash
# Spring Security 7.1.2 (spring-security-oauth2-client), the client credentials grant by its own RestClient, as its reference has it.
#
# RFC 6749 §5.2 has `invalid_client` come with 401, and has it MUST where the client authenticated by the Authorization header, which
# is Spring's default. Of a token endpoint's answer Spring reads `error` where the status is 400 and nowhere else: the same JSON with
# 401 is an `invalid_token_response`, an exception about HTTP, and `error` and `error_description` are text in its message. So what
# looks at the code (an alert on a wrong or expired secret, a handler that tries the next one, the error page) never sees the one error
# that says so, from the servers that follow the specification; from those that answer 400 it does.
# The cause is a RestClientResponseException, which has status and body; or the client is given a RestClient that reads both.
#
#> 400: errorCode=invalid_client description=Client authentication failed
#> 401: errorCode=invalid_token_response cause=Unauthorized, whose body is {"error":"invalid_client","error_description":"Client authentication failed"}
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
	<modelVersion>4.0.0</modelVersion>
	<groupId>finding</groupId>
	<artifactId>finding</artifactId>
	<version>1</version>
	<dependencies>
		<dependency>
			<groupId>org.springframework.security</groupId>
			<artifactId>spring-security-oauth2-client</artifactId>
			<version>7.1.2</version>
		</dependency>
		<dependency>
			<groupId>tools.jackson.core</groupId>
			<artifactId>jackson-databind</artifactId>
			<version>3.1.7</version>
		</dependency>
	</dependencies>
</project>
XML
mvn -B -q -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath -Dmdep.outputFile=classpath > said || { cat said; exit 1; }

cat > Finding.java <<'JAVA'
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

import com.sun.net.httpserver.HttpServer;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.web.client.RestClientResponseException;

class Finding {

	public static void main(String[] args) throws Exception {
		for (int status : new int[] { 400, 401 }) {
			HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
			server.createContext("/token", (exchange) -> {
				byte[] body = "{\"error\":\"invalid_client\",\"error_description\":\"Client authentication failed\"}"
					.getBytes(StandardCharsets.UTF_8);
				exchange.getResponseHeaders().add("content-type", "application/json");
				if (status == 401) {
					exchange.getResponseHeaders().add("www-authenticate", "Basic realm=\"finding\"");
				}
				exchange.sendResponseHeaders(status, body.length);
				exchange.getResponseBody().write(body);
				exchange.close();
			});
			server.start();
			ClientRegistration client = ClientRegistration.withRegistrationId("finding")
				.tokenUri("http://127.0.0.1:" + server.getAddress().getPort() + "/token")
				.clientId("a client")
				.clientSecret("a secret that has expired")
				.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
				.build();
			try {
				new RestClientClientCredentialsTokenResponseClient()
					.getTokenResponse(new OAuth2ClientCredentialsGrantRequest(client));
			}
			catch (OAuth2AuthorizationException exception) {
				System.out.println(status + ": errorCode=" + exception.getError().getErrorCode() + said(exception));
			}
			finally {
				server.stop(0);
			}
		}
	}

	private static String said(OAuth2AuthorizationException exception) {
		return exception.getCause() instanceof RestClientResponseException cause
				? " cause=" + cause.getClass().getSimpleName() + ", whose body is " + cause.getResponseBodyAsString()
				: " description=" + exception.getError().getDescription();
	}

}
JAVA
java -cp "$(cat classpath)" Finding.java 2> said | tee seen || cat said
diff <(echo "$expected") seen
