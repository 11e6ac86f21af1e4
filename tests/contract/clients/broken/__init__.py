"""Clients with exactly one bug each, by the property that they break. `corpus.BROKEN` lists them all."""
