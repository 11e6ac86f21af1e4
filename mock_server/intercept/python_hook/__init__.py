"""The start-up hook for Python programs: this folder goes on their ``PYTHONPATH``."""
