# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Django site around a SCIM server, as a process of its own: ``python -m servers.django_project django_scim TOKEN``.

It prints its base URL, then obeys: each line on its standard input empties the database, and is answered with a line; at the end of the
input it ends. The database is in memory, and one request is answered at a time.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable
from threading import Lock
from typing import TYPE_CHECKING, Any

from .serving import Server, wsgi

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication

ROOT = "/scim/v2"
SCHEMES = [{"type": "oauthbearertoken", "name": "Bearer", "description": "A token of the test's own"}]
SITES: dict[str, dict[str, Any]] = {
    "django_scim": {
        "INSTALLED_APPS": ["django.contrib.contenttypes", "django.contrib.auth", "servers.django_people", "django_scim"],
        "AUTH_USER_MODEL": "django_people.User",
        "SCIM_SERVICE_PROVIDER": {
            "NETLOC": "localhost",
            "SCHEME": "http",
            "AUTHENTICATION_SCHEMES": SCHEMES,
            "GROUP_MODEL": "servers.django_people.models.Group",
        },
    },
    "django_scim2_server": {"INSTALLED_APPS": ["django.contrib.contenttypes", "django.contrib.auth", "django_scim2_server"]},
}
urlpatterns: list[Any] = []  # this module is the site's ROOT_URLCONF


def configure(site: str) -> None:
    """Settings, tables and routes."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    memory = {"ENGINE": "django.db.backends.sqlite3", "NAME": "file:people?mode=memory&cache=shared"}
    settings.configure(
        **SITES[site],
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": memory},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        LOGGING_CONFIG=None,
        MIDDLEWARE=[f"{__name__}.authenticated"],
        MIGRATION_MODULES={app.rpartition(".")[2]: None for app in SITES[site]["INSTALLED_APPS"]},
        ROOT_URLCONF=__name__,
        SECRET_KEY="of a test",
        USE_TZ=True,
    )
    django.setup()
    logging.disable(logging.CRITICAL)
    call_command("migrate", run_syncdb=True, verbosity=0)
    from django.urls import include, path

    urlpatterns.append(path(f"{ROOT[1:]}/", include(f"{site}.urls")))


def authenticated(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A middleware: who has the token is the administrator, anybody else is nobody."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import AnonymousUser

    def answer(request: Any) -> Any:
        known = request.headers.get("Authorization") == f"Bearer {sys.argv[2]}"
        request.user = get_user_model()(username="administrator", is_superuser=True) if known else AnonymousUser()
        return get_response(request)

    return answer


def one_at_a_time(application: WSGIApplication) -> WSGIApplication:
    """A database in memory that is shared by threads has no transactions that could wait for each other."""
    lock = Lock()

    def answer(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        with lock:
            answered: Any = application(environ, start_response)
            try:
                return [b"".join(answered)]
            finally:
                answered.close()

    return answer


class Site(Server):
    root = ROOT


def main() -> None:
    configure(sys.argv[1])
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    with Site(wsgi(one_at_a_time(get_wsgi_application()))) as site:
        print(site.url, flush=True)
        for _line in sys.stdin:
            call_command("flush", interactive=False, verbosity=0)
            print("empty", flush=True)


if __name__ == "__main__":
    sys.modules["servers.django_project"] = sys.modules[__name__]  # Django finds the settings' names in what runs already
    main()
