"""Clients by which the contract tests are tested: correct ones in different idioms, and ones with a single bug."""
