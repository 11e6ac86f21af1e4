"""MiniMax's own dialect: ``POST /v1/image_generation``."""
