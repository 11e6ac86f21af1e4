"""The live service's hosts, and where each of them is served on our one port.

Sources: platform.minimax.io and platform.minimaxi.com (API hosts), recorded image URLs (object store), the sources of
fal-client and @fal-ai/client (fal's hosts, its backup domains among them), aigateway.sh (gateway and media host).
"""

from __future__ import annotations

LIVE_HOSTS: dict[str, str] = {
    "api.minimax.io": "",
    "api.minimaxi.com": "",
    "api.minimax.cn": "",
    "hailuo-image-algeng-data-us.oss-us-east-1.aliyuncs.com": "/oss",
    "hailuo-image-algeng-data.oss-cn-wulanchabu.aliyuncs.com": "/oss",
    "fal.run": "/fal/run",
    "queue.fal.run": "/fal/queue",
    "rest.fal.ai": "/fal/rest",
    "v3.fal.media": "/fal/cdn",
    "fal.ai": "/fal/site",
    "falrun.com": "/fal/run",
    "queue.falrun.com": "/fal/queue",
    "rest.alpha.fal.ai": "/fal/rest",
    "v3b.fal.media": "/fal/cdn",
    "api.aigateway.sh": "/openai",
    "media.aigateway.sh": "/openai/media",
}
"""Host → prefix of its paths on our port. Of several hosts with one prefix, URLs of ours name the first."""

HOST_OF: dict[str, str] = {prefix: host for host, prefix in reversed(LIVE_HOSTS.items())}
"""Prefix → host that our URLs name when the client came by a live host."""
