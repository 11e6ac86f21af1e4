"""How fast and how small the emulator is, beside its peers: ``python -m benchmarks`` (Linux, two cores, wrk, Node)."""
