"""Exchanges with a service, written as files while they happen."""
