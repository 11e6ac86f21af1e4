"""The ways to drive a client."""
