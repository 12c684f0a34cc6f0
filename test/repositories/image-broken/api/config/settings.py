"""Settings of the service."""

LOG_LEVEL = "info"
