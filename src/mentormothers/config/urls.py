"""Every address of the server."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from mentormothers.office.rights import open_to_all
from mentormothers.sync.api import api
from mentormothers.sync.phone_app import phone_file

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("phone", open_to_all(RedirectView.as_view(url="/phone/")), name="phone"),
    path("phone/", open_to_all(phone_file), name="phone-app"),
    path("phone/<path:name>", open_to_all(phone_file), name="phone-file"),
    path("", include("mentormothers.office.urls")),
]
handler400 = "mentormothers.office.views.errors.bad_request"
handler403 = "mentormothers.office.views.errors.forbidden"
handler404 = "mentormothers.office.views.errors.not_found"
handler500 = "mentormothers.office.views.errors.server_error"
