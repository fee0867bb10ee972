"""Every address of the server."""

from django.urls import URLPattern, URLResolver, path

from mentormothers.sync.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
]
