"""Coming in, going out, and one's own password. Nothing here tells whether a name is known."""

from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UsernameField
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST

from mentormothers.access.audit import note
from mentormothers.access.models import Role, User
from mentormothers.office.rights import open_to_all, screen
from mentormothers.office.telling import tell


class SignInForm(AuthenticationForm):
    """Name and password; one answer to everything that is wrong."""

    username = UsernameField(max_length=60)
    error_messages = {  # noqa: RUF012  # Django's own form
        "invalid_login": "That did not open the door. Please check the name and the password; "
        "an administrator can give you a new one.",
        "inactive": "That did not open the door.",
    }

    def clean(self) -> dict[str, Any]:
        """Look no name up that nobody can have; say the same as of a wrong password."""
        if self.errors:
            raise self.get_invalid_login_error()
        return super().clean()


class SignIn(LoginView):
    """The door of the office."""

    template_name = "office/sign_in.html"
    authentication_form = SignInForm

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Let her in, and write it down."""
        note("user.signed_in", who=_user(form.get_user()))
        return super().form_valid(form)


class OwnPassword(PasswordChangeView):
    """One's own password."""

    template_name = "office/password.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Keep the new one, and write down that it is new."""
        note("user.password_changed", who=_user(form.user))
        tell(self.request, "Your new password is kept. Use it the next time you sign in.")
        return super().form_valid(form)


sign_in = open_to_all(SignIn.as_view())
password = screen(*Role, methods=("GET", "HEAD", "POST"))(OwnPassword.as_view())


@open_to_all
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out, and back to the door."""
    if isinstance(request.user, User):
        note("user.signed_out", who=request.user)
    logout(request)
    return redirect("sign-in")


def locked_out(request: HttpRequest, *_: Any) -> HttpResponse:
    """Too many tries: the same words whether the name is known or not."""
    return render(request, "office/locked_out.html", status=429)


def _user(found: Any) -> User:
    assert isinstance(found, User)
    return found
