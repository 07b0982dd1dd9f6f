#!/usr/bin/env bash
# oauthlib 4.0.1: what a client (requests-oauthlib and others on it) raises for an error of the issuer's.
#
# The class is looked for by the code of the error, in the alphabetical order of the classes' names, and several have one code. So
# whatever an issuer calls `invalid_request`, be it a missing code_challenge or a parameter sent twice, is raised as
# InvalidClientIdError, whose name and documentation are of something else; a client with a wrong id is never told so by that code. The
# description is right, the class is not: an `except MismatchingRedirectURIError` or `except InvalidRequestError` never catches.
# Of what OpenID Connect adds, login_required and consent_required are found in the same way. interaction_required and
# account_selection_required have classes in oauthlib.openid alone, where nobody looks. Compare `error.error`, not the class.
#
#> invalid_request, "code_challenge is required": InvalidClientIdError, an InvalidRequestFatalError
#> invalid_request is caught by except InvalidRequestError: False
#> invalid_client: InvalidClientError
#> login_required: LoginRequired
#> interaction_required: CustomOAuth2Error
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check oauthlib==4.0.1

cat > raised.py <<'PYTHON'
from oauthlib.oauth2 import WebApplicationClient
from oauthlib.oauth2.rfc6749 import errors

client = WebApplicationClient("client")


def raised(answer):
    try:
        client.parse_request_uri_response(f"https://client.example/callback?state=s&{answer}", state="s")
    except errors.OAuth2Error as error:
        return error


error = raised("error=invalid_request&error_description=code_challenge+is+required")
parent = type(error).__mro__[1].__name__
print(f'invalid_request, "{error.description}": {type(error).__name__}, an {parent}')
print(f"invalid_request is caught by except InvalidRequestError: {isinstance(error, errors.InvalidRequestError)}")
for code in ["invalid_client", "login_required", "interaction_required"]:
    print(f"{code}: {type(raised(f'error={code}')).__name__}")
PYTHON
venv/bin/python raised.py 2>&1 | tee seen
diff <(echo "$expected") seen
