"""Where granian finds the server: Django's answers in a few threads, and the front before them."""

import os
from typing import cast

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp
from django.core.wsgi import get_wsgi_application

from mentormothers.config.front import Application, Front

THREADS = 8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentormothers.config.settings")
_django = cast(WSGIApp, get_wsgi_application())

from mentormothers.config.guard import check_may_start  # noqa: E402  # needs Django set up

check_may_start()

# A queue without end for each answer: a slow reader holds memory, bounded by the answer, and no thread.
application = Front(cast(Application, WSGIMiddleware(_django, workers=THREADS, send_queue_size=0)))
