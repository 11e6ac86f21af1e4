"""Programs that drive published clients over the stdio protocol of docs/adapters.md, each in the client's own home."""
