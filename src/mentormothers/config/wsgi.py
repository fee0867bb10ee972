"""Where granian finds the server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentormothers.config.settings")
application = get_wsgi_application()

from mentormothers.config.guard import check_may_start  # noqa: E402  # needs Django set up

check_may_start()
