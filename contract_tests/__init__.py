"""Contract tests for clients of the MiniMax image generation API."""
