"""How gunicorn serves the product: threads, so that a slow phone holds no process."""

import os

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("TOTEM_WORKERS", "2"))
threads = int(os.environ.get("TOTEM_THREADS", "8"))
graceful_timeout = 5
timeout = 60
keepalive = 5
control_socket_disable = True
limit_request_line = 8190
accesslog = None
