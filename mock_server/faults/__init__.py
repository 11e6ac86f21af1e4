"""Faults: everything that can go wrong between a client and the service, made to go wrong on demand."""
