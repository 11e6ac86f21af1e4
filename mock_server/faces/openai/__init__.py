"""OpenAI-compatible, as AIgateway serves MiniMax's image model."""
