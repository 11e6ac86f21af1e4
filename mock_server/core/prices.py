"""What an image costs on each face, in millionths of a US dollar.

Sources: the official price page (``image-01``, pay as you go), the model's page on fal.ai and on aigateway.sh (both
"$0.01 per image", whatever the model behind it).
"""

from __future__ import annotations

from mock_server.core.models import MODELS

FAL_MICRO_USD = 10_000
GATEWAY_MICRO_USD = 10_000

PRICE_MICRO_USD: dict[str, dict[str, int]] = {
    "minimax": {model.name: model.price_micro_usd for model in MODELS.values()},
    "fal": dict.fromkeys(MODELS, FAL_MICRO_USD),
    "openai": dict.fromkeys(MODELS, GATEWAY_MICRO_USD),
}
"""Face → model → price of one image."""
