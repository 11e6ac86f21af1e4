"""Exchanges as files: read, written, with references in place of what differs each time, compared."""
