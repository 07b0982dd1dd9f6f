"""Of the site in test_django.py: read when its settings are there."""

from django.http import HttpResponse, JsonResponse
from django.urls import include, path
from oauth2_provider.decorators import protected_resource


def whoami(request):
    user = request.user
    named = {"username": user.get_username(), "email": getattr(user, "email", "")}
    return JsonResponse({**named, "signed_in": user.is_authenticated})


@protected_resource(scopes=["profile"])
def me(request):
    return HttpResponse(request.resource_owner.get_username())


urlpatterns = [
    path("", whoami),
    path("me", me),
    path("oidc/", include("mozilla_django_oidc.urls")),
    path("accounts/", include("allauth.urls")),
    path("social/", include("social_django.urls", namespace="social")),
]
