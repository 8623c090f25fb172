"""Addresses of sign-in and one's own account: those views of django-allauth that we want, under our words for them.

Signing up, changing the e-mail address and linking accounts are not here: an administrator does the first two, and
nobody needs the third.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as code_app
from allauth.mfa.webauthn import views as security_key
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/code/", second_factor.authenticate, name="mfa_authenticate"),
    path("sign-out/", account.logout, name="account_logout"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("confirm/code/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("confirm/key/", security_key.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/forgotten/", account.password_reset, name="account_reset_password"),
    path("password/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/new/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("second-factor/", second_factor.index, name="mfa_index"),
    path("second-factor/app/", code_app.activate_totp, name="mfa_activate_totp"),
    path("second-factor/app/remove/", code_app.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-factor/codes/file/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("second-factor/keys/", security_key.list_webauthn, name="mfa_list_webauthn"),
    path("second-factor/keys/add/", security_key.add_webauthn, name="mfa_add_webauthn"),
    path("second-factor/keys/<int:pk>/", security_key.edit_webauthn, name="mfa_edit_webauthn"),
    path("second-factor/keys/<int:pk>/remove/", security_key.remove_webauthn, name="mfa_remove_webauthn"),
]

if settings.OIDC_SERVER:
    from allauth.socialaccount import views as provider

    urlpatterns += [
        path("provider/cancelled/", provider.login_cancelled, name="socialaccount_login_cancelled"),
        path("provider/error/", provider.login_error, name="socialaccount_login_error"),
        path("provider/", include("allauth.socialaccount.providers.openid_connect.urls")),
    ]
